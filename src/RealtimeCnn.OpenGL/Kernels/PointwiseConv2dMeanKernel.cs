using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// A convolution of 1×1 and the mean of each of its channels as one dispatch: an invocation walks a plane and stores a mean where tiles
/// store pixels. The usual end of a network.
/// </summary>
internal static class PointwiseConv2dMeanKernel
{
    /// <summary>The two nodes that end with means of planes, or null.</summary>
    public static IReadOnlyList<Node>? Block(Node mean) => mean.Inputs is [{ Layer: ConvolutionLayer } convolution] ? [convolution, mean] : null;

    /// <summary>What <see cref="PointwiseConv2dTileKernel"/> computes, of planes that an invocation can walk.</summary>
    public static bool Fits(LayerCall call, DeviceProfile profile)
    {
        var (layer, between) = Convolution(call);
        if (!PointwiseConv2dTileKernel.Fits(layer, between) || call.Output.Shape.Count == 0 || (layer.AddsResidual && profile.Limits.ReadableTensors(ReadPath.Buffer) < ResidualApartKernel.ReadAtOnce))
            return false;
        var (pixels, blocks, turns) = PointwiseConv2dTileKernel.Size(layer, between);
        int tiles = (pixels / TileRule.OfMean(pixels, blocks, turns, profile).Pixels) + 1;
        return tiles * (2L + turns) <= Lanes.MostTurns;
    }

    /// <summary>Whether it takes less time on software OpenGL than two steps, with work for all threads; on GPUs that is not measured.</summary>
    public static bool Pays(LayerCall call, DeviceProfile profile)
    {
        if (!profile.IsSoftware)
            return false;
        var (layer, between) = Convolution(call);
        var (pixels, blocks, turns) = PointwiseConv2dTileKernel.Size(layer, between);
        var tile = TileRule.OfMean(pixels, blocks, turns, profile);
        return TileRule.MeanGroups(tile, blocks) * call.Output.Shape.Batch >= TileRule.LeastMeanGroups
            && TileRule.SoftwareMeanCost(tile, pixels, blocks, turns) < PointwiseConv2dTileKernel.SoftwareCost(layer, between) + TileRule.SoftwarePoolCost(1, blocks, pixels);
    }

    public static Dispatch[] Plan(LayerCall call, DeviceProfile profile)
    {
        var (layer, between) = Convolution(call);
        var (pixels, blocks, turns) = PointwiseConv2dTileKernel.Size(layer, between);
        var tile = TileRule.OfMean(pixels, blocks, turns, profile);
        return
        [
            ConvolutionParams.Of(layer, between).PlanTiles(
                "layers/pointwise_conv2d_mean.comp", tile.Count(1, blocks, call.Output.Shape.Batch), tile.Defines,
                ConvolutionParams.Reads(layer, between, Conv2dKernel.PackDenseWeights(layer, between, tile.ChannelsInStep))),
        ];
    }

    // Its convolution, and the call of this by itself.
    private static (ConvolutionLayer Layer, LayerCall Call) Convolution(LayerCall call)
    {
        var layer = (ConvolutionLayer)call.Nodes[0].Layer;
        return (layer, new LayerCall(call.Nodes[0], call.Inputs, new TensorInfo(layer.InferShape(call.Inputs.Map(input => input.Shape)), Layout.Blocked)));
    }
}
