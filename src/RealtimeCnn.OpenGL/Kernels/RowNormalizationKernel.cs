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
                "layers/row_normalization.comp", Dispatch.Bytes(Params.Of(rows)), rows.Rows, Lanes.ForGroup(3L * rows.Length, limits),
                $"{call.Layer.GetType().Name} over {rows.Length} elements", Operand.Of(0), Operand.Of(VectorPacking.Of(call, 0)), Operand.Of(VectorPacking.Of(call, 1))),
        ];

    private readonly record struct Params(int Rows, int Length, int Cycle, int Scales, IndexDivisor ByCycle, IndexDivisor ByRun, float Epsilon)
    {
        public static Params Of(NormalizedRows rows) =>
            new(rows.Rows, rows.Length, rows.Cycle, rows.Length / rows.Run, IndexDivisor.By(rows.Cycle), IndexDivisor.By(rows.Run), rows.Epsilon);
    }
}
