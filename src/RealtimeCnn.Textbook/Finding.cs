namespace RealtimeCnn.Textbook;

/// <summary>One number that a claim was measured by.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Measured">The number found, as text.</param>
/// <param name="Expected">The number it should be, or the bound it should keep, as text.</param>
/// <param name="Holds">Whether it is, or does.</param>
public sealed record Finding(string What, string Measured, string Expected, bool Holds)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Holds ? "holds" : "FAILS")}: {What}: {Measured} ({Expected})";
}
