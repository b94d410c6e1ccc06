using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Convolutions of any kind; where groups end inside a vec4, each lane finds its own input channels.</summary>
internal static class Conv2dKernel
{
    public static Dispatch[] Plan(ConvolutionLayer layer, LayerCall call)
    {
        var constants = ConvolutionParams.Of(layer, call);
        bool dense = layer.GroupCount == 1;
        int channels = dense ? BlockedLayout.Blocks(layer.ChannelsPerGroup, GpuKernels.Block) : layer.ChannelsPerGroup;
        return constants.Plan(
            dense ? "layers/conv2d.comp" : "layers/conv2d_grouped.comp", channels, layer.Activation, ConvolutionParams.Reads(layer, call, PackWeights(layer, call, dense)));
    }

    /// <summary>Weights as <c>[oc/4][kh][kw][ic][4 oc]</c>, ic within the group; for a dense convolution ic is rounded up to whole vec4s.</summary>
    public static PackedWeights PackWeights(ConvolutionLayer layer, LayerCall call, bool dense) => new(
        new WeightPacking(layer.OutChannels, layer.ChannelsPerGroup, layer.Kernel.Height * layer.Kernel.Width, GpuKernels.Block, dense ? GpuKernels.Block : 1), call.Parameters[0]);

    /// <summary>Those of a dense convolution as <c>[oc/channels][kh][kw][ic][channels]</c>, ic rounded up to whole vec4s.</summary>
    /// <param name="layer">The convolution.</param>
    /// <param name="call">Its weights.</param>
    /// <param name="channels">Output channels that lie side by side; whole vec4s.</param>
    public static PackedWeights PackDenseWeights(ConvolutionLayer layer, LayerCall call, int channels) => new(
        new WeightPacking(layer.OutChannels, layer.InChannels, layer.Kernel.Height * layer.Kernel.Width, channels, GpuKernels.Block), call.Parameters[0]);
}
