using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// A convolution by tiles of a row, and the pooling behind it, as one dispatch: only what is pooled is stored, which is a quarter of
/// the pixels, or less. The usual beginning of a network.
/// </summary>
internal static class ConvolutionPoolRowsKernel
{
    // Pooled rows that an invocation computes one after the other: of two parts of a plane that share a row of the convolution, each computes it.
    private const int MostRows = 8;

    // Pixels of the convolution that a tile has at most.
    private const int MostPixels = 15;

    /// <summary>What <see cref="Conv2dRowTileKernel.CanWalk"/> says, and square windows of 2 or 3 that share one row at most.</summary>
    public static bool Fits(PoolingLayer pool, LayerCall call)
    {
        var y = call.Output.Shape;
        var (convolution, between) = Convolution(call);
        int window = pool.Kernel.Height, stride = pool.Stride.Height;
        return window is 2 or 3 && pool.Kernel.Width == window && pool.Stride.Width == stride && window - stride is 0 or 1 && pool.Dilation == 1 && y.Count > 0
            && Conv2dRowTileKernel.CanWalk(convolution, between)
            && RowsOf(pool, MostRows) * (2 + (convolution.Kernel.Height * (2L + BlockedLayout.Blocks(convolution.InChannels, GpuKernels.Block)))) <= Lanes.MostTurns;
    }

    /// <summary>Whether it takes less time on software OpenGL than the fastest convolution with its pooling; on GPUs that is not measured.</summary>
    public static bool Pays(PoolingLayer pool, LayerCall call, DeviceProfile profile)
    {
        if (!profile.IsSoftware)
            return false;
        var (convolution, between) = Convolution(call);
        var (y, rows) = (call.Output.Shape, Window(pool, call, profile));
        double apart = y.Batch * TileRule.SoftwarePoolCost(y.Height * y.Width, BlockedLayout.Blocks(y.Channels, GpuKernels.Block), pool.Kernel.Height * pool.Kernel.Width)
            + WinogradKernel.LeastSoftwareCost(convolution, between, profile.Limits);
        return y.Batch * TileRule.SoftwareCost(Conv2dRowTileKernel.Window(convolution, between), rows) < apart;
    }

    /// <summary>As <see cref="Conv2dRowTileKernel"/>.</summary>
    public static LayoutChoice Formats(PoolingLayer pool, LayerCall call, DeviceProfile profile) =>
        Conv2dRowTileKernel.Formats((ConvolutionLayer)call.Nodes[0].Layer, call, Window(pool, call, profile).Tile.Pixels * pool.Stride.Width);

    public static Dispatch[] Plan(PoolingLayer pool, LayerCall call, DeviceProfile profile)
    {
        var (layer, between) = Convolution(call);
        var (row, rows) = (Conv2dRowTileKernel.Window(layer, between), Window(pool, call, profile));
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var (padding, around) = (layer.PaddingFor(x), pool.PaddingFor(between.Output.Shape));
        var constants = new Params(
            x.Channels, x.Height, x.Width, y.Channels, row.Height, row.Width, layer.Kernel.Height, layer.Stride.Height,
            padding.Top, padding.Left, layer.Dilation.Height, (int)layer.Activation.Function, layer.Activation.Alpha, layer.Activation.Beta, y.Height, y.Width,
            around.Top, around.Left, around.Bottom, around.Right, rows.Rows, pool is AveragePool2d { CountIncludePad: true } ? 1 : 0);
        return
        [
            new Dispatch(
                "layers/conv2d_pool_rows.comp", Dispatch.Bytes(constants), new Extent3d(rows.Across * rows.Parts, (row.Blocks + rows.Tile.Blocks - 1) / rows.Tile.Blocks, y.Batch),
                ConvolutionParams.Reads(layer, between, Conv2dKernel.PackWeights(layer, between, dense: true)))
            {
                Defines =
                [
                    $"TILE_OUTPUTS {rows.Tile.Pixels}", $"TILE_BLOCKS {rows.Tile.Blocks}", $"TILE_GROUP {rows.Tile.Group}",
                    .. Conv2dRowTileKernel.Defines(layer, between, around.Left),
                    $"AVERAGE {(pool is AveragePool2d ? 1 : 0)}", $"POOL {pool.Kernel.Height}", $"POOL_STRIDE {pool.Stride.Height}", $"ACTIVATION {(int)layer.Activation.Function}",
                    .. pool is MaxPool2d && Nonnegative.Is(layer.Activation) ? ["NONNEGATIVE 1"] : Array.Empty<string>(),
                ],
            },
        ];
    }

    // Its convolution, and the call of this by itself.
    private static (ConvolutionLayer Layer, LayerCall Call) Convolution(LayerCall call)
    {
        var layer = (ConvolutionLayer)call.Nodes[0].Layer;
        return (layer, new LayerCall(call.Nodes[0], call.Inputs, new TensorInfo(layer.InferShape([call.Input.Shape]), Layout.Blocked)));
    }

    private static PoolRows Window(PoolingLayer pool, LayerCall call, DeviceProfile profile)
    {
        var (y, window, stride) = (call.Output.Shape, pool.Kernel.Height, pool.Stride.Height);
        var (layer, between) = Convolution(call);
        var row = Conv2dRowTileKernel.Window(layer, between);
        var tile = profile.IsSoftware ? new ConvolutionTile(((MostPixels - window) / stride) + 1 >= 7 ? 7 : 4, layer.Kernel.Width == 1 ? 4 : 2, TileRule.SoftwareLanes) : new ConvolutionTile(1, 1, Lanes.Group);
        return profile.IsSoftware ? Enumerable.Range(0, MostRows).Select(fewer => Parts(MostRows - fewer)).MinBy(rows => TileRule.SoftwareCost(row, rows)) : Parts(1);

        PoolRows Parts(int most)
        {
            int parts = (y.Height + most - 1) / most, rows = (y.Height + parts - 1) / parts;
            return new PoolRows(tile, (y.Width + tile.Pixels - 1) / tile.Pixels, parts, rows, RowsOf(pool, rows), ((tile.Pixels - 1) * stride) + window);
        }
    }

    // Rows of the convolution under so many of the pooling.
    private static int RowsOf(PoolingLayer pool, int rows) => ((rows - 1) * pool.Stride.Height) + pool.Kernel.Height;

    private readonly record struct Params(
        int InChannels, int InHeight, int InWidth, int OutChannels, int OutHeight, int OutWidth, int KernelHeight, int StrideHeight,
        int Top, int Left, int DilationHeight, int Activation, float Alpha, float Beta, int PoolHeight, int PoolWidth,
        int PoolTop, int PoolLeft, int PoolBottom, int PoolRight, int Rows, int CountIncludePad);
}
