using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Layer and group normalisation: rows of a row-major tensor.</summary>
internal static class RowNormalizationKernel
{
    public static Dispatch[] Plan(LayerCall call, NormalizedRows rows, GlLimits limits) => call.Output.Shape.Count == 0
        ? []
        :
        [
            // Mean, variance and result.
            Dispatch.Shared(
                "layers/row_normalization.comp", Dispatch.Bytes(rows), rows.Rows, Lanes.ForGroup(3L * rows.Length, limits),
                $"{call.Layer.GetType().Name} over {rows.Length} elements", Operand.Of(0), Operand.Of(VectorPacking.Of(call, 0)), Operand.Of(VectorPacking.Of(call, 1))),
        ];
}
