using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Rows made of the bytes of the run's frame.</summary>
internal readonly unsafe struct FrameInputRows : IInputRows
{
    /// <summary>Whether zeros are what lies over the edges, and the picture begins within what windows see.</summary>
    public static bool Fits(in ConvolutionGeometry g) => g.Left >= 0 && (g.PaddingMode == PaddingMode.Zero || g.Reach.IsNone);

    public static void Read(CpuArguments* arguments, in ConvolutionGeometry g, int n, int row, int pitch, float* pixels)
    {
        int start = Math.Min(g.Left, pitch), count = Math.Min(g.InWidth, pitch - start), end = start + count;
        new Span<float>(pixels, start * g.InChannels).Clear();
        arguments->Run->Frame.Write(row, count, pixels + (start * g.InChannels));
        new Span<float>(pixels + (end * g.InChannels), (pitch - end) * g.InChannels).Clear();
    }
}
