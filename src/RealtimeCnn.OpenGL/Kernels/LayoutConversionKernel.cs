using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Row-major to channel-blocked and back, where the layout pass asks for it.</summary>
internal static class LayoutConversionKernel
{
    public static Dispatch[] Plan(LayerCall call)
    {
        var shape = call.Output.Shape;
        int count = ConvolutionParams.Vectors(call.Output);
        var constants = new Params(count, shape.Channels, shape.Area, shape.Count);
        string shader = call.Layer is ToBlocked ? "layers/to_blocked.comp" : "layers/to_plain.comp";
        return [new Dispatch(shader, Dispatch.Bytes(constants), Dispatch.Flat(count), Operand.Of(0))];
    }

    private readonly record struct Params(int Count, int Channels, int Area, int Elements);
}
