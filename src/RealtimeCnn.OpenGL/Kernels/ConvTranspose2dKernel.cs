using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Transposed convolution; where groups end inside a vec4, each lane finds its own input channels.</summary>
internal static class ConvTranspose2dKernel
{
    public static Dispatch[] Plan(ConvTranspose2d layer, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var padding = layer.PaddingFor(x);
        bool dense = layer.Groups == 1;
        int inputs = layer.InChannels / layer.Groups, align = dense ? GpuKernels.Block : 1, taps = layer.Kernel.Height * layer.Kernel.Width;
        var weights = new TransposedWeightPacking(layer.Groups, inputs, layer.OutChannels / layer.Groups, taps, GpuKernels.Block, BlockedLayout.Blocks(inputs, align) * align);
        var constants = new ConvolutionParams(
            x.Batch, x.Channels, x.Height, x.Width, y.Channels, y.Height, y.Width, 0,
            layer.Kernel.Height, layer.Kernel.Width, layer.Stride.Height, layer.Stride.Width,
            padding.Top, padding.Left, layer.Dilation.Height, layer.Dilation.Width,
            (int)PaddingMode.Zero, (int)layer.Activation.Function, layer.Activation.Alpha, layer.Activation.Beta,
            layer.Groups, ConvolutionParams.Vectors(call.Output));
        return constants.Plan(
            dense ? "layers/conv_transpose2d.comp" : "layers/conv_transpose2d_grouped.comp", dense ? BlockedLayout.Blocks(x.Channels, GpuKernels.Block) : x.Channels / layer.Groups, layer.Activation,
            Operand.Of(0), Operand.Of(new PackedWeights(weights, call.Parameters[0])), Operand.Of(VectorPacking.BiasOf(call, layer.OutChannels, GpuKernels.Block)));
    }
}
