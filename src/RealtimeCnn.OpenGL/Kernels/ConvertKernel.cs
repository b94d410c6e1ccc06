using RealtimeCnn.Graphs;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>The same values stored as floats or as halves.</summary>
internal static class ConvertKernel
{
    public static Dispatch[] Plan(LayerCall call)
    {
        int count = ConvolutionParams.Vectors(call.Output);
        return [new Dispatch("layers/convert.comp", Dispatch.Bytes([count]), Dispatch.Flat(count), Operand.Of(0))];
    }
}
