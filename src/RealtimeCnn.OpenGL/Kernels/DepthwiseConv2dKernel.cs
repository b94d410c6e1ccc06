using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Depthwise convolution with one filter a channel.</summary>
internal static class DepthwiseConv2dKernel
{
    public static Dispatch[] Plan(DepthwiseConv2d layer, LayerCall call) =>
        ConvolutionParams.Of(layer, call).Plan("layers/depthwise_conv2d.comp", 1, layer.Activation, ConvolutionParams.Reads(layer, call, PackWeights(layer, call)));

    /// <summary>Weights as <c>[c/4][kh][kw][4 c]</c>.</summary>
    public static PackedWeights PackWeights(DepthwiseConv2d layer, LayerCall call)
    {
        int taps = layer.Kernel.Height * layer.Kernel.Width;
        return new PackedWeights("depthwise/4", Cost.Product(BlockedLayout.Blocks(layer.Channels, 4), taps, 4), destination =>
        {
            var weight = call.Parameters[0].Span;
            for (int c = 0; c < layer.Channels; c++)
            {
                for (int tap = 0; tap < taps; tap++)
                    destination[((((c / 4) * taps) + tap) * 4) + (c % 4)] = weight[(c * taps) + tap];
            }
        });
    }
}
