using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Dense convolutions by tiles: an invocation computes several pixels of several vec4s of channels, so that what it reads serves
/// several sums. Conv2dKernel is its plain twin.
/// </summary>
internal static class Conv2dTileKernel
{
    // Of larger planes the shader cannot tell row and column of a pixel.
    private const int MostPixels = 1 << 24, MostRows = 1 << 20;

    /// <summary>Dense, with a sum that one dispatch can walk, planes of a few pixels at least, and weights that may be multiplied with the zeros around them.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call)
    {
        var y = call.Output.Shape;
        return layer.GroupCount == 1 && (long)y.Height * y.Width is >= 4 and <= MostPixels && y.Height <= MostRows && y.Batch <= ushort.MaxValue
            && SumPart.Cut(layer.Kernel.Height, layer.Kernel.Width, BlockedLayout.Blocks(layer.InChannels, GpuKernels.Block), 1).Take(2).Count() == 1
            && (layer.PaddingMode != PaddingMode.Zero || !ReachesOut(layer, call) || call.Parameters[0].IsFinite);
    }

    public static Dispatch[] Plan(ConvolutionLayer layer, LayerCall call, DeviceProfile profile)
    {
        var y = call.Output.Shape;
        var (pixels, blocks, turns) = Size(layer, call);
        var tile = TileRule.Of(pixels, blocks, turns, profile);
        return
        [
            ConvolutionParams.Of(layer, call).PlanTiles(
                "layers/conv2d_tile.comp", tile.Count(pixels, blocks, y.Batch),
                [.. tile.Defines, $"PADDED {(!ReachesOut(layer, call) ? 0 : layer.PaddingMode == PaddingMode.Zero ? 1 : 2)}", $"IN_LANES {Math.Min(layer.InChannels, GpuKernels.Block)}"],
                ConvolutionParams.Reads(layer, call, Conv2dKernel.PackWeights(layer, call, dense: true))),
        ];
    }

    /// <summary>Nanoseconds of a picture on software OpenGL.</summary>
    public static double SoftwareCost(ConvolutionLayer layer, LayerCall call)
    {
        var (pixels, blocks, turns) = Size(layer, call);
        return TileRule.SoftwareCost(pixels, blocks, turns);
    }

    /// <summary>Whether a window reads past its input, on any side.</summary>
    public static bool ReachesOut(ConvolutionLayer layer, LayerCall call)
    {
        var (x, y, padding) = (call.Input.Shape, call.Output.Shape, layer.PaddingFor(call.Input.Shape));
        return padding.Top > 0 || padding.Left > 0
            || ((y.Height - 1) * layer.Stride.Height) + ((layer.Kernel.Height - 1) * layer.Dilation.Height) >= x.Height
            || ((y.Width - 1) * layer.Stride.Width) + ((layer.Kernel.Width - 1) * layer.Dilation.Width) >= x.Width;
    }

    // Pixels of a plane, vec4s of output channels, vec4s of inputs that an output sees.
    private static (int Pixels, int Blocks, int Turns) Size(ConvolutionLayer layer, LayerCall call)
    {
        var y = call.Output.Shape;
        return (y.Height * y.Width, BlockedLayout.Blocks(layer.OutChannels, GpuKernels.Block), layer.Kernel.Height * layer.Kernel.Width * BlockedLayout.Blocks(layer.InChannels, GpuKernels.Block));
    }
}
