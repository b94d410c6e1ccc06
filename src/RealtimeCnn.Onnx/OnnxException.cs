namespace RealtimeCnn.Onnx;

/// <summary>A file that cannot be used, with what is wrong and what would be right, for people to read.</summary>
public sealed class OnnxException : Exception
{
    /// <summary>An error without a message.</summary>
    public OnnxException()
    {
    }

    /// <summary>An error that says what is wrong.</summary>
    public OnnxException(string message)
        : base(message)
    {
    }

    /// <summary>An error that says what is wrong, with its cause.</summary>
    public OnnxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error made of everything that cannot be mapped.</summary>
    /// <param name="message">The whole text.</param>
    /// <param name="problems">Its parts.</param>
    public OnnxException(string message, IReadOnlyList<OnnxProblem> problems)
        : base(message) => Problems = problems;

    /// <summary>An error about something that is well-formed, but not supported.</summary>
    internal static OnnxException Unsupported(string what, string message) => new(message, [new OnnxProblem(what, what, string.Empty, 0, message, true)]);

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
