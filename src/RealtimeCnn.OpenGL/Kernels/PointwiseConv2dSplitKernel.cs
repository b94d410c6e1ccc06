using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Dense convolutions of 1×1 over few pixels by work groups whose parts each add a share of the channels: for graphics cards, which a plane
/// of 7×7 or 14×14 pixels would otherwise leave idle. Software OpenGL waits at every barrier. Conv2dKernel is its plain twin.
/// </summary>
internal static class PointwiseConv2dSplitKernel
{
    // Of a group, as in the shader.
    private const int GroupPixels = 32, GroupBlocks = 8, Group = 128;

    // Vec4s of channels that a group takes at once, all parts together, and of its loops' turns for each of them, from above.
    private const int Slab = 8, TurnsOfSlab = 16;

    // Planes that are few tiles of other kernels; sums that are long enough to be shared.
    private const int MostPixels = 14 * 14, FewestTurns = 16, ManyTurns = 64;

    /// <summary>What <see cref="PointwiseConv2dTileKernel"/> computes, where loops over a part of the channels are short enough.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) =>
        PointwiseConv2dTileKernel.Fits(layer, call) && (long)Blocks(layer.InChannels) / Slab * TurnsOfSlab <= Lanes.MostTurns;

    /// <summary>A graphics card, few pixels, and channels enough for all invocations of a group.</summary>
    public static bool Pays(ConvolutionLayer layer, LayerCall call, DeviceProfile profile) =>
        profile.Kind == ProfileKind.Discrete && call.Output.Shape.Area <= MostPixels && Blocks(layer.OutChannels) >= GroupBlocks && Blocks(layer.InChannels) >= FewestTurns;

    public static Dispatch[] Plan(ConvolutionLayer layer, LayerCall call)
    {
        var y = call.Output.Shape;
        var groups = new Extent3d((y.Area + GroupPixels - 1) / GroupPixels, (Blocks(layer.OutChannels) + GroupBlocks - 1) / GroupBlocks, y.Batch);
        int parts = Blocks(layer.InChannels) >= ManyTurns ? 4 : 2;
        return
        [
            ConvolutionParams.Of(layer, call).PlanTiles(
                "layers/pointwise_conv2d_split.comp", groups, [$"TILE_GROUP {Group}", $"SPLIT {parts}"],
                ConvolutionParams.Reads(layer, call, Conv2dKernel.PackWeights(layer, call, dense: true))) with { ByGroups = true },
        ];
    }

    private static int Blocks(int channels) => BlockedLayout.Blocks(channels, GpuKernels.Block);
}
