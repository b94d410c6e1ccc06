using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Local response normalisation.</summary>
internal static class LrnKernel
{
    public static Dispatch[] Plan(Lrn layer, LayerCall call)
    {
        var x = call.Input.Shape;
        var constants = new Params(
            ConvolutionParams.Vectors(call.Output), x.Channels, x.Area, (layer.Size - 1) / 2, layer.Size / 2,
            layer.Alpha / layer.Size, layer.Beta, layer.Bias);
        return [new Dispatch("layers/lrn.comp", Dispatch.Bytes(constants), Dispatch.Flat(constants.Count), Operand.Of(0))];
    }

    private readonly record struct Params(int Count, int Channels, int Area, int Before, int After, float Alpha, float Beta, float Bias);
}
