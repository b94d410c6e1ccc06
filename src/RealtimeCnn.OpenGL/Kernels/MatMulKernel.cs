using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Matrix products with batches that broadcast.</summary>
internal static class MatMulKernel
{
    public static Dispatch[] Plan(LayerCall call, GlLimits limits)
    {
        var (rows, inner, columns, batch) = MatMul.Geometry(call.Inputs[0].Shape, call.Inputs[1].Shape);
        int count = ConvolutionParams.Vectors(call.Output);
        int[] numbers = new int[8 + (Shape.MaxRank * 4)];
        new[] { count, call.Output.Shape.Count, rows, inner, columns, batch.Extents.Length }.CopyTo(numbers, 0);
        for (int level = 0; level < batch.Extents.Length; level++)
            new[] { batch.Extents[level], batch.Strides[0][level], batch.Strides[1][level] }.CopyTo(numbers, 8 + (level * 4));
        int lanes = Lanes.For(4L * (inner + batch.Extents.Length + 3), limits);
        return [Dispatch.Shared("layers/mat_mul.comp", Dispatch.Bytes(numbers), count, lanes, $"A matrix product over {inner} elements", Operand.Of(0), Operand.Of(1))];
    }
}
