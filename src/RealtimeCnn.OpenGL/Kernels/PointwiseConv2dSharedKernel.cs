using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Dense convolutions of 1×1 by work groups whose invocations share what they read: for GPUs, whose shared memory is many times faster
/// than their caches. Software OpenGL has none, and waits at every barrier. Conv2dKernel is its plain twin.
/// </summary>
internal static class PointwiseConv2dSharedKernel
{
    // Of a group, as in the shader.
    private const int GroupPixels = 64, GroupBlocks = 8, Group = 128;

    /// <summary>Whether a group has work for nearly all of its invocations, over a sum long enough for what is shared.</summary>
    public static bool Pays(ConvolutionLayer layer, LayerCall call) =>
        call.Output.Shape.Area >= GroupPixels && Blocks(layer.OutChannels) >= GroupBlocks && Blocks(layer.InChannels) >= GroupBlocks;

    public static Dispatch[] Plan(ConvolutionLayer layer, LayerCall call)
    {
        var y = call.Output.Shape;
        var groups = new Extent3d((y.Area + GroupPixels - 1) / GroupPixels, (Blocks(layer.OutChannels) + GroupBlocks - 1) / GroupBlocks, y.Batch);
        return
        [
            ConvolutionParams.Of(layer, call).PlanTiles(
                "layers/pointwise_conv2d_shared.comp", groups, [$"TILE_GROUP {Group}"],
                ConvolutionParams.Reads(layer, call, Conv2dKernel.PackWeights(layer, call, dense: true))) with { ByGroups = true },
        ];
    }

    private static int Blocks(int channels) => BlockedLayout.Blocks(channels, GpuKernels.Block);
}
