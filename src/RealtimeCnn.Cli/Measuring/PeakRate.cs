using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Cli.Measuring;

/// <summary>
/// What this machine computes at most while it is measured: fused multiply-adds on registers alone, in the widest vectors it prefers.
/// A convolution that is bound by arithmetic comes close; one that is bound by memory does not.
/// </summary>
internal static class PeakRate
{
    private const int Rounds = 50, StepsBetweenLooks = 1 << 12, Sums = 12;

    // Shorter than what a busy system gives a thread at a time.
    private static readonly TimeSpan RoundLength = TimeSpan.FromMilliseconds(2);

    /// <summary>The best of some short rounds, in 10⁹ floating-point operations a second; a multiply-add is two.</summary>
    /// <param name="threads">Threads that compute at the same time.</param>
    public static double MeasureGflops(int threads)
    {
        using var start = new Barrier(threads);
        var rounds = new (long Start, long End, long Operations)[Rounds, threads];
        Thread[] all = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                start.SignalAndWait();
                rounds[round, number] = RunRound();
            }
        }))];
        foreach (var thread in all)
            thread.Start();
        foreach (var thread in all)
            thread.Join();
        return Enumerable.Range(0, Rounds).Max(round =>
        {
            // From the first that began to the last that ended: what was not computed at the same time does not count as that.
            var parts = Enumerable.Range(0, threads).Select(number => rounds[round, number]).ToList();
            return parts.Sum(part => part.Operations) / Stopwatch.GetElapsedTime(parts.Min(part => part.Start), parts.Max(part => part.End)).TotalSeconds / 1e9;
        });
    }

    private static (long Start, long End, long Operations) RunRound()
    {
        long start = Stopwatch.GetTimestamp(), end, operations = 0;
        do
        {
            operations += Vector512.IsHardwareAccelerated ? Run<Lanes512, Vector512<float>>()
                : Vector256.IsHardwareAccelerated ? Run<Lanes256, Vector256<float>>()
                : Run<Lanes128, Vector128<float>>();
            end = Stopwatch.GetTimestamp();
        }
        while (Stopwatch.GetElapsedTime(start, end) < RoundLength);
        return (start, end, operations);
    }

    // Twelve sums that do not wait for each other hide the latency of two units, and fit into 16 registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Run<TLanes, TVector>()
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        TVector factor = TLanes.All(0.5f), a = factor, b = factor, c = factor, d = factor, e = factor, f = factor, g = factor, h = factor, i = factor, j = factor, k = factor, l = factor;
        for (int step = 0; step < StepsBetweenLooks; step++)
        {
            a = TLanes.MultiplyAdd(a, factor, factor);
            b = TLanes.MultiplyAdd(b, factor, factor);
            c = TLanes.MultiplyAdd(c, factor, factor);
            d = TLanes.MultiplyAdd(d, factor, factor);
            e = TLanes.MultiplyAdd(e, factor, factor);
            f = TLanes.MultiplyAdd(f, factor, factor);
            g = TLanes.MultiplyAdd(g, factor, factor);
            h = TLanes.MultiplyAdd(h, factor, factor);
            i = TLanes.MultiplyAdd(i, factor, factor);
            j = TLanes.MultiplyAdd(j, factor, factor);
            k = TLanes.MultiplyAdd(k, factor, factor);
            l = TLanes.MultiplyAdd(l, factor, factor);
        }

        // One value and one call: values that live across a call would be stored in every step.
        a = TLanes.MultiplyAdd(TLanes.MultiplyAdd(a, b, c), TLanes.MultiplyAdd(d, e, f), TLanes.MultiplyAdd(g, h, i));
        Keep(TLanes.MultiplyAdd(a, j, TLanes.MultiplyAdd(k, l, l)));
        return 2L * StepsBetweenLooks * Sums * Unsafe.SizeOf<TVector>() / sizeof(float);
    }

    // A call that the compiler cannot look into: what it gets has to be computed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep<TVector>(TVector value)
        where TVector : struct
    {
    }

    /// <summary>Vectors of one width.</summary>
    private interface ILanes<TVector>
        where TVector : struct
    {
        static abstract TVector All(float value);

        static abstract TVector MultiplyAdd(TVector x, TVector factor, TVector summand);
    }

    private readonly struct Lanes512 : ILanes<Vector512<float>>
    {
        public static Vector512<float> All(float value) => Vector512.Create(value);

        public static Vector512<float> MultiplyAdd(Vector512<float> x, Vector512<float> factor, Vector512<float> summand) => Vector512.MultiplyAddEstimate(x, factor, summand);
    }

    private readonly struct Lanes256 : ILanes<Vector256<float>>
    {
        public static Vector256<float> All(float value) => Vector256.Create(value);

        public static Vector256<float> MultiplyAdd(Vector256<float> x, Vector256<float> factor, Vector256<float> summand) => Vector256.MultiplyAddEstimate(x, factor, summand);
    }

    private readonly struct Lanes128 : ILanes<Vector128<float>>
    {
        public static Vector128<float> All(float value) => Vector128.Create(value);

        public static Vector128<float> MultiplyAdd(Vector128<float> x, Vector128<float> factor, Vector128<float> summand) => Vector128.MultiplyAddEstimate(x, factor, summand);
    }
}
