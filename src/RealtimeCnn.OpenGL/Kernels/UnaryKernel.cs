using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Any function of one number; each function in use is a program.</summary>
internal static class UnaryKernel
{
    public static Dispatch[] Plan(UnaryLayer layer, LayerCall call)
    {
        int count = ConvolutionParams.Vectors(call.Output), channels = call.Output.Layout == Layout.Blocked ? call.Output.Shape.Channels : 0;
        byte[] constants = Dispatch.Bytes([count, channels, call.Output.Shape.Area]);
        return [new Dispatch("layers/unary.comp", constants, Dispatch.Flat(count), Operand.Of(0)) { Defines = [$"FUNCTION {(int)layer.Function}"] }];
    }
}
