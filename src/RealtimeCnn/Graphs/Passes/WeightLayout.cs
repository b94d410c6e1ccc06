using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>Which channels each element of a layer's weight connects, and what the layer does besides the sum.</summary>
/// <param name="WithBias">The layer with a bias.</param>
/// <param name="OutChannels">Channels of its output.</param>
/// <param name="OutChannel">The output channel of each element.</param>
/// <param name="InChannel">The input channel of each element.</param>
/// <param name="IsPlainSum">Whether nothing follows the sum: no residual, no activation.</param>
/// <param name="SeesWholeWindows">Whether every output sums all its products, none of them with a zero of the padding.</param>
internal sealed record WeightLayout(Layer WithBias, int OutChannels, Func<int, int> OutChannel, Func<int, int> InChannel, bool IsPlainSum, bool SeesWholeWindows)
{
    /// <summary>The layout of a layer's weight, or null where it is no weighted sum.</summary>
    public static WeightLayout? Of(Layer layer)
    {
        switch (layer)
        {
            case ConvolutionLayer convolution:
                int taps = convolution.Kernel.Height * convolution.Kernel.Width, perOutput = convolution.ChannelsPerGroup * taps;
                int outPerGroup = convolution.OutChannels / convolution.GroupCount;
                return new WeightLayout(
                    convolution with { HasBias = true }, convolution.OutChannels, i => i / perOutput,
                    i => (i / perOutput / outPerGroup * convolution.ChannelsPerGroup) + (i / taps % convolution.ChannelsPerGroup),
                    convolution.Activation.Function == ActivationFunction.None && !convolution.AddsResidual,
                    convolution.Padding.IsNone || convolution.PaddingMode != PaddingMode.Zero);
            case ConvTranspose2d transposed:
                int window = transposed.Kernel.Height * transposed.Kernel.Width, outOfGroup = transposed.OutChannels / transposed.Groups;
                int inOfGroup = transposed.InChannels / transposed.Groups;
                return new WeightLayout(
                    transposed with { HasBias = true }, transposed.OutChannels,
                    i => (i / window / outOfGroup / inOfGroup * outOfGroup) + (i / window % outOfGroup), i => i / window / outOfGroup,
                    transposed.Activation.Function == ActivationFunction.None, false);
            case Linear linear:
                return new WeightLayout(
                    linear with { HasBias = true }, linear.OutFeatures, i => i / linear.InFeatures, i => i % linear.InFeatures,
                    linear.Activation.Function == ActivationFunction.None, true);
            default:
                return null;
        }
    }
}
