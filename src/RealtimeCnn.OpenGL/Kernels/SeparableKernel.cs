using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// A depthwise convolution and the pointwise one that reads it as one dispatch, or an inverted residual: the same behind a pointwise
/// convolution. What lies between stays in the shared memory of a work group: for GPUs, which wait for every dispatch and for
/// memory. The convolutions' own kernels are its plain twins.
/// </summary>
/// <remarks>Sources: Howard et al. 2017, "MobileNets", arXiv:1704.04861; Sandler et al. 2018, "MobileNetV2", arXiv:1801.04381.</remarks>
internal static class SeparableKernel
{
    // Tensors that are read: input, parameters and residual.
    private const int Reads = 3;

    // Work groups from which on a dispatch fewer is worth that several processors have nothing to do.
    private const int FewestGroups = 8;

    /// <summary>Zeros around what the depthwise convolution reads, activations that one program computes, and a tile in shared memory.</summary>
    public static bool Fits(LayerCall call, DeviceProfile profile)
    {
        var y = call.Output.Shape;
        return Depthwise(call).PaddingMode == PaddingMode.Zero && Curves(call) != null && y.Count > 0 && y.Batch <= ushort.MaxValue
            && profile.Limits.ReadableTensors(ReadPath.Buffer) >= Reads && Joined(call).Weights.Elements * (long)sizeof(float) <= profile.Limits.AlwaysReadableBytes
            && TileOf(call, profile) is { } tile && Tiles(y, tile) <= ushort.MaxValue && Turns(call, tile) <= Lanes.MostTurns;
    }

    /// <summary>Whether there is work for several processors, on a device where dispatches wait for one another.</summary>
    public static bool Pays(LayerCall call, DeviceProfile profile) => !profile.IsSoftware && (!Expands(call) || TileOf(call, profile)!.Value.Groups >= FewestGroups);

    public static Dispatch[] Plan(ConvolutionLayer project, LayerCall call, DeviceProfile profile)
    {
        var (depthwise, tile, y) = (Depthwise(call), TileOf(call, profile)!.Value, call.Output.Shape);
        var (weights, begins) = Joined(call);
        var (x, padding) = (Wide(call), depthwise.PaddingFor(Wide(call)));
        Part[] parts = [.. call.Nodes.Select((node, i) => new Part(begins[2 * i] / GpuKernels.Block, begins[(2 * i) + 1] / GpuKernels.Block, (int)LayerOf(node).Activation.Function, 0))];
        Constants[] constants = [.. call.Nodes.Select(node => new Constants(LayerOf(node).Activation.Alpha, LayerOf(node).Activation.Beta, 0, 0))];
        var numbers = new Params(
            Blocks(call.Input.Shape.Channels), x.Height, x.Width, depthwise.Channels, y.Channels, y.Height, y.Width, Tiled(y.Width, tile.Columns),
            depthwise.Kernel.Height, depthwise.Kernel.Width, depthwise.Stride.Height, depthwise.Stride.Width, padding.Top, padding.Left, depthwise.Dilation.Height, depthwise.Dilation.Width,
            Expands(call) ? parts[0] : default, parts[^2], parts[^1], Expands(call) ? constants[0] : default, constants[^2], constants[^1]);
        Operand[] reads = [Operand.Of(0), Operand.Of(weights)];
        var groups = new Extent3d(Tiles(y, tile), Tiled(Blocks(y.Channels), tile.Blocks), y.Batch);
        return
        [
            new Dispatch("layers/separable.comp", Dispatch.Bytes(numbers), groups, project.AddsResidual ? [.. reads, Operand.Of(1)] : reads)
            {
                Defines = [.. tile.Defines, $"RESIDUAL {(project.AddsResidual ? 1 : 0)}", .. Curves(call)!],
                ByGroups = true,
            },
        ];
    }

    private static bool Expands(LayerCall call) => call.Nodes.Count == 3;

    private static ConvolutionLayer LayerOf(Node node) => (ConvolutionLayer)node.Layer;

    private static DepthwiseConv2d Depthwise(LayerCall call) => (DepthwiseConv2d)call.Nodes[^2].Layer;

    /// <summary>The shape of what the depthwise convolution reads.</summary>
    private static Shape Wide(LayerCall call) => Expands(call) ? call.Nodes[0].Layer.InferShape([call.Input.Shape]) : call.Input.Shape;

    private static SeparableTile? TileOf(LayerCall call, DeviceProfile profile) => SeparableTile.Of(Depthwise(call), Expands(call), call.Output.Shape, profile);

    private static string[]? Curves(LayerCall call) => ActivationKernel.DefinesOfAll(call.Nodes.Select(node => LayerOf(node).Activation));

    /// <summary>Of each layer its bias, then its weights as its own kernels read them.</summary>
    private static (PackedWeights Weights, int[] Begins) Joined(LayerCall call) => JoinedPacking.Of([.. SeparableParts.Of(call).SelectMany(part => new[]
    {
        ConvolutionParams.PackBias((ConvolutionLayer)part.Layer, part),
        part.Layer is DepthwiseConv2d depthwise ? DepthwiseConv2dKernel.PackWeights(depthwise, part) : Conv2dKernel.PackWeights((ConvolutionLayer)part.Layer, part, dense: true),
    })]);

    // Turns of all loops of an invocation, from above.
    private static long Turns(LayerCall call, SeparableTile tile)
    {
        var depthwise = Depthwise(call);
        long wide = (long)Blocks(depthwise.Channels) + tile.Wide, taps = 2 + (depthwise.Kernel.Height * (2L + depthwise.Kernel.Width));
        long filtered = 1 + ((wide * tile.Area) / tile.Group), expanded = 1 + (wide * tile.HaloRows * tile.HaloColumns / tile.Group);
        return (wide * 8) + (filtered * taps) + (expanded * (2 + Blocks(call.Input.Shape.Channels)));
    }

    private static int Tiles(Shape y, SeparableTile tile) => checked(Tiled(y.Height, tile.Rows) * Tiled(y.Width, tile.Columns));

    private static int Tiled(int length, int tile) => (length + tile - 1) / tile;

    private static int Blocks(int channels) => BlockedLayout.Blocks(channels, GpuKernels.Block);

    private readonly record struct Part(int Bias, int Weights, int Activation, int Unused);

    private readonly record struct Constants(float Alpha, float Beta, float Unused0, float Unused1);

    private readonly record struct Params(
        int InBlocks, int InHeight, int InWidth, int WideChannels, int OutChannels, int OutHeight, int OutWidth, int Across,
        int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, int Top, int Left, int DilationHeight, int DilationWidth,
        Part Expansion, Part Filter, Part Projection, Constants OfExpansion, Constants OfFilter, Constants OfProjection);
}
