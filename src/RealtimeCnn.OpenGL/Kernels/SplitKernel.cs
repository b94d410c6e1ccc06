using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>A strided copy for each part.</summary>
internal static class SplitKernel
{
    public static Dispatch[] Plan(Split layer, LayerCall call) =>
    [
        .. call.Outputs.SelectMany((output, part) =>
            StridedCopyKernel.Plan(layer.View(part, call.Input.Shape, output.Shape), call with { Outputs = [output] }).Select(copy => copy with { Writes = Operand.Output(part) })),
    ];
}
