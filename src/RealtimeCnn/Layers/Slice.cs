using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>A part of one axis: every <see cref="Step"/>-th element from <see cref="Start"/> up to, not including, <see cref="End"/>.</summary>
/// <param name="Axis">The axis, negative from the end.</param>
/// <param name="Start">First element; negative from the end; beyond either end it is the end.</param>
/// <param name="End">Element after the last one; negative from the end; <see cref="int.MaxValue"/> (<see cref="int.MinValue"/> for negative steps) for all.</param>
/// <param name="Step">Step, not 0; negative backwards.</param>
public readonly record struct AxisRange(int Axis, int Start, int End, int Step = 1)
{
    /// <summary>The first element and the number of elements, in an axis of a given extent.</summary>
    internal (int Start, int Count) Within(int extent)
    {
        if (Step == 0)
            throw new ShapeException($"a slice of axis {Axis} has step 0.");
        int lowest = Step > 0 ? 0 : -1, highest = Step > 0 ? extent : extent - 1;
        int start = Math.Clamp(Start < 0 ? Start + extent : Start, lowest, highest);
        int end = End == int.MinValue ? lowest : Math.Clamp(End < 0 ? End + extent : End, lowest, highest);
        long length = Step > 0 ? (long)end - start : (long)start - end;
        long step = Math.Abs((long)Step);
        return (start, (int)Math.Max((length + step - 1) / step, 0));
    }
}

/// <summary>A part of a tensor: along each named axis, every step-th element of a range; <c>y[…i…] = x[…start + i·step…]</c>.</summary>
/// <param name="Ranges">One for each axis that is cut; the others stay whole.</param>
/// <exception cref="ShapeException">An axis does not exist or is named twice, or a step is 0.</exception>
/// <remarks>Shapes: any → the same rank, each named axis <c>ceil((end − start) / step)</c>. Source: ONNX Slice.</remarks>
public sealed record Slice(params IReadOnlyList<AxisRange> Ranges) : StridedCopyLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        AxisIndex.ResolveAll(Ranges.Map(range => range.Axis), x.Rank);
        int[] extents = x.ToArray();
        foreach (var range in Ranges)
        {
            int axis = AxisIndex.Resolve(range.Axis, x.Rank);
            extents[axis] = range.Within(x[axis]).Count;
        }

        return new Shape(extents);
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => Ranges.All(range => range.Axis is 0 or 1) ? part : ReceptiveField.Whole(input);

    /// <inheritdoc/>
    public override string ToString() => $"Slice {string.Join(", ", Ranges.Select(range => $"axis {range.Axis} [{range.Start}..{range.End}) step {range.Step}"))}";

    internal override StridedView View(Shape input, Shape output)
    {
        int[] start = new int[input.Rank], steps = [.. Enumerable.Repeat(1, input.Rank)];
        foreach (var range in Ranges)
        {
            int axis = AxisIndex.Resolve(range.Axis, input.Rank);
            start[axis] = range.Within(input[axis]).Start;
            steps[axis] = range.Step;
        }

        return new StridedView(start, [.. Enumerable.Range(0, input.Rank).Select(axis => new Digit(axis, output[axis], axis, steps[axis]))]);
    }
}
