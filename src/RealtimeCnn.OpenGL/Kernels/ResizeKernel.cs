using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Pictures of another size, by the nearest pixel or linearly.</summary>
internal static class ResizeKernel
{
    public static Dispatch[] Plan(Resize2d layer, LayerCall call)
    {
        var y = call.Output.Shape;
        var constants = new Params(ResizeGeometry.Of(layer, call, GpuKernels.Block), 0, IndexDivisor.By(y.Height), IndexDivisor.By(y.Width));
        return
        [
            new Dispatch("layers/resize2d.comp", Dispatch.Bytes(constants), Dispatch.Flat(ConvolutionParams.Vectors(call.Output)), Operand.Of(0))
            {
                Defines = [$"LINEAR {(layer.Mode == ResizeMode.Nearest ? 0 : 1)}"],
            },
        ];
    }

    private readonly record struct Params(ResizeGeometry Geometry, int Unused, IndexDivisor ByHeight, IndexDivisor ByWidth);
}
