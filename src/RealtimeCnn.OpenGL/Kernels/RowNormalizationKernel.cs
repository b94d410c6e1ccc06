using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using PlainRows = RealtimeCnn.Cpu.RowNormalizationKernel;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Layer and group normalisation: rows of a row-major tensor.</summary>
internal static class RowNormalizationKernel
{
    /// <summary>Invocations of a work group of <c>row_normalization.comp</c> (<c>REDUCE_WIDTH</c>).</summary>
    private const int GroupWidth = 64;

    public static Dispatch[] Plan(LayerCall call, NormalizedRows rows) => call.Output.Shape.Count == 0
        ? []
        :
        [
            new Dispatch(
                "layers/row_normalization.comp", Dispatch.Bytes(rows), Dispatch.Flat((long)rows.Rows * GroupWidth),
                Operand.Of(0), Operand.Of(PlainRows.PackPlain(call, 0)), Operand.Of(PlainRows.PackPlain(call, 1))),
        ];
}
