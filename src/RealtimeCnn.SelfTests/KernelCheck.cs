using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests;

/// <summary>One computation on a driver, compared with its definition.</summary>
/// <param name="Layer">What was computed, such as <c>Conv2d</c>.</param>
/// <param name="Name">What is awkward about it, such as <c>stride above kernel</c>.</param>
/// <param name="Shaders">The compute shaders that took part, in order, with their defines.</param>
/// <param name="Shape">Shape of the result.</param>
/// <param name="Tolerance">Largest <see cref="TensorDifference.RelativeL2"/> that passes.</param>
/// <param name="CompileMilliseconds">Compiling and linking what no earlier check had compiled.</param>
public sealed record KernelCheck(string Layer, string Name, IReadOnlyList<string> Shaders, string Shape, double Tolerance, double CompileMilliseconds)
{
    /// <summary>How far the result is from what it should be; null where nothing was computed.</summary>
    public TensorDifference? Difference { get; init; }

    /// <summary>What the driver refused to do; null where it computed something.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the driver can be trusted with this.</summary>
    public bool Passed => Problem == null && Difference?.RelativeL2 <= Tolerance;

    /// <inheritdoc/>
    public override string ToString() => $"{Layer}: {Name}";

    /// <summary>The same with the outcome of comparing two results, element by element.</summary>
    internal KernelCheck Compare(DoubleTensor expected, Tensor actual) => expected.Shape == actual.Shape
        ? this with { Difference = TensorDifference.Between<double>(expected.Shape, expected.Values, actual.Span) }
        : this with { Problem = $"the result has shape {actual.Shape}" };
}
