using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Softmax and its logarithm over any axis.</summary>
internal static class SoftmaxKernel
{
    public static Dispatch[] Plan(SoftmaxLayer layer, LayerCall call)
    {
        var (outer, length, inner) = layer.Lines(call.Input.Shape);
        var constants = new Params(outer * inner, length, inner, layer is LogSoftmax ? 1 : 0);
        return [new Dispatch("layers/softmax.comp", Dispatch.Bytes(constants), Dispatch.Flat(constants.Lines), Operand.Of(0))];
    }

    private readonly record struct Params(int Lines, int Extent, int Inner, int IsLogarithm);
}
