namespace RealtimeCnn.Training;

/// <summary>A checkpoint that cannot be resumed from; the message names the file and says why.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>An error without details.</summary>
    public CheckpointException()
    {
    }

    /// <summary>An error.</summary>
    /// <param name="message">Which file, and why.</param>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    /// <param name="message">Which file, and why.</param>
    /// <param name="innerException">The cause.</param>
    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
