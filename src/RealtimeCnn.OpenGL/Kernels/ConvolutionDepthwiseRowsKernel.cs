using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// A convolution by tiles of a row, and the depthwise one that reads it, as one dispatch: what lies between is neither stored nor
/// read, in mobile networks several times as many channels as before or behind. For devices that pay for stores; GPUs compute whole
/// blocks in shared memory (<see cref="SeparableKernel"/>). The convolutions' own kernels are its plain twins.
/// </summary>
/// <remarks>Sources: Howard et al. 2017, "MobileNets", arXiv:1704.04861; Sandler et al. 2018, "MobileNetV2", arXiv:1801.04381.</remarks>
internal static class ConvolutionDepthwiseRowsKernel
{
    // Threads of software OpenGL are woken and waited for, in nanoseconds of processor time.
    private const double DispatchCost = 30_000;

    /// <summary>The two nodes that end with a depthwise convolution, or null.</summary>
    public static IReadOnlyList<Node>? Block(Node depthwise) =>
        depthwise is { Layer: DepthwiseConv2d { AddsResidual: false }, Inputs: [{ Layer: ConvolutionLayer { AddsResidual: false, GroupCount: 1 } } convolution] } ? [convolution, depthwise] : null;

    /// <summary>
    /// What <see cref="Conv2dRowTileKernel.CanWalk"/> says, before what <see cref="DepthwiseConv2dTileKernel"/> computes, with one activation
    /// function of both or of either.
    /// </summary>
    public static bool Fits(DepthwiseConv2d depthwise, LayerCall call, DeviceProfile profile)
    {
        var (convolution, filter) = Parts(call);
        var layer = (ConvolutionLayer)convolution.Layer;
        return DepthwiseConv2dTileKernel.Fits(depthwise, filter) && Conv2dRowTileKernel.CanWalk(layer, convolution)
            && (layer.Activation.Function == depthwise.Activation.Function || layer.Activation.Function == ActivationFunction.None || depthwise.Activation.Function == ActivationFunction.None)
            && Joined(call).Weights.Elements * (long)sizeof(float) <= profile.Limits.AlwaysReadableBytes
            && Rows(depthwise, call, profile) != null;
    }

    /// <summary>Whether it takes less time on software OpenGL than the fastest kernels of both; on GPUs that is not measured.</summary>
    public static bool Pays(DepthwiseConv2d depthwise, LayerCall call, DeviceProfile profile)
    {
        if (!profile.IsSoftware)
            return false;
        var (convolution, filter) = Parts(call);
        var layer = (ConvolutionLayer)convolution.Layer;
        double apart = WinogradKernel.LeastSoftwareCost(layer, convolution, profile.Limits) + DepthwiseConv2dTileKernel.SoftwareCost(depthwise, filter, profile) + DispatchCost;
        return call.Output.Shape.Batch * Rows(depthwise, call, profile)!.Value.SoftwareCost(Conv2dRowTileKernel.Window(layer, convolution), depthwise) < apart;
    }

    /// <summary>As <see cref="Conv2dRowTileKernel"/>.</summary>
    public static LayoutChoice Formats(DepthwiseConv2d depthwise, LayerCall call, DeviceProfile profile) =>
        Conv2dRowTileKernel.Formats((ConvolutionLayer)call.Nodes[0].Layer, call, Rows(depthwise, call, profile)!.Value.Tile.Pixels * depthwise.Stride.Width);

