using System.Runtime.CompilerServices;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Where the first layer gets the rows of its input.</summary>
internal unsafe interface IInputRows
{
    /// <summary>Writes a row as <c>[channel][column]</c>, from as many columns before its first one on as windows reach over.</summary>
    /// <param name="arguments">The kernel's.</param>
    /// <param name="g">The convolution.</param>
    /// <param name="n">Batch item.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="pitch">Columns to be written of each channel, with what lies over the edge.</param>
    /// <param name="to">Takes them.</param>
    /// <param name="work">Memory to make a frame's row in.</param>
    static abstract void Read(CpuArguments* arguments, in ConvolutionGeometry g, int n, int row, int pitch, float* to, float* work);
}

/// <summary>Rows of a tensor in row-major order.</summary>
internal readonly unsafe struct PlaneRows : IInputRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(CpuArguments* arguments, in ConvolutionGeometry g, int n, int row, int pitch, float* to, float* work)
    {
        float* x = arguments->Inputs[0] + ((((nint)n * g.InChannels * g.InHeight) + row) * g.InWidth);
        int start = Math.Clamp(g.Left, 0, pitch), end = Math.Clamp(g.Left + g.InWidth, start, pitch);
        for (int channel = 0; channel < g.InChannels; channel++, x += (nint)g.InHeight * g.InWidth, to += pitch)
        {
            FillEdge(x, in g, 0, start, to);
            new ReadOnlySpan<float>(x + start - g.Left, end - start).CopyTo(new Span<float>(to + start, end - start));
            FillEdge(x, in g, end, pitch, to);
        }
    }

    /// <summary>Columns one by one, with what lies over the edge.</summary>
    private static void FillEdge(float* x, in ConvolutionGeometry g, int first, int end, float* to)
    {
        for (int i = first; i < end; i++)
        {
            int source = Window.Source(i - g.Left, g.InWidth, g.PaddingMode);
            to[i] = source < 0 ? 0 : x[source];
        }
    }
}
