using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The numbers that every CPU convolution kernel reads: extents, steps, and where the window starts.</summary>
internal readonly record struct ConvolutionGeometry(
    int InChannels, int InBlocks, int InHeight, int InWidth,
    int OutChannels, int OutBlocks, int OutHeight, int OutWidth,
    int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth,
    int Top, int Left, int DilationHeight, int DilationWidth,
    PaddingMode PaddingMode, Activation Activation, int Residual, int Groups)
{
    public static ConvolutionGeometry Of(ConvolutionLayer layer, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var padding = layer.PaddingFor(x);
        return new ConvolutionGeometry(
            x.Channels, BlockedLayout.Blocks(x.Channels, 16), x.Height, x.Width,
            y.Channels, BlockedLayout.Blocks(y.Channels, 16), y.Height, y.Width,
            layer.Kernel.Height, layer.Kernel.Width, layer.Stride.Height, layer.Stride.Width,
            padding.Top, padding.Left, layer.Dilation.Height, layer.Dilation.Width,
            layer.PaddingMode, layer.Activation, layer.AddsResidual ? 1 : 0, layer.GroupCount);
    }

    /// <summary>The input row under row <paramref name="kernelRow"/> of the window of output row <paramref name="outRow"/>, or −1 for zeros.</summary>
    public int SourceRow(int outRow, int kernelRow) =>
        Window.Source((outRow * StrideHeight) - Top + (kernelRow * DilationHeight), InHeight, PaddingMode);

    /// <summary>The input column under column <paramref name="kernelColumn"/> of the window of output column <paramref name="outColumn"/>, or −1 for zeros.</summary>
    public int SourceColumn(int outColumn, int kernelColumn) =>
        Window.Source((outColumn * StrideWidth) - Left + (kernelColumn * DilationWidth), InWidth, PaddingMode);

    /// <summary>Bias values of whole blocks, zero behind the last channel and where the layer has none.</summary>
    public static PackedWeights PackBias(ConvolutionLayer layer, LayerCall call) => VectorPacking.BiasOf(call, layer.OutChannels, Lanes.Count);
}
