namespace RealtimeCnn.Layers;

/// <summary>How many numbers become one.</summary>
/// <remarks>The numbers are those of <c>shaders/layers/reduce.comp</c>.</remarks>
public enum ReduceFunction
{
    /// <summary><c>Σ x / n</c>.</summary>
    Mean = 0,

    /// <summary><c>Σ x</c>.</summary>
    Sum = 1,

    /// <summary>The largest; NaN wins.</summary>
    Max = 2,

    /// <summary>The smallest; NaN wins.</summary>
    Min = 3,

    /// <summary><c>Π x</c>.</summary>
    Product = 4,

    /// <summary><c>Σ |x|</c>.</summary>
    L1 = 5,

    /// <summary><c>√(Σ x²)</c>.</summary>
    L2 = 6,

    /// <summary><c>ln(Σ x)</c>.</summary>
    LogSum = 7,

    /// <summary><c>ln(Σ e^x)</c>, without overflow.</summary>
    LogSumExp = 8,

    /// <summary><c>Σ x²</c>.</summary>
    SumSquare = 9,
}

/// <summary>Turns all elements along some axes into one, by a <see cref="ReduceFunction"/>.</summary>
/// <param name="Function">The function.</param>
/// <param name="Axes">The axes that disappear, negative from the end; none for all.</param>
/// <exception cref="ShapeException">An axis does not exist, is named twice, or has no elements.</exception>
/// <remarks>
/// Shapes: <c>[N, C, H, W] → [N, C, 1, 1]</c> for axes 2 and 3, <c>[N, C]</c> without <see cref="KeepAxes"/>. Channel-blocked
/// memory stays so when no other axes than those behind the channels disappear. Sums on the CPU run in double. Source: ONNX ReduceMean, ReduceSum,
/// ReduceMax, ReduceMin, ReduceProd, ReduceL1, ReduceL2, ReduceLogSum, ReduceLogSumExp, ReduceSumSquare.
/// </remarks>
public sealed record Reduce(ReduceFunction Function, params IReadOnlyList<int> Axes) : Layer
{
    /// <summary>Whether the axes stay, with extent 1.</summary>
    public bool KeepAxes { get; init; } = true;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int[] axes = AxisIndex.ResolveAll(Axes, x.Rank);
        if (axes.Any(axis => x[axis] == 0))
            throw new ShapeException($"{x} has no elements along axes [{string.Join(", ", axes)}].");
        var all = Enumerable.Range(0, x.Rank);
        return new Shape([.. KeepAxes ? all.Select(axis => axes.Contains(axis) ? 1 : x[axis]) : all.Except(axes).Select(axis => x[axis])]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Reduce {Function} [{string.Join(", ", Axes)}]{(KeepAxes ? "" : ", axes left out")}";
}
