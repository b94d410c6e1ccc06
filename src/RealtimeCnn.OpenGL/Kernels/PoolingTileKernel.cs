using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Maxima and means over small square windows: an invocation computes some pixels beside one another. PoolingKernel is its plain twin.</summary>
internal static class PoolingTileKernel
{
    private const int LargestKernel = 5, LargestStride = 3;

    /// <summary>Windows of at most 5×5, alike along both axes, no dilation.</summary>
    public static bool Fits(PoolingLayer layer, LayerCall call) =>
        layer is { Kernel: { Height: <= LargestKernel }, Stride: { Height: <= LargestStride } }
        && layer.Kernel.Width == layer.Kernel.Height && layer.Stride.Width == layer.Stride.Height && layer.Dilation == 1 && call.Output.Shape.Count > 0;

    public static Dispatch[] Plan(PoolingLayer layer, LayerCall call, DeviceProfile profile)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        // Wide where a CPU does the device's work, narrow where lanes of a GPU lie side by side.
        int columns = profile.IsSoftware ? 4 : 1, across = (y.Width + columns - 1) / columns, blocks = BlockedLayout.Blocks(x.Channels, GpuKernels.Block);
        int count = checked(across * y.Height * blocks * y.Batch);
        var padding = layer.PaddingFor(x);
        var constants = new Params(
            count, across, x.Channels, blocks, x.Height, x.Width, y.Height, y.Width, padding.Top, padding.Left, padding.Bottom, padding.Right,
            IndexDivisor.By(across), IndexDivisor.By(y.Height), IndexDivisor.By(blocks), layer is AveragePool2d { CountIncludePad: true } ? 1 : 0);
        string[] defines = [$"AVERAGE {(layer is AveragePool2d ? 1 : 0)}", $"KERNEL {layer.Kernel.Height}", $"STRIDE {layer.Stride.Height}", $"TILE_COLUMNS {columns}", .. layer is MaxPool2d && Nonnegative.Is(call.Node.Inputs[0]) ? ["NONNEGATIVE 1"] : Array.Empty<string>()];
        return [new Dispatch("layers/pool2d_tile.comp", Dispatch.Bytes(constants), Dispatch.Flat(count), Operand.Of(0)) { Defines = defines }];
    }

    private readonly record struct Params(
        int Count, int Across, int Channels, int Blocks, int InHeight, int InWidth, int OutHeight, int OutWidth, int Top, int Left, int Bottom, int Right,
        IndexDivisor ByAcross, IndexDivisor ByHeight, IndexDivisor ByBlocks, int CountIncludePad);
}
