using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Teaching;

/// <summary>Sums over embeddings, in two runs of eight lanes on every machine, so that none changes a bit.</summary>
internal static class Vectors
{
    private const int Lanes = 8;

    /// <summary><c>Σ x[i]·y[i]</c>.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var (even, odd) = (Vector256<float>.Zero, Vector256<float>.Zero);
        int i = 0;
        for (; i <= x.Length - (2 * Lanes); i += 2 * Lanes)
        {
            even += At(x, i) * At(y, i);
            odd += At(x, i + Lanes) * At(y, i + Lanes);
        }

        float sum = Sum(even + odd);
        for (; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary><c>Σ (x[i] − y[i])²</c>.</summary>
    public static float SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var (even, odd) = (Vector256<float>.Zero, Vector256<float>.Zero);
        int i = 0;
        for (; i <= x.Length - (2 * Lanes); i += 2 * Lanes)
        {
            Vector256<float> first = At(x, i) - At(y, i), second = At(x, i + Lanes) - At(y, i + Lanes);
            even += first * first;
            odd += second * second;
        }

        float sum = Sum(even + odd);
        for (; i < x.Length; i++)
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        return sum;
    }

    /// <summary><c>Σ x[i]·y[i]</c>, in double precision.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sums = Vector256<double>.Zero;
        int i = 0;
        for (; i <= x.Length - (Lanes / 2); i += Lanes / 2)
            sums += Vector256.Create(x.Slice(i, Lanes / 2)) * Vector256.Create(y.Slice(i, Lanes / 2));
        double sum = sums[0] + sums[1] + sums[2] + sums[3];
        for (; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary><c>y[i] += factor · x[i]</c>.</summary>
    public static void AddScaled(Span<float> y, ReadOnlySpan<float> x, float factor)
    {
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
            (At(y, i) + (At(x, i) * factor)).CopyTo(y[i..]);
        for (; i < x.Length; i++)
            y[i] += factor * x[i];
    }

    /// <summary><c>x − y</c>.</summary>
    public static float[] Difference(float[] x, float[] y)
    {
        float[] difference = [.. x];
        AddScaled(difference, y, -1);
        return difference;
    }

    /// <summary>The mean of some embeddings.</summary>
    public static float[] Mean(IReadOnlyList<float[]> embeddings)
    {
        float[] mean = new float[embeddings[0].Length];
        foreach (float[] embedding in embeddings)
            AddScaled(mean, embedding, 1);
        foreach (ref float value in mean.AsSpan())
            value /= embeddings.Count;
        return mean;
    }

    private static Vector256<float> At(ReadOnlySpan<float> values, int i) => MemoryMarshal.Read<Vector256<float>>(MemoryMarshal.AsBytes(values.Slice(i, Lanes)));

    private static float Sum(Vector256<float> lanes) => lanes[0] + lanes[1] + lanes[2] + lanes[3] + lanes[4] + lanes[5] + lanes[6] + lanes[7];
}
