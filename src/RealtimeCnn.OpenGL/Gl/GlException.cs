namespace RealtimeCnn.OpenGL;

/// <summary>OpenGL could not do what was asked; the message says what and what to do about it.</summary>
public class GlException : Exception
{
    /// <summary>An error without a description; prefer one that says what happened.</summary>
    public GlException()
    {
    }

    /// <summary>An error that says what happened.</summary>
    public GlException(string message)
        : base(message)
    {
    }

    /// <summary>An error that came from another one.</summary>
    public GlException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
