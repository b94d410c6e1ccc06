namespace RealtimeCnn;

/// <summary>Tensor shapes that are impossible, or that do not fit a layer.</summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>An error without a message.</summary>
    public ShapeException()
    {
    }

    /// <summary>An error that says what was asked and what was given.</summary>
    public ShapeException(string message)
        : base(message)
    {
    }

    /// <summary>An error that says what was asked and what was given, with its cause.</summary>
    public ShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
