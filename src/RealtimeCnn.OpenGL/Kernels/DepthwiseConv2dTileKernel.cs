using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Depthwise convolutions of the usual kernels by tiles: an invocation computes several pixels of one vec4 of channels, so that
/// neighbouring windows share what they read. DepthwiseConv2dKernel is its plain twin.
/// </summary>
internal static class DepthwiseConv2dTileKernel
{
    // Of larger tensors the shader cannot tell plane and row of a tile.
    private const int MostElements = 1 << 24, MostRows = 1 << 20;

    private static readonly (int Rows, int Columns, int Group)[]
        GpuTiles = [(4, 1, 64), (7, 1, 64), (4, 2, 64)], SoftwareTiles = [(4, 4, 8), (7, 2, 8), (7, 1, 8)], SmallSoftwareTiles = [(7, 2, 8), (4, 4, 8), (7, 1, 8)];

    /// <summary>One filter a channel, 3×3 or 5×5, stride 1 or 2, no dilation, zeros over the border.</summary>
    public static bool Fits(DepthwiseConv2d layer, LayerCall call)
    {
        var y = call.Output.Shape;
        return layer is { Multiplier: 1, PaddingMode: PaddingMode.Zero, Kernel: { Height: 3 or 5 }, Stride: { Height: 1 or 2 } }
            && layer.Kernel.Width == layer.Kernel.Height && layer.Stride.Width == layer.Stride.Height && layer.Dilation == 1
            && y.Count is > 0 and <= MostElements && y.Height <= MostRows;
    }

    public static Dispatch[] Plan(DepthwiseConv2d layer, LayerCall call, DeviceProfile profile)
    {
        var y = call.Output.Shape;
        var (rows, columns, group) = Tile(y.Height, layer.Stride.Height, profile);
        int across = (y.Width + columns - 1) / columns, down = (y.Height + rows - 1) / rows;
        return
        [
            ConvolutionParams.Of(layer, call).PlanTiles(
                "layers/depthwise_conv2d_tile.comp", Dispatch.Flat(Cost.Product(across, down, BlockedLayout.Blocks(layer.Channels, GpuKernels.Block), y.Batch)),
                [$"KERNEL {layer.Kernel.Height}", $"STRIDE {layer.Stride.Height}", $"TILE_ROWS {rows}", $"TILE_COLUMNS {columns}", $"TILE_GROUP {group}"],
                ConvolutionParams.Reads(layer, call, DepthwiseConv2dKernel.PackWeights(layer, call))),
        ];
    }

    /// <summary>Nanoseconds of all pictures on software OpenGL.</summary>
    public static double SoftwareCost(DepthwiseConv2d layer, LayerCall call, DeviceProfile profile)
    {
        // Of eight lanes: to multiply a vec4 with another and add.
        const double Tap = 6;
        var y = call.Output.Shape;
        var (rows, columns, _) = Tile(y.Height, layer.Stride.Height, profile);
        double reads = (((rows - 1) * layer.Stride.Height) + layer.Kernel.Height) * (((columns - 1) * layer.Stride.Width) + layer.Kernel.Width);
        double tile = (reads * TileRule.Read) + (rows * columns * ((layer.Kernel.Height * layer.Kernel.Width * Tap) + TileRule.Store));
        return Cost.Product((y.Height + rows - 1) / rows, (y.Width + columns - 1) / columns, BlockedLayout.Blocks(layer.Channels, GpuKernels.Block), y.Batch) / (double)TileRule.SoftwareLanes * tile;
    }

    /// <summary>
    /// Rows and columns of a tile, and invocations of a work group: tall and wide where a CPU does the device's work, which stores and
    /// reads eight lanes slowly, narrow where lanes of a GPU lie side by side. Measured on llvmpipe.
    /// </summary>
    /// <param name="height">Of the output, in pixels.</param>
    /// <param name="stride">From one window to the next: windows that share little need no wide tile.</param>
    /// <param name="profile">The device.</param>
    internal static (int Rows, int Columns, int Group) Tile(int height, int stride, DeviceProfile profile) =>
        (!profile.IsSoftware ? GpuTiles : height <= 28 || stride > 1 ? SmallSoftwareTiles : SoftwareTiles)[profile.TileRank];
}
