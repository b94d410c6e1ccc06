using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Onnx;

/// <summary>A file that cannot be used, with what is wrong and what would be right, for people to read.</summary>
public sealed class OnnxException : Exception
{
    private const int MaxLength = 4000;

    /// <summary>An error without a message.</summary>
    public OnnxException()
    {
    }

    /// <summary>An error that says what is wrong. Control characters are escaped, and what is longer than a screen is cut.</summary>
    public OnnxException(string message)
        : base(Printable.Text(message, MaxLength))
    {
    }

    /// <summary>An error that says what is wrong, with its cause.</summary>
    public OnnxException(string message, Exception innerException)
        : base(Printable.Text(message, MaxLength), innerException)
    {
    }

    /// <summary>An error made of everything that cannot be mapped.</summary>
    /// <param name="message">The whole text.</param>
    /// <param name="problems">Its parts.</param>
    public OnnxException(string message, IReadOnlyList<OnnxProblem> problems)
        : base(Printable.Text(message, 16 * MaxLength)) => Problems = problems;

    /// <summary>An error about something that is well-formed, but not supported.</summary>
    internal static OnnxException Unsupported(string what, string message) => new(message, [new OnnxProblem(what, what, string.Empty, 0, message, true)]);

    /// <summary>An error about a limit that a file goes beyond.</summary>
    /// <param name="message">What is asked for, and the limit.</param>
    /// <param name="limit">The property of <see cref="OnnxLimits"/> that says it.</param>
    internal static OnnxException Limit(string message, string limit) =>
        new($"{message} ({nameof(OnnxLimits)}.{limit}, which can be raised for a file that is trusted).") { IsLimit = true };

    /// <summary>The same error with the place where it arose.</summary>
    internal OnnxException At(string place) => new($"{place}: {Message}", this) { IsLimit = IsLimit };

    /// <summary>Whether the file goes beyond one of the <see cref="OnnxLimits"/>, which can be raised for a file that is trusted.</summary>
    public bool IsLimit { get; private init; }

    /// <summary>The nodes that cannot be mapped; empty when something else is wrong.</summary>
    public IReadOnlyList<OnnxProblem> Problems { get; } = [];

    /// <summary>Whether the file is well-formed and only asks for something that is not supported.</summary>
    public bool IsUnsupported => Problems.Count > 0 && Problems.All(problem => problem.IsUnsupported);
}

/// <summary>A node that cannot be mapped.</summary>
/// <param name="Node">Name of the node, or of its first output.</param>
/// <param name="Op">Operator, with its domain where it is not the standard one.</param>
/// <param name="Attribute">The attribute or input concerned; empty when it is the operator as a whole.</param>
/// <param name="Opset">Operator set version that the file declares for the domain.</param>
/// <param name="Reason">What is wrong, and what is supported.</param>
/// <param name="IsUnsupported">Whether the file is right and the importer's limits are reached, rather than the file being wrong.</param>
public sealed record OnnxProblem(string Node, string Op, string Attribute, long Opset, string Reason, bool IsUnsupported)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Op} '{Node}' (opset {Opset}){(Attribute.Length == 0 ? string.Empty : $", {Attribute}")}: {Reason}";
}
