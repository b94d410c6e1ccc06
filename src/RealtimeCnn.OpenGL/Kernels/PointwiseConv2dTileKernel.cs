using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Dense convolutions of 1×1 by tiles: products of two matrices, in which no pixel has to know its row and column. Conv2dKernel is
/// its plain twin.
/// </summary>
internal static class PointwiseConv2dTileKernel
{
    /// <summary>1×1 with stride 1 and no padding, of what <see cref="Conv2dTileKernel"/> computes.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) =>
        layer.Kernel == 1 && layer.Stride == 1 && layer.PaddingFor(call.Input.Shape) == default && Conv2dTileKernel.Fits(layer, call);

    /// <summary>Nanoseconds of a picture on software OpenGL.</summary>
    public static double SoftwareCost(ConvolutionLayer layer, LayerCall call)
    {
        var (pixels, blocks, turns) = Size(layer, call);
        return TileRule.SoftwareMatrixCost(pixels, blocks, turns);
    }

    public static Dispatch[] Plan(ConvolutionLayer layer, LayerCall call, DeviceProfile profile)
    {
        var (pixels, blocks, turns) = Size(layer, call);
        var tile = TileRule.OfMatrix(pixels, blocks, turns, profile);
        return
        [
            ConvolutionParams.Of(layer, call).PlanTiles(
                "layers/pointwise_conv2d_tile.comp", tile.Count(pixels, blocks, call.Output.Shape.Batch), tile.Defines,
                ConvolutionParams.Reads(layer, call, Conv2dKernel.PackDenseWeights(layer, call, tile.ChannelsInStep))),
        ];
    }

    /// <summary>Pixels of a plane, vec4s of output channels, vec4s of inputs.</summary>
    public static (int Pixels, int Blocks, int Turns) Size(ConvolutionLayer layer, LayerCall call) => (
        call.Output.Shape.Height * call.Output.Shape.Width, BlockedLayout.Blocks(layer.OutChannels, GpuKernels.Block), BlockedLayout.Blocks(layer.InChannels, GpuKernels.Block));
}
