using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Convolution with a kernel for every output pixel.</summary>
internal static class LocallyConnected2dKernel
{
    public static Dispatch[] Plan(LocallyConnected2d layer, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var padding = layer.ExplicitPadding;
        var constants = new ConvolutionParams(
            x.Batch, x.Channels, x.Height, x.Width, y.Channels, y.Height, y.Width, 0,
            layer.Kernel.Height, layer.Kernel.Width, layer.Stride.Height, layer.Stride.Width,
            padding.Top, padding.Left, layer.Dilation.Height, layer.Dilation.Width,
            (int)PaddingMode.Zero, (int)layer.Activation.Function, layer.Activation.Alpha, layer.Activation.Beta,
            1, ConvolutionParams.Vectors(call.Output));
        return constants.Plan(
            "layers/locally_connected2d.comp", BlockedLayout.Blocks(x.Channels, GpuKernels.Block), layer.Activation,
            Operand.Of(0), Operand.Of(layer.PackWeights(call, GpuKernels.Block, GpuKernels.Block)), Operand.Of(layer.PackBias(call, GpuKernels.Block)));
    }
}
