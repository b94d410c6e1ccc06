using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Dense convolutions by tiles: an invocation computes several pixels of several vec4s of channels, so that what it reads serves
/// several sums. Conv2dKernel is its plain twin.
/// </summary>
internal static class Conv2dTileKernel
{
    // So many pixels of a plane are few: there are too few tiles for all processors, unless tiles are made of more channels.
    private const int FewPixels = 784;

    /// <summary>Dense, with a sum that one dispatch can walk, and planes of a few pixels at least.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call)
    {
        var y = call.Output.Shape;
        return layer.GroupCount == 1 && (long)y.Height * y.Width >= 4 && y.Batch <= ushort.MaxValue
            && SumPart.Cut(layer.Kernel.Height, layer.Kernel.Width, BlockedLayout.Blocks(layer.InChannels, GpuKernels.Block), 1).Take(2).Count() == 1;
    }

    public static Dispatch[] Plan(ConvolutionLayer layer, LayerCall call, bool isSoftware)
    {
        var y = call.Output.Shape;
        int pixels = y.Height * y.Width, blocks = BlockedLayout.Blocks(layer.OutChannels, GpuKernels.Block);
        var (tilePixels, tileBlocks, group) = Tile(pixels, blocks, isSoftware);
        var tiles = new Extent3d((pixels + tilePixels - 1) / tilePixels, blocks / tileBlocks, y.Batch);
        return ConvolutionParams.Of(layer, call).PlanTiles(
            "layers/conv2d_tile.comp", BlockedLayout.Blocks(layer.InChannels, GpuKernels.Block), tiles,
            [$"TILE_PIXELS {tilePixels}", $"TILE_BLOCKS {tileBlocks}", $"TILE_GROUP {group}", $"PADDED {(!ReachesOut(layer, call) ? 0 : layer.PaddingMode == PaddingMode.Zero ? 1 : 2)}"],
            layer.Activation, ConvolutionParams.Reads(layer, call, Conv2dKernel.PackWeights(layer, call, dense: true)));
    }

    /// <summary>
    /// Pixels and vec4s of channels of a tile, and invocations of a work group. On software OpenGL, whose vectors are eight lanes,
    /// a large tile spares reads; a GPU needs many invocations first.
    /// </summary>
    /// <param name="pixels">Of a plane of the output.</param>
    /// <param name="blocks">Vec4s of output channels.</param>
    /// <param name="isSoftware">Whether the CPU does the device's work.</param>
    internal static (int Pixels, int Blocks, int Group) Tile(int pixels, int blocks, bool isSoftware)
    {
        if (!isSoftware)
            return (4, blocks % 2 == 0 ? 2 : 1, 64);
        // Seven times eight lanes walk planes of 7, 14, 28, 56 and 112 rows without a rest.
        int tilePixels = pixels <= 32 ? 4 : 7;
        int tileBlocks = pixels <= FewPixels && blocks % 4 == 0 ? 4 : blocks % 3 == 0 && blocks % 2 != 0 ? 3 : blocks % 2 == 0 ? 2 : 1;
        return (tilePixels, tileBlocks, 8);
    }

    // Whether a window reads past its input, on any side.
    private static bool ReachesOut(ConvolutionLayer layer, LayerCall call)
    {
        var (x, y, padding) = (call.Input.Shape, call.Output.Shape, layer.PaddingFor(call.Input.Shape));
        return padding.Top > 0 || padding.Left > 0
            || ((y.Height - 1) * layer.Stride.Height) + ((layer.Kernel.Height - 1) * layer.Dilation.Height) >= x.Height
            || ((y.Width - 1) * layer.Stride.Width) + ((layer.Kernel.Width - 1) * layer.Dilation.Width) >= x.Width;
    }
}
