using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Functions of two or three tensors with broadcasting: all <see cref="BinaryLayer"/>s, <see cref="PRelu"/> and <see cref="Where"/>.</summary>
internal static class BroadcastKernel
{
    // Behind the numbers of BinaryFunction.
    private const int PReluFunction = 17;

    public static Dispatch[] Plan(LayerCall call)
    {
        var y = call.Output.Shape;
        bool blocked = call.Output.Layout == Layout.Blocked;
        Shape[] operands = [.. call.Inputs.Select(input => input.Shape), .. call.Parameters.Select(parameter => parameter.Shape)];
        int function = call.Layer switch { BinaryLayer layer => (int)layer.Function, PRelu => PReluFunction, _ => 0 };
        int count = ConvolutionParams.Vectors(call.Output);

        int[] numbers = new int[8 + (3 * 4) + (Shape.MaxRank * 4)];
        int levels = 0;
        if (blocked)
        {
            for (int i = 0; i < operands.Length; i++)
            {
                var operand = BroadcastOperand.Of(operands[i], y, GpuKernels.Block);
                new[] { operand.Batch, operand.Block, operand.Pixel, operand.Lane }.CopyTo(numbers, 8 + (i * 4));
            }
        }
        else
        {
            var loop = BroadcastLoop.Of(operands, y);
            levels = loop.Extents.Length;
            for (int level = 0; level < levels; level++)
            {
                numbers[20 + (level * 4)] = loop.Extents[level];
                for (int i = 0; i < operands.Length; i++)
                    numbers[21 + (level * 4) + i] = loop.Strides[i][level];
            }
        }

        new[] { count, blocked ? y.Channels : 0, y.Area, levels, y.Count, function }.CopyTo(numbers, 0);
        Operand[] reads = [.. call.Inputs.Select((_, i) => Operand.Of(i)), .. call.Parameters.Select((_, i) => Operand.Of(VectorPacking.Of(call, i, GpuKernels.Block)))];
        return [new Dispatch(call.Layer is Where ? "layers/where.comp" : "layers/binary.comp", Dispatch.Bytes(numbers), Dispatch.Flat(count), reads)];
    }
}
