using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using RealtimeCnn.Cpu;

namespace RealtimeCnn.Images;

/// <summary>
/// Rows of a frame, weighed and added up pixel by pixel: <c>sum[x, c] = Σₖ weight[k] · colour(x, row + k, c)</c>, colours from 0 to 255.
/// </summary>
/// <remarks>Reads vectors of 16 and 32 bytes, none of which leaves the frame. Each sum is made in the order of the rows, whatever vector it falls into.</remarks>
internal static unsafe class FrameBlend
{
    /// <summary>Pixels that are blended together: from so many on there is nothing to be done one by one.</summary>
    public const int Pixels = Lanes.Count;

    private const int Unrolled = 4 * Lanes.Count;

    /// <summary>Of formats whose bytes are colours: the samples of a pixel side by side, as they are stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Samples(in FrameRows frame, int row, float* weights, int taps, int column, int count, float* sums)
    {
        nint pitch = frame.Pitch;
        byte* from = frame.Pixels + (row * pitch) + ((nint)column * frame.Stride);
        int i = 0, samples = count * frame.Stride;
        for (; i <= samples - Unrolled; i += Unrolled)
        {
            Vector512<float> a = default, b = default, c = default, d = default;
            byte* p = from + i;
            for (int k = 0; k < taps; k++, p += pitch)
            {
                var weight = Vector512.Create(weights[k]);
                a = Vector512.MultiplyAddEstimate(Bytes.Load(p, 0), weight, a);
                b = Vector512.MultiplyAddEstimate(Bytes.Load(p, 1), weight, b);
                c = Vector512.MultiplyAddEstimate(Bytes.Load(p, 2), weight, c);
                d = Vector512.MultiplyAddEstimate(Bytes.Load(p, 3), weight, d);
            }

            a.Store(sums + i);
            b.Store(sums + i + Lanes.Count);
            c.Store(sums + i + (2 * Lanes.Count));
            d.Store(sums + i + (3 * Lanes.Count));
        }

        while (i < samples)
        {
            if (samples >= Lanes.Count)
            {
                // The last vector reaches back over what is done.
                i = Math.Min(i, samples - Lanes.Count);
                var sum = Vector512<float>.Zero;
                for (int k = 0; k < taps; k++)
                    sum = Vector512.MultiplyAddEstimate(Bytes.Load(from + (k * pitch) + i, 0), Vector512.Create(weights[k]), sum);
                sum.Store(sums + i);
                i += Lanes.Count;
            }
            else
            {
                float sum = 0;
                for (int k = 0; k < taps; k++)
                    sum = float.MultiplyAddEstimate(from[(k * pitch) + i], weights[k], sum);
                sums[i++] = sum;
            }
        }
    }

    /// <summary>Of YUV: red, green, blue and 0 of each pixel. <paramref name="column"/> is even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Yuv<TLayout>(in FrameRows frame, int row, float* weights, int taps, int column, int count, float* sums)
        where TLayout : IYuvLayout
    {
        var zero = Vector512<float>.Zero;
        Vector512<float> full = Vector512.Create(255f), luma = Vector512.Create(frame.Yuv.Luma);
        Vector512<float> redV = Vector512.Create(frame.Yuv.RedV), greenU = Vector512.Create(frame.Yuv.GreenU), greenV = Vector512.Create(frame.Yuv.GreenV), blueU = Vector512.Create(frame.Yuv.BlueU);
        Vector512<float> red0 = Vector512.Create(frame.Yuv.Red), green0 = Vector512.Create(frame.Yuv.Green), blue0 = Vector512.Create(frame.Yuv.Blue);
        float* planes = stackalloc float[3 * Pixels];
        byte* few = stackalloc byte[4 * Pixels];
        nint pitch = frame.Pitch;
        byte* pixels = frame.Pixels, chromaPlane = pixels + (frame.Format.Height * pitch);
        for (int i = 0; i < count; i += Pixels)
        {
            // The last vector reaches back over what is done.
            i = Math.Max(Math.Min(i, count - Pixels), 0);
            Vector512<float> r = zero, g = zero, b = zero;
            for (int k = 0; k < taps; k++)
            {
                byte* samples = pixels + ((row + k) * pitch) + ((column + i) * TLayout.Bytes), colors = chromaPlane + (((row + k) >> 1) * pitch) + column + i;
                var (y, chroma) = count < Pixels ? TLayout.Load(samples, colors, count, few) : TLayout.Load(samples, colors);
                Vector512<float> u = Even(chroma), v = Odd(chroma), weight = Vector512.Create(weights[k]);
                var red = Vector512.MultiplyAddEstimate(y, luma, Vector512.MultiplyAddEstimate(v, redV, red0));
                var green = Vector512.MultiplyAddEstimate(y, luma, Vector512.MultiplyAddEstimate(v, greenV, Vector512.MultiplyAddEstimate(u, greenU, green0)));
                var blue = Vector512.MultiplyAddEstimate(y, luma, Vector512.MultiplyAddEstimate(u, blueU, blue0));
                r = Vector512.MultiplyAddEstimate(Lanes.Clamp(red, zero, full), weight, r);
                g = Vector512.MultiplyAddEstimate(Lanes.Clamp(green, zero, full), weight, g);
                b = Vector512.MultiplyAddEstimate(Lanes.Clamp(blue, zero, full), weight, b);
            }

            r.Store(planes);
            g.Store(planes + Pixels);
            b.Store(planes + (2 * Pixels));
            for (int x = 0; x < Pixels; x += 4)
            {
                var four = new Transposed(planes + x, 3, Pixels);
                float* to = sums + ((i + x) * 4);
                four.R0.Store(to);
                four.R1.Store(to + 4);
                four.R2.Store(to + 8);
                four.R3.Store(to + 12);
            }
        }
    }

    /// <summary>Each even lane twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Even(Vector512<float> value)
    {
        if (Avx512F.IsSupported)
            return Avx512F.DuplicateEvenIndexed(value);
        var even = value.AsUInt64() & Vector512.Create(0xffffffffUL);
        return (even | Vector512.ShiftLeft(even, 32)).AsSingle();
    }

    /// <summary>Each odd lane twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Odd(Vector512<float> value)
    {
        if (Avx512F.IsSupported)
            return Avx512F.DuplicateOddIndexed(value);
        var odd = Vector512.ShiftRightLogical(value.AsUInt64(), 32);
        return (odd | Vector512.ShiftLeft(odd, 32)).AsSingle();
    }
}