    public static Dispatch[] Plan(DepthwiseConv2d depthwise, LayerCall call, DeviceProfile profile)
    {
        var (convolution, filter) = Parts(call);
        var layer = (ConvolutionLayer)convolution.Layer;
        var (row, rows) = (Conv2dRowTileKernel.Window(layer, convolution), Rows(depthwise, call, profile)!.Value);
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var (padding, around) = (layer.PaddingFor(x), depthwise.PaddingFor(filter.Input.Shape));
        var (biases, begins) = Joined(call);
        var function = layer.Activation.Function == ActivationFunction.None ? depthwise.Activation.Function : layer.Activation.Function;
        var constants = new Params(
            x.Channels, x.Height, x.Width, y.Channels, row.Height, row.Width, layer.Kernel.Height, layer.Stride.Height, padding.Top, padding.Left, layer.Dilation.Height, (int)function,
            layer.Activation.Alpha, layer.Activation.Beta, depthwise.Activation.Alpha, depthwise.Activation.Beta, y.Height, y.Width, around.Top, around.Left,
            rows.Rows, rows.Parts, begins[1] / GpuKernels.Block, begins[2] / GpuKernels.Block);
        // Where the last tile of a row reaches past the output, any of its pixels may lie outside.
        int behind = y.Width % rows.Tile.Pixels > 0 ? rows.Pixels : Math.Max(0, ((y.Width - 1) * depthwise.Stride.Width) + depthwise.Kernel.Width - around.Left - row.Width);
        int activates = (layer.Activation.Function == ActivationFunction.None ? 0 : 1) + (depthwise.Activation.Function == ActivationFunction.None ? 0 : 2);
        return
        [
            new Dispatch(
                "layers/conv2d_depthwise_rows.comp", Dispatch.Bytes(constants), new Extent3d(rows.Groups * rows.Tile.Group, y.Batch, 1),
                Operand.Of(0), Operand.Of(Conv2dKernel.PackWeights(layer, convolution, dense: true)), Operand.Of(biases))
            {
                Defines =
                [
                    $"TILE_OUTPUTS {rows.Tile.Pixels}", $"TILE_BLOCKS {rows.Tile.Blocks}", $"TILE_GROUP {rows.Tile.Group}", .. Conv2dRowTileKernel.Defines(layer, convolution, around.Left),
                    $"FILTER {depthwise.Kernel.Height}", $"FILTER_STRIDE {depthwise.Stride.Height}", $"BEFORE {around.Left}", $"BEHIND {behind}", $"ACTIVATION {(int)function}", $"ACTIVATES {activates}",
                ],
            },
        ];
    }

    private static FilterRows? Rows(DepthwiseConv2d depthwise, LayerCall call, DeviceProfile profile)
    {
        var (convolution, _) = Parts(call);
        var layer = (ConvolutionLayer)convolution.Layer;
        return FilterRows.Of(Conv2dRowTileKernel.Window(layer, convolution), depthwise, call.Output.Shape, layer.Kernel.Height, profile);
    }

    // Each convolution as a call of its own.
    private static (LayerCall Convolution, LayerCall Filter) Parts(LayerCall call) => (
        new LayerCall(call.Nodes[0], call.Inputs, new TensorInfo(call.Nodes[0].Layer.InferShape([call.Input.Shape]), Layout.Blocked)),
        new LayerCall(call.Nodes[1], [new TensorInfo(call.Nodes[0].Layer.InferShape([call.Input.Shape]), Layout.Blocked)], call.Output));

    // What is added to the first convolution's sums, then what the second reads beside them.
    private static (PackedWeights Weights, int[] Begins) Joined(LayerCall call)
    {
        var (convolution, filter) = Parts(call);
        return JoinedPacking.Of(
            ConvolutionParams.PackBias((ConvolutionLayer)convolution.Layer, convolution), ConvolutionParams.PackBias((DepthwiseConv2d)filter.Layer, filter), DepthwiseConv2dKernel.PackWeights((DepthwiseConv2d)filter.Layer, filter));
    }

    private readonly record struct Params(
        int InChannels, int InHeight, int InWidth, int OutChannels, int OutHeight, int OutWidth, int KernelHeight, int StrideHeight,
        int Top, int Left, int DilationHeight, int Activation, float Alpha, float Beta, float FilterAlpha, float FilterBeta,
        int FilterHeight, int FilterWidth, int FilterTop, int FilterLeft, int Rows, int Parts, int BiasBegin, int FilterBegin);
}
