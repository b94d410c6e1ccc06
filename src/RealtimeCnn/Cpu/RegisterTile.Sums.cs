using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RealtimeCnn.Cpu;

/// <summary>The sums, which stay in registers: the code knows how many there are.</summary>
internal unsafe partial struct RegisterTile
{
    /// <summary>Channels of a turn of the inner loop.</summary>
    private const int Unrolled = 4;

    private static readonly delegate*<RegisterTile*, int, void>[] Pairs =
    [
        &Compute<Rows1, Pair, Run>, &Compute<Rows2, Pair, Run>, &Compute<Rows3, Pair, Run>, &Compute<Rows4, Pair, Run>,
        &Compute<Rows5, Pair, Run>, &Compute<Rows6, Pair, Run>, &Compute<Rows7, Pair, Run>, &Compute<Rows8, Pair, Run>,
        &Compute<Rows1, Pair, Number>, &Compute<Rows2, Pair, Number>, &Compute<Rows3, Pair, Number>, &Compute<Rows4, Pair, Number>,
        &Compute<Rows5, Pair, Number>, &Compute<Rows6, Pair, Number>, &Compute<Rows7, Pair, Number>, &Compute<Rows8, Pair, Number>,
    ];

    private static readonly delegate*<RegisterTile*, int, void>[] Singles =
    [
        &Compute<Rows1, Single, Run>, &Compute<Rows2, Single, Run>, &Compute<Rows3, Single, Run>, &Compute<Rows4, Single, Run>,
        &Compute<Rows5, Single, Run>, &Compute<Rows6, Single, Run>, &Compute<Rows7, Single, Run>, &Compute<Rows8, Single, Run>,
        &Compute<Rows1, Single, Number>, &Compute<Rows2, Single, Number>, &Compute<Rows3, Single, Number>, &Compute<Rows4, Single, Number>,
        &Compute<Rows5, Single, Number>, &Compute<Rows6, Single, Number>, &Compute<Rows7, Single, Number>, &Compute<Rows8, Single, Number>,
    ];

