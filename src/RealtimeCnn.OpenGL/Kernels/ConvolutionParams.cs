using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>The block <c>Params</c> of <c>include/convolution.glsl</c>.</summary>
internal readonly record struct ConvolutionParams(
    int Batch, int InChannels, int InHeight, int InWidth,
    int OutChannels, int OutHeight, int OutWidth, int Residual,
    int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth,
    int Top, int Left, int DilationHeight, int DilationWidth,
    int PaddingMode, int Activation, float Alpha, float Beta,
    int Groups, int Count)
{
    public static ConvolutionParams Of(ConvolutionLayer layer, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var padding = layer.PaddingFor(x);
        return new ConvolutionParams(
            x.Batch, x.Channels, x.Height, x.Width, y.Channels, y.Height, y.Width, layer.AddsResidual ? 1 : 0,
            layer.Kernel.Height, layer.Kernel.Width, layer.Stride.Height, layer.Stride.Width,
            padding.Top, padding.Left, layer.Dilation.Height, layer.Dilation.Width,
            (int)layer.PaddingMode, (int)layer.Activation.Function, layer.Activation.Alpha, layer.Activation.Beta,
            layer.GroupCount, Vectors(call.Output));
    }

    /// <summary>How many vec4s a tensor has.</summary>
    public static int Vectors(TensorInfo tensor) => checked((int)(tensor.Elements(4) / 4));

    /// <summary>Bias values of whole vec4s, zero behind the last channel and where the layer has none.</summary>
    public static PackedWeights PackBias(ConvolutionLayer layer, LayerCall call) => new(
        "bias/4", BlockedLayout.Blocks(layer.OutChannels, 4) * 4,
        destination =>
        {
            if (layer.HasBias)
                call.Parameters[1].Span.CopyTo(destination);
        });

    /// <summary>Input 0, weights, bias, and input 1 where there is a residual: units 1 to 4.</summary>
    public static Operand[] Reads(ConvolutionLayer layer, LayerCall call, PackedWeights weights)
    {
        Operand[] reads = [Operand.Of(0), Operand.Of(weights), Operand.Of(PackBias(layer, call))];
        return layer.AddsResidual ? [.. reads, Operand.Of(1)] : reads;
    }
}
