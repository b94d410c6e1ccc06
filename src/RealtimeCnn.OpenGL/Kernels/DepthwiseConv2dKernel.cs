using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Depthwise convolution with one filter a channel.</summary>
internal static class DepthwiseConv2dKernel
{
    public static Dispatch[] Plan(DepthwiseConv2d layer, LayerCall call) =>
        ConvolutionParams.Of(layer, call).Plan("layers/depthwise_conv2d.comp", 1, layer.Activation, ConvolutionParams.Reads(layer, call, PackWeights(layer, call)));

    /// <summary>Weights as <c>[c/4][kh][kw][4 c]</c>.</summary>
    public static PackedWeights PackWeights(DepthwiseConv2d layer, LayerCall call) =>
        new(new WeightPacking(layer.Channels, 1, layer.Kernel.Height * layer.Kernel.Width, GpuKernels.Block), call.Parameters[0]);
}