    [MethodImpl(KernelCode.Optimized)]
    private static void Compute<TRows, TBlocks, TTap>(RegisterTile* tile, int tiles)
        where TRows : ICount
        where TBlocks : ICount
        where TTap : ITap
    {
        nint second = tile->WeightStride, step = tile->InputStep;
        for (; tiles > 0; tiles--)
        {
            Vector512<float> a0 = Vector512.Load(tile->Bias), b0 = TBlocks.Value == 2 ? Vector512.Load(tile->Bias + Lanes.Count) : a0;
            Vector512<float> a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, b1 = b0, b2 = b0, b3 = b0, b4 = b0, b5 = b0, b6 = b0, b7 = b0;
            float* w = tile->Weights, ahead = tile->Ahead;
            int* offset = tile->Offsets;
            for (int tap = tile->Taps; tap > 0; tap--)
            {
                float* block = tile->Input + *offset++;
                if (TTap.IsNumber)
                {
                    byte* q0 = (byte*)block, q3 = TRows.Value > 3 ? q0 + (3 * step) : q0, q6 = TRows.Value > 6 ? q3 + (3 * step) : q0;
                    Add(TRows.Value, TBlocks.Value, q0, q3, q6, step, w, second, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                    w += Lanes.Count;
                    continue;
                }

                for (int left = tile->Channels; left > 0; left -= tile->BlockLength, block += tile->BlockStride)
                {
                    for (int line = Sse.IsSupported ? tile->AheadLines : 0; line > 0; line--, ahead += Lanes.Count)
                    {
                        Sse.Prefetch1(ahead);
                        if (TBlocks.Value == 2)
                            Sse.Prefetch1(ahead + second);
                    }

                    if (Sse.IsSupported && left > tile->BlockLength)
                    {
                        // The pixels' next channels are in other pages, where hardware fetches nothing ahead.
                        byte* next = (byte*)(block + tile->BlockStride);
                        for (int row = 0; row < TRows.Value; row++, next += step)
                            Sse.Prefetch0(next);
                    }

                    byte* p0 = (byte*)block, p3 = TRows.Value > 3 ? p0 + (3 * step) : p0, p6 = TRows.Value > 6 ? p3 + (3 * step) : p0;
                    int channels = Math.Min(tile->BlockLength, left);
                    // Short loops end as predicted.
                    for (; channels >= Unrolled; channels -= Unrolled, w += Unrolled * Lanes.Count)
                    {
                        Add(TRows.Value, TBlocks.Value, p0, p3, p6, step, w, second, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                        Add(TRows.Value, TBlocks.Value, p0 + 4, p3 + 4, p6 + 4, step, w + Lanes.Count, second, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                        Add(TRows.Value, TBlocks.Value, p0 + 8, p3 + 8, p6 + 8, step, w + (2 * Lanes.Count), second, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                        Add(TRows.Value, TBlocks.Value, p0 + 12, p3 + 12, p6 + 12, step, w + (3 * Lanes.Count), second, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                        p0 += Unrolled * sizeof(float);
                        p3 += Unrolled * sizeof(float);
                        p6 += Unrolled * sizeof(float);
                    }

                    for (; channels > 0; channels--, w += Lanes.Count, p0 += sizeof(float), p3 += sizeof(float), p6 += sizeof(float))
                        Add(TRows.Value, TBlocks.Value, p0, p3, p6, step, w, second, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                }
            }

            Store<TRows>(tile, 0, 0, a0, a1, a2, a3, a4, a5, a6, a7);
            if (TBlocks.Value == 2)
                Store<TRows>(tile, tile->OutputStride, tile->ResidualStride, b0, b1, b2, b3, b4, b5, b6, b7);
            else if (TBlocks.Value == 0)
                Store<TRows>(tile, 8 * tile->OutputStep, 8 * tile->OutputStep, b0, b1, b2, b3, b4, b5, b6, b7);

            tile->Advance(TBlocks.Value == 0 ? 2 * TRows.Value : TRows.Value);
        }
    }

    /// <summary>Adds the products of one channel to the sums of all pixels. How many, and of how many blocks, is constant where this is inlined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        int rows, int blocks, byte* p0, byte* p3, byte* p6, nint step, float* w, nint second,
        ref Vector512<float> a0, ref Vector512<float> a1, ref Vector512<float> a2, ref Vector512<float> a3,
        ref Vector512<float> a4, ref Vector512<float> a5, ref Vector512<float> a6, ref Vector512<float> a7,
        ref Vector512<float> b0, ref Vector512<float> b1, ref Vector512<float> b2, ref Vector512<float> b3,
        ref Vector512<float> b4, ref Vector512<float> b5, ref Vector512<float> b6, ref Vector512<float> b7)
    {
        var u = Vector512.Load(w);
        var v = blocks == 2 ? Vector512.Load(w + second) : u;
        Add(blocks, p0, step, u, v, ref a0, ref b0);
        if (rows > 1)
            Add(blocks, p0 + step, step, u, v, ref a1, ref b1);
        if (rows > 2)
            Add(blocks, p0 + (2 * step), step, u, v, ref a2, ref b2);
        if (rows > 3)
            Add(blocks, p3, step, u, v, ref a3, ref b3);
        if (rows > 4)
            Add(blocks, p3 + step, step, u, v, ref a4, ref b4);
        if (rows > 5)
            Add(blocks, p3 + (2 * step), step, u, v, ref a5, ref b5);
        if (rows > 6)
            Add(blocks, p6, step, u, v, ref a6, ref b6);
        if (rows > 7)
            Add(blocks, p6 + step, step, u, v, ref a7, ref b7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(int blocks, byte* value, nint step, Vector512<float> u, Vector512<float> v, ref Vector512<float> a, ref Vector512<float> b)
    {
        var x = Vector512.Create(*(float*)value);
        a = Lanes.MultiplyAdd(x, u, a);
        if (blocks == 2)
            b = Lanes.MultiplyAdd(x, v, b);
        else if (blocks == 0)
            b = Lanes.MultiplyAdd(Vector512.Create(*(float*)(value + (8 * step))), u, b);
    }

    /// <summary>Finishes and stores the sums of up to 8 pixels of one output block, so many floats from the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRows>(
        RegisterTile* tile, nint at, nint residualAt, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3,
        Vector512<float> s4, Vector512<float> s5, Vector512<float> s6, Vector512<float> s7)
        where TRows : ICount
    {
        float* y = tile->Output + at, residual = tile->Residual;
        nint step = tile->OutputStep;
        if (residual != null)
        {
            residual += residualAt;
            s0 += Vector512.Load(residual);
            if (TRows.Value > 1)
                s1 += Vector512.Load(residual + step);
            if (TRows.Value > 2)
                s2 += Vector512.Load(residual + (2 * step));
            if (TRows.Value > 3)
                s3 += Vector512.Load(residual + (3 * step));
            if (TRows.Value > 4)
                s4 += Vector512.Load(residual + (4 * step));
            if (TRows.Value > 5)
                s5 += Vector512.Load(residual + (5 * step));
            if (TRows.Value > 6)
                s6 += Vector512.Load(residual + (6 * step));
            if (TRows.Value > 7)
                s7 += Vector512.Load(residual + (7 * step));
        }

        // A bound that is first leaves NaN as it is.
        if (tile->Lower > float.NegativeInfinity)
        {
            var lower = Vector512.Create(tile->Lower);
            s0 = Lanes.Max(lower, s0);
            s1 = Lanes.Max(lower, s1);
            s2 = Lanes.Max(lower, s2);
            s3 = Lanes.Max(lower, s3);
            s4 = Lanes.Max(lower, s4);
            s5 = Lanes.Max(lower, s5);
            s6 = Lanes.Max(lower, s6);
            s7 = Lanes.Max(lower, s7);
        }

        if (tile->Upper < float.PositiveInfinity)
        {
            var upper = Vector512.Create(tile->Upper);
            s0 = Lanes.Min(upper, s0);
            s1 = Lanes.Min(upper, s1);
            s2 = Lanes.Min(upper, s2);
            s3 = Lanes.Min(upper, s3);
            s4 = Lanes.Min(upper, s4);
            s5 = Lanes.Min(upper, s5);
            s6 = Lanes.Min(upper, s6);
            s7 = Lanes.Min(upper, s7);
        }

        s0.Store(y);
        if (TRows.Value > 1)
            s1.Store(y + step);
        if (TRows.Value > 2)
            s2.Store(y + (2 * step));
        if (TRows.Value > 3)
            s3.Store(y + (3 * step));
        if (TRows.Value > 4)
            s4.Store(y + (4 * step));
        if (TRows.Value > 5)
            s5.Store(y + (5 * step));
        if (TRows.Value > 6)
            s6.Store(y + (6 * step));
        if (TRows.Value > 7)
            s7.Store(y + (7 * step));
    }

    /// <summary>What lies under a tap.</summary>
    private interface ITap
    {
        /// <summary>Whether it is one number, so that there is nothing to walk along.</summary>
        static abstract bool IsNumber { get; }
    }

    private readonly struct Number : ITap { public static bool IsNumber => true; }

    private readonly struct Run : ITap { public static bool IsNumber => false; }

    /// <summary>A number that the compiler of the running program knows.</summary>
    private interface ICount
    {
        static abstract int Value { get; }
    }

    private readonly struct Rows1 : ICount { public static int Value => 1; }

    private readonly struct Rows2 : ICount { public static int Value => 2; }

    private readonly struct Rows3 : ICount { public static int Value => 3; }

    private readonly struct Rows4 : ICount { public static int Value => 4; }

    private readonly struct Rows5 : ICount { public static int Value => 5; }

    private readonly struct Rows6 : ICount { public static int Value => 6; }

    private readonly struct Rows7 : ICount { public static int Value => 7; }

    private readonly struct Rows8 : ICount { public static int Value => 8; }

    private readonly struct Single : ICount { public static int Value => 1; }

    private readonly struct Pair : ICount { public static int Value => 2; }

    /// <summary>The sums of a second block are those of 8 more pixels of the first.</summary>
    private readonly struct Tall : ICount { public static int Value => 0; }
}
