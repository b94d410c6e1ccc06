using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// The largest elements of short lines and their places in one dispatch, and of a softmax in front: the answer of a classifier. For
/// GPUs, which wait for every dispatch. AxisKernels is its plain twin, behind SoftmaxKernel.
/// </summary>
internal static class TopKSharedKernel
{
    // As in the shader; as many lanes as every device has walk such a line without a loop that is too long.
    private const int MostElements = 2048, LanesOfLine = 128;

    /// <summary>A softmax and what looks for its largest elements, or null.</summary>
    public static IReadOnlyList<Node>? Block(Node best) => best.Inputs is [{ Layer: Softmax } softmax] ? [softmax, best] : null;

    /// <summary>Lines that shared memory holds, along the axis of the softmax.</summary>
    public static bool Fits(TopK layer, LayerCall call)
    {
        var x = call.Input.Shape;
        int axis = AxisIndex.Resolve(layer.Axis, x.Rank);
        return x.Count > 0 && x[axis] <= MostElements && (call.Nodes.Count == 1 || AxisIndex.Resolve(((Softmax)call.Nodes[0].Layer).Axis, x.Rank) == axis);
    }

    public static Dispatch[] Plan(TopK layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Input.Shape, layer.Axis);
        var constants = new Params(call.Input.Shape.Count / axis.Extent, axis.Extent, axis.Inner, layer.K, IndexDivisor.By(axis.Inner), layer.Largest ? 1 : -1);
        var dispatch = Dispatch.Shared("layers/top_k_shared.comp", Dispatch.Bytes(constants), constants.Lines, LanesOfLine, $"TopK of {axis.Extent} elements", Operand.Of(0));
        return [dispatch with { AlsoWrites = Operand.Output(1), Defines = [.. dispatch.Defines, $"SOFTMAX {call.Nodes.Count - 1}"] }];
    }

    private readonly record struct Params(int Lines, int Extent, int Inner, int K, IndexDivisor ByInner, float Direction);
}
