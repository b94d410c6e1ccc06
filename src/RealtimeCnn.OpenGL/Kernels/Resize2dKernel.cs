using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Resizing pictures, to the nearest pixel or linearly.</summary>
internal static class Resize2dKernel
{
    public static Dispatch[] Plan(Resize2d layer, LayerCall call) =>
        [new Dispatch("layers/resize2d.comp", Dispatch.Bytes(ResizeGeometry.Of(layer, call, GpuKernels.Block)), Dispatch.Flat(ConvolutionParams.Vectors(call.Output)), Operand.Of(0))];
}
