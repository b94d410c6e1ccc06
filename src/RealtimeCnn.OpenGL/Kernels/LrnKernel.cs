using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Local response normalisation.</summary>
internal static class LrnKernel
{
    public static Dispatch[] Plan(Lrn layer, LayerCall call, GlLimits limits)
    {
        var x = call.Input.Shape;
        var constants = new Params(
            ConvolutionParams.Vectors(call.Output), x.Channels, x.Area, (layer.Size - 1) / 2, IndexDivisor.By(x.Area), IndexDivisor.By(BlockedLayout.Blocks(x.Channels, GpuKernels.Block)), layer.Size / 2,
            layer.Alpha / layer.Size, layer.Beta, layer.Bias);
        // Blocks of the window, and the four lanes of each.
        long turns = 6L * BlockedLayout.Blocks(Math.Min(layer.Size, x.Channels) + 6, GpuKernels.Block);
        // Each channel walks its whole window: beyond a plain group's reach there is no end to it.
        int lanes = Lanes.For(turns, limits);
        return [Dispatch.Shared("layers/lrn.comp", Dispatch.Bytes(constants), constants.Count, lanes <= Lanes.Group ? lanes : 0, $"Lrn over {Math.Min(layer.Size, x.Channels)} channels", Operand.Of(0))];
    }

    private readonly record struct Params(int Count, int Channels, int Area, int Before, IndexDivisor ByArea, IndexDivisor ByBlocks, int After, float Alpha, float Beta, float Bias);
}
