using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Which compute shaders run which layer: the table of contents of the GPU backend.</summary>
internal static class GpuKernels
{
    /// <summary>The dispatches that compute one call, in order; or one with a <see cref="Dispatch.Refusal"/>.</summary>
    public static Dispatch[] Plan(LayerCall call, GlLimits limits) => call.Layer switch
    {
        ToBlocked or ToPlain => LayoutConversionKernel.Plan(call),
        DepthwiseConv2d { Multiplier: 1 } layer => DepthwiseConv2dKernel.Plan(layer, call),
        ConvolutionLayer layer => Conv2dKernel.Plan(layer, call),
        PoolingLayer layer => PoolingKernel.Plan(layer, call),
        GlobalPoolingLayer layer => PoolingKernel.Plan(layer, call),
        AdaptivePoolingLayer layer => PoolingKernel.Plan(layer, call),
        Linear layer => LinearKernel.Plan(layer, call, limits),
        ConvTranspose2d layer => ConvTranspose2dKernel.Plan(layer, call),
        LocallyConnected2d layer => LocallyConnected2dKernel.Plan(layer, call),
        Pad layer => PadKernel.Plan(layer, call),
        Maxout layer => MaxoutKernel.Plan(layer, call),
        BatchNorm2d layer => ChannelNormKernel.Plan(layer, call),
        InstanceNorm2d layer => ChannelNormKernel.Plan(layer, call),
        InputNormalization layer => ChannelNormKernel.Plan(layer, call),
        LayerNorm layer => RowNormalizationKernel.Plan(call, layer.Rows(call.Input.Shape)),
        GroupNorm layer => RowNormalizationKernel.Plan(call, layer.Rows(call.Input.Shape)),
        Lrn layer => LrnKernel.Plan(layer, call),
        SoftmaxLayer layer => SoftmaxKernel.Plan(layer, call),
        Dropout layer => DropoutKernel.Plan(layer, call),
        ActivationLayer layer => ActivationKernel.Plan(layer, call),
        UnaryLayer layer => UnaryKernel.Plan(layer, call),
        BinaryLayer or PRelu or Where => BroadcastKernel.Plan(call),
        Constant => ConstantKernel.Plan(call),
        Concat layer => ConcatKernel.Plan(layer, call),
        StridedCopyLayer layer => StridedCopyKernel.Plan(layer, call),
        Resize2d layer => Resize2dKernel.Plan(layer, call),
        MatMul => MatMulKernel.Plan(call),
        Reduce layer => ReduceKernel.Plan(layer, call),
        Gather layer => AxisKernels.Plan(layer, call),
        OneHot layer => AxisKernels.Plan(layer, call),
        CumSum layer => AxisKernels.Plan(layer, call),
        ArgExtremeLayer layer => AxisKernels.Plan(layer, call),
        TopKLayer layer => AxisKernels.Plan(layer, call),
        _ => None(call.Layer),
    };

    /// <summary>Whether a kernel computes this call on a device of these limits.</summary>
    public static bool Supports(LayerCall call, GlLimits limits) => Plan(call, limits).All(dispatch => dispatch.Refusal == null);

    /// <summary>What stands in the place of dispatches where there is no kernel.</summary>
    internal static Dispatch[] None(Layer layer) => [Dispatch.Refused($"The OpenGL backend has no kernel for {layer.GetType().Name}.")];
}
