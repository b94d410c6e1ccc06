using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Where the first layer gets the rows of its input.</summary>
internal unsafe interface IInputRows
{
    /// <summary>Writes a row as <c>[column][channel]</c>, from as many columns before its first one on as windows reach over.</summary>
    /// <param name="arguments">The kernel's.</param>
    /// <param name="g">The convolution.</param>
    /// <param name="n">Batch item.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="pitch">Columns to be written, with what lies over the edge.</param>
    /// <param name="pixels">Takes them; up to three floats behind the last may be written.</param>
    static abstract void Read(CpuArguments* arguments, in ConvolutionGeometry g, int n, int row, int pitch, float* pixels);
}

/// <summary>Rows of a tensor in row-major order.</summary>
internal readonly unsafe struct PlaneRows : IInputRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(CpuArguments* arguments, in ConvolutionGeometry g, int n, int row, int pitch, float* pixels)
    {
        float* x = arguments->Inputs[0] + ((((nint)n * g.InChannels * g.InHeight) + row) * g.InWidth);
        nint plane = (nint)g.InHeight * g.InWidth;
        int start = Math.Clamp(g.Left, 0, pitch), end = Math.Clamp(g.Left + g.InWidth, start, pitch), whole = end - ((end - start) % 4);
        FillEdge(x, in g, 0, start, pixels);
        // From the last four channels to the first: what is written behind the last one is the next pixel's.
        for (int channel = (g.InChannels - 1) / 4 * 4; channel >= 0 && g.InChannels > 1; channel -= 4)
        {
            float* from = x + (channel * plane) + start - g.Left, to = pixels + (start * g.InChannels) + channel;
            for (int i = start; i < whole; i += 4, from += 4, to += 4 * g.InChannels)
            {
                var four = new Transposed(from, g.InChannels - channel, plane);
                four.R0.Store(to);
                four.R1.Store(to + g.InChannels);
                four.R2.Store(to + (2 * g.InChannels));
                four.R3.Store(to + (3 * g.InChannels));
            }
        }

        if (g.InChannels == 1)
            new ReadOnlySpan<float>(x + start - g.Left, whole - start).CopyTo(new Span<float>(pixels + start, whole - start));
        FillEdge(x, in g, whole, pitch, pixels);
    }

    /// <summary>Columns one by one, with what lies over the edge.</summary>
    private static void FillEdge(float* x, in ConvolutionGeometry g, int first, int end, float* pixels)
    {
        long plane = (long)g.InHeight * g.InWidth;
        for (int i = first; i < end; i++)
        {
            int source = Window.Source(i - g.Left, g.InWidth, g.PaddingMode);
            for (int k = 0; k < g.InChannels; k++)
                pixels[(i * g.InChannels) + k] = source < 0 ? 0 : x[(k * plane) + source];
        }
    }
}
