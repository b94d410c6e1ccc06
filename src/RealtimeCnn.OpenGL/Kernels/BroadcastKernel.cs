using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Functions of two or three tensors with broadcasting: all <see cref="BinaryLayer"/>s, <see cref="PRelu"/> and <see cref="Where"/>.</summary>
internal static class BroadcastKernel
{
    // Behind the numbers of BinaryFunction.
    private const int PReluFunction = 17;

    // Where in the block Params of include/broadcast.glsl what begins, in ints.
    private const int Steps = 8, Loops = Steps + (3 * 4), ByExtents = Loops + (Shape.MaxRank * 4), Length = ByExtents + (Shape.MaxRank * 2);

    public static Dispatch[] Plan(LayerCall call)
    {
        var y = call.Output.Shape;
        bool blocked = call.Output.Layout == Layout.Blocked;
        Shape[] operands = [.. call.Inputs.Select(input => input.Shape), .. call.Parameters.Select(parameter => parameter.Shape)];
        int count = ConvolutionParams.Vectors(call.Output), blocks = BlockedLayout.Blocks(y.Channels, GpuKernels.Block);
        IndexDivisor byArea = IndexDivisor.By(y.Area), byBlocks = IndexDivisor.By(blocks);
        int[] numbers = new int[Length];
        new[] { count, y.Channels, y.Area, y.Count, byArea.Multiplier, byArea.Shift, byBlocks.Multiplier, byBlocks.Shift }.CopyTo(numbers, 0);
        var (levels, reads) = blocked ? (0, WalkBlocks(operands, y, numbers)) : WalkRows(operands, y, numbers);
        string[] defines = [$"LEVELS {levels}", .. reads.Select((read, i) => $"READ_{"ABC"[i]} {(int)read}")];
        Operand[] bound = [.. call.Inputs.Select((_, i) => Operand.Of(i)), .. call.Parameters.Select((_, i) => Operand.Of(VectorPacking.Of(call, i, GpuKernels.Block)))];
        return call.Layer is Where
            ? [new Dispatch("layers/where.comp", Dispatch.Bytes(numbers), Dispatch.Flat(count), bound) { Defines = defines }]
            : [new Dispatch("layers/binary.comp", Dispatch.Bytes(numbers), Dispatch.Flat(count), bound) { Defines = [$"FUNCTION {(call.Layer is BinaryLayer layer ? (int)layer.Function : PReluFunction)}", .. defines] }];
    }

    private static Read[] WalkBlocks(Shape[] operands, Shape y, int[] numbers)
    {
        var whole = BroadcastOperand.Of(y, y, GpuKernels.Block);
        return operands.Map((shape, i) =>
        {
            var operand = BroadcastOperand.Of(shape, y, GpuKernels.Block);
            new[] { operand.Batch, operand.Block, operand.Pixel, operand.Lane }.CopyTo(numbers, Steps + (i * 4));
            return operand == whole ? Read.Whole : operand == default ? Read.Same : Read.Steps;
        });
    }

    private static (int Levels, Read[] Reads) WalkRows(Shape[] operands, Shape y, int[] numbers)
    {
        var loop = BroadcastLoop.Of(operands, y);
        int levels = loop.Extents.Length;
        for (int level = 0; level < levels; level++)
        {
            // The shader has the innermost level first.
            int from = levels - 1 - level;
            numbers[Loops + (level * 4)] = loop.Extents[from];
            for (int i = 0; i < operands.Length; i++)
                numbers[Loops + 1 + (level * 4) + i] = loop.Strides[i][from];
            var byExtent = IndexDivisor.By(loop.Extents[from]);
            (numbers[ByExtents + (level * 2)], numbers[ByExtents + 1 + (level * 2)]) = (byExtent.Multiplier, byExtent.Shift);
        }

        return (levels, loop.Strides.Map(strides => strides.All(stride => stride == 0) ? Read.Same : strides is [1] ? Read.Whole : Read.Steps));
    }

    /// <summary>How an operand is read, by the numbers of <c>include/broadcast.glsl</c>.</summary>
    private enum Read
    {
        Steps,
        Same,
        Whole,
    }
}
