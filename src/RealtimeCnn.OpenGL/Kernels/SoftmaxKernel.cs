using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Softmax and its logarithm: over any axis row-major, and over channels as they lie.</summary>
internal static class SoftmaxKernel
{
    public static Dispatch[] Plan(SoftmaxLayer layer, LayerCall call, GlLimits limits)
    {
        var (outer, length, inner) = layer.Lines(call.Input.Shape);
        var constants = new Params(outer * inner, length, inner, layer is LogSoftmax ? 1 : 0, IndexDivisor.By(inner));
        // The largest, the sum (and its parts of 16), the quotients.
        int lanes = Lanes.For((3L * length) + (length / 8), limits);
        return [Dispatch.Shared("layers/softmax.comp", Dispatch.Bytes(constants), constants.Lines, lanes, $"{layer.GetType().Name} over {length} elements", Operand.Of(0))];
    }

    /// <summary>Along the channels of pixels, few enough for one invocation each.</summary>
    public static bool FitsChannels(SoftmaxLayer layer, LayerCall call) =>
        call.Input.Shape is { Rank: > 2, Count: > 0 } x && (layer.Axis == 1 || layer.Axis + x.Rank == 1) && Lanes.IsShort(4L * BlockedLayout.Blocks(x.Channels, GpuKernels.Block));

    public static Dispatch[] PlanChannels(SoftmaxLayer layer, LayerCall call)
    {
        var x = call.Input.Shape;
        var constants = new ChannelParams(x.Batch * x.Area, x.Channels, x.Area, layer is LogSoftmax ? 1 : 0, IndexDivisor.By(x.Area));
        return [new Dispatch("layers/softmax_channels.comp", Dispatch.Bytes(constants), Dispatch.Flat(constants.Count), Operand.Of(0))];
    }

    private readonly record struct ChannelParams(int Count, int Channels, int Area, int IsLogarithm, IndexDivisor ByArea);

    private readonly record struct Params(int Lines, int Extent, int Inner, int IsLogarithm, IndexDivisor ByInner);
}
