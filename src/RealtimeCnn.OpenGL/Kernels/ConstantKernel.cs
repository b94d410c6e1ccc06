using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>A tensor that is part of the network.</summary>
internal static class ConstantKernel
{
    public static Dispatch[] Plan(LayerCall call)
    {
        int count = ConvolutionParams.Vectors(call.Output);
        return [new Dispatch("layers/constant.comp", Dispatch.Bytes([count]), Dispatch.Flat(count), Operand.Of(VectorPacking.Of(call, 0, GpuKernels.Block)))];
    }
}
