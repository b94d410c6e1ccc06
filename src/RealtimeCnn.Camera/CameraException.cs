namespace RealtimeCnn.Camera;

/// <summary>A camera, file or stream cannot be used; the message says why and what to do about it.</summary>
public sealed class CameraException : Exception
{
    /// <summary>An error without details.</summary>
    public CameraException()
    {
    }

    /// <summary>An error.</summary>
    /// <param name="message">Why, and what to do about it.</param>
    public CameraException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    /// <param name="message">Why, and what to do about it.</param>
    /// <param name="innerException">The cause.</param>
    public CameraException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
