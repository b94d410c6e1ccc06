using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Dense convolutions of the usual windows by tiles of neighbours in a row: the columns of a window are written out, so that neighbours
/// share what they read, and each sum is taken up and put down once for all of them. Conv2dKernel is its plain twin.
/// </summary>
internal static class Conv2dRowTileKernel
{
    // Products of a sum that are written out: more no longer fit where processors keep their instructions.
    private const int MostProducts = 21;

    /// <summary>What <see cref="CanWalk"/> says, of windows of several columns: of one column, neighbours share nothing.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) => layer.Kernel.Width > 1 && CanWalk(layer, call);

    /// <summary>1, 3, 5 or 7 columns side by side, from one to the next by 1 or 2 and none left out, zeros over the border, of what <see cref="Conv2dTileKernel"/> computes.</summary>
    public static bool CanWalk(ConvolutionLayer layer, LayerCall call) =>
        layer.Kernel.Width is 1 or 3 or 5 or 7 && layer.Stride.Width is 1 or 2 && layer.Stride.Width <= layer.Kernel.Width && layer.Dilation.Width == 1
        && layer.PaddingMode == PaddingMode.Zero && Conv2dTileKernel.Fits(layer, call);

    /// <summary>Whether it takes less time on software OpenGL than tiles of a plane; on GPUs that is not measured.</summary>
    public static bool Pays(ConvolutionLayer layer, LayerCall call)
    {
        var window = Window(layer, call);
        return window.Kernel * window.Lanes <= MostProducts && TileRule.SoftwareCost(window) < Conv2dTileKernel.SoftwareCost(layer, call);
    }

    /// <summary>Nanoseconds of a picture on software OpenGL, by the best of these tiles, those of a plane and those of a matrix.</summary>
    public static double LeastSoftwareCost(ConvolutionLayer layer, LayerCall call) =>
        PointwiseConv2dTileKernel.Fits(layer, call) ? PointwiseConv2dTileKernel.SoftwareCost(layer, call)
        : Fits(layer, call) && Pays(layer, call) ? TileRule.SoftwareCost(Window(layer, call))
        : Conv2dTileKernel.SoftwareCost(layer, call);

    /// <summary>A row-major picture as it comes, where tiles begin alike in its vec4s of neighbours; else channel-blocked.</summary>
    public static LayoutChoice Formats(ConvolutionLayer layer, LayerCall call, DeviceProfile profile) =>
        Formats(layer, call, TileRule.OfRow(Window(layer, call), profile).Pixels);

    /// <summary>The same for tiles that lie so many pixels apart.</summary>
    public static LayoutChoice Formats(ConvolutionLayer layer, LayerCall call, int pixels)
    {
        bool isPlain = call.Input is { Layout: Layout.Plain, Element: ElementType.Float32 } && !layer.AddsResidual && layer.InChannels <= GpuKernels.Block
            && call.Input.Shape.Width % GpuKernels.Block == 0 && pixels * layer.Stride.Width % GpuKernels.Block == 0;
        return isPlain ? LayoutRules.BlockedAsStored(call) with { Inputs = Layout.Plain } : LayoutRules.BlockedAsStored(call);
    }

    /// <summary>What shaders have compiled in of the window, and of how they read; pixels that lie before the first tile's first one.</summary>
    public static string[] Defines(ConvolutionLayer layer, LayerCall call, int before)
    {
        var window = Window(layer, call);
        int first = -(before * window.Stride) - layer.PaddingFor(call.Input.Shape).Left;
        string[] plain = call.Input.Layout == Layout.Plain ? [$"FROM_PLAIN {first & (GpuKernels.Block - 1)}"] : [];
        return [$"KERNEL {window.Kernel}", $"STRIDE {window.Stride}", $"PADDED {(Conv2dTileKernel.ReachesOut(layer, call) ? 1 : 0)}", $"IN_LANES {window.Lanes}", .. plain];
    }

    public static Dispatch[] Plan(ConvolutionLayer layer, LayerCall call, DeviceProfile profile)
    {
        var window = Window(layer, call);
        var tile = TileRule.OfRow(window, profile);
        int across = (window.Width + tile.Pixels - 1) / tile.Pixels;
        return
        [
            ConvolutionParams.Of(layer, call).PlanTiles(
                "layers/conv2d_row_tile.comp", new Extent3d(across * window.Height, (window.Blocks + tile.Blocks - 1) / tile.Blocks, call.Output.Shape.Batch),
                [.. tile.Defines, .. Defines(layer, call, before: 0)],
                ConvolutionParams.Reads(layer, call, Conv2dKernel.PackWeights(layer, call, dense: true))),
        ];
    }

    /// <summary>What it computes of a picture.</summary>
    public static RowWindow Window(ConvolutionLayer layer, LayerCall call)
    {
        var y = call.Output.Shape;
        return new RowWindow(
            y.Height, y.Width, BlockedLayout.Blocks(layer.OutChannels, GpuKernels.Block), layer.Kernel.Height * BlockedLayout.Blocks(layer.InChannels, GpuKernels.Block),
            layer.Kernel.Width, layer.Stride.Width, Math.Min(layer.InChannels, GpuKernels.Block));
    }
}
