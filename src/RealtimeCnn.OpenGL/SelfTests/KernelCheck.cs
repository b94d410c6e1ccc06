namespace RealtimeCnn.OpenGL;

/// <summary>One computation on a driver, compared with the same on the CPU.</summary>
/// <param name="Name">What was computed, such as <c>Conv2d stride 2</c>.</param>
/// <param name="Shaders">The compute shaders that took part, in order, with their defines.</param>
/// <param name="Shape">Shape of the result.</param>
/// <param name="Tolerance">Largest <see cref="RelativeError"/> that passes.</param>
/// <param name="CompileMilliseconds">Compiling and linking what no earlier check had compiled.</param>
public sealed record KernelCheck(string Name, IReadOnlyList<string> Shaders, string Shape, double Tolerance, double CompileMilliseconds)
{
    /// <summary>Relative L2 error, <c>‖GPU − CPU‖ / ‖CPU‖</c>; infinite where one side alone has a NaN or an infinity, or nothing was computed.</summary>
    public double RelativeError { get; init; } = double.PositiveInfinity;

    /// <summary>Largest difference of one element.</summary>
    public double LargestError { get; init; } = double.PositiveInfinity;

    /// <summary>Coordinates of that element.</summary>
    public IReadOnlyList<int> Worst { get; init; } = [];

    /// <summary>That element on the CPU.</summary>
    public float Expected { get; init; }

    /// <summary>That element on the GPU.</summary>
    public float Actual { get; init; }

    /// <summary>What the driver refused to do; null where it computed something.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the driver can be trusted with this.</summary>
    public bool Passed => Problem == null && RelativeError <= Tolerance;

    /// <summary>The same with the outcome of comparing two results, element by element.</summary>
    internal KernelCheck Compare(Tensor expected, Tensor actual)
    {
        if (expected.Shape != actual.Shape)
            return this with { Problem = $"the result has shape {actual.Shape}" };
        double error = 0, power = 0, largest = -1;
        int at = 0;
        for (int i = 0; i < expected.Shape.Count; i++)
        {
            float want = expected.Span[i], got = actual.Span[i];
            double difference = want.Equals(got) ? 0 : Math.Abs((double)got - want);
            if (double.IsNaN(difference))
                difference = double.PositiveInfinity;
            if (difference > largest)
                (largest, at) = (difference, i);
            error += difference * difference;
            power += float.IsFinite(want) ? (double)want * want : 0;
        }

        // All zeros on the CPU and anything else on the GPU is an error without measure.
        double relative = error == 0 ? 0 : Math.Sqrt(error / power);
        return this with
        {
            RelativeError = relative, LargestError = largest, Worst = Coordinates(expected.Shape, at), Expected = expected.Span[at], Actual = actual.Span[at],
        };
    }

    private static int[] Coordinates(Shape shape, int index)
    {
        int[] at = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
            (index, at[axis]) = Math.DivRem(index, shape[axis]);
        return at;
    }
}
