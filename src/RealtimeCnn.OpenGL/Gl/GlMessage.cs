namespace RealtimeCnn.OpenGL;

/// <summary>How much a message from the driver or the device matters.</summary>
public enum GlSeverity
{
    /// <summary>Worth a line in a log.</summary>
    Information,

    /// <summary>Works, but slower than it should, or a leak that was cleaned up.</summary>
    Warning,

    /// <summary>A call failed; its result is not to be trusted.</summary>
    Error,
}

/// <summary>What the driver (KHR_debug) or the device had to say.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">The message, in one line.</param>
public readonly record struct GlMessage(GlSeverity Severity, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Severity}: {Text}";
}
