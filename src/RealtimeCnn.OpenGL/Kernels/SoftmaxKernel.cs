using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Softmax and its logarithm over any axis.</summary>
internal static class SoftmaxKernel
{
    public static Dispatch[] Plan(SoftmaxLayer layer, LayerCall call, GlLimits limits)
    {
        var (outer, length, inner) = layer.Lines(call.Input.Shape);
        var constants = new Params(outer * inner, length, inner, layer is LogSoftmax ? 1 : 0, IndexDivisor.By(inner));
        // The largest, the sum (and its parts of 16), the quotients.
        int lanes = Lanes.For((3L * length) + (length / 8), limits);
        return [Dispatch.Shared("layers/softmax.comp", Dispatch.Bytes(constants), constants.Lines, lanes, $"{layer.GetType().Name} over {length} elements", Operand.Of(0))];
    }

    private readonly record struct Params(int Lines, int Extent, int Inner, int IsLogarithm, IndexDivisor ByInner);
}
