using System.Numerics;
using System.Runtime.InteropServices;

namespace RealtimeCnn.Teaching;

/// <summary>Sums over embeddings: eight lanes whatever the machine, so that it changes no bit.</summary>
internal static class Vectors
{
    /// <summary><c>Σ x[i]·y[i]</c>.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var (low, high) = (Vector4.Zero, Vector4.Zero);
        int whole = x.Length & ~7;
        var xs = MemoryMarshal.Cast<float, Vector4>(x[..whole]);
        var ys = MemoryMarshal.Cast<float, Vector4>(y[..whole]);
        for (int i = 0; i < xs.Length; i += 2)
        {
            low += xs[i] * ys[i];
            high += xs[i + 1] * ys[i + 1];
        }

        low += high;
        float sum = low.X + low.Y + low.Z + low.W;
        for (int i = whole; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary><c>Σ (x[i] − y[i])²</c>.</summary>
    public static float SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var (low, high) = (Vector4.Zero, Vector4.Zero);
        int whole = x.Length & ~7;
        var xs = MemoryMarshal.Cast<float, Vector4>(x[..whole]);
        var ys = MemoryMarshal.Cast<float, Vector4>(y[..whole]);
        for (int i = 0; i < xs.Length; i += 2)
        {
            Vector4 first = xs[i] - ys[i], second = xs[i + 1] - ys[i + 1];
            low += first * first;
            high += second * second;
        }

        low += high;
        float sum = low.X + low.Y + low.Z + low.W;
        for (int i = whole; i < x.Length; i++)
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        return sum;
    }

    /// <summary><c>y[i] += factor · x[i]</c>.</summary>
    public static void AddScaled(Span<float> y, ReadOnlySpan<float> x, float factor)
    {
        int whole = x.Length & ~3;
        var xs = MemoryMarshal.Cast<float, Vector4>(x[..whole]);
        var ys = MemoryMarshal.Cast<float, Vector4>(y[..whole]);
        for (int i = 0; i < xs.Length; i++)
            ys[i] += xs[i] * factor;
        for (int i = whole; i < x.Length; i++)
            y[i] += factor * x[i];
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
}
