using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>The largest of each group of channels.</summary>
internal static class MaxoutKernel
{
    public static Dispatch[] Plan(Maxout layer, LayerCall call, GlLimits limits)
    {
        var y = call.Output.Shape;
        var constants = new Params(ConvolutionParams.Vectors(call.Output), y.Channels, y.Area, layer.Pieces, IndexDivisor.By(y.Area), IndexDivisor.By(BlockedLayout.Blocks(y.Channels, GpuKernels.Block)));
        int lanes = Lanes.For(4L * (layer.Pieces + 2), limits);
        return [Dispatch.Shared("layers/maxout.comp", Dispatch.Bytes(constants), constants.Count, lanes, $"Maxout of {layer.Pieces} channels", Operand.Of(0))];
    }

    private readonly record struct Params(int Count, int Channels, int Area, int Pieces, IndexDivisor ByArea, IndexDivisor ByBlocks);
}
