namespace RealtimeCnn.Training.Data;

/// <summary>Data that cannot be used; the message names the file and says why.</summary>
public sealed class DataSetException : Exception
{
    /// <summary>An error without details.</summary>
    public DataSetException()
    {
    }

    /// <summary>An error.</summary>
    /// <param name="message">Which data, and why.</param>
    public DataSetException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    /// <param name="message">Which data, and why.</param>
    /// <param name="innerException">The cause.</param>
    public DataSetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
