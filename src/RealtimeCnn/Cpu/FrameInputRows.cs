using RealtimeCnn.Images;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Rows made of the bytes of the run's frame.</summary>
internal readonly unsafe struct FrameInputRows : IInputRows
{
    /// <summary>Whether zeros are what lies over the edges, and the picture begins within what windows see.</summary>
    public static bool Fits(in ConvolutionGeometry g) => g.Left >= 0 && (g.PaddingMode == PaddingMode.Zero || g.Reach.IsNone);

    public static void Read(CpuArguments* arguments, in ConvolutionGeometry g, int n, int row, int pitch, float* to, float* work)
    {
        int start = Math.Min(g.Left, pitch), count = Math.Min(g.InWidth, pitch - start), end = start + count;
        for (int channel = 0; channel < g.InChannels; channel++)
        {
            new Span<float>(to + (channel * (nint)pitch), start).Clear();
            new Span<float>(to + (channel * (nint)pitch) + end, pitch - end).Clear();
        }

        FramePlanes.WriteRow(in arguments->Run->Frame, row, count, to + start, pitch, work);
    }
}
