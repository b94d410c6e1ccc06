using System.Globalization;

namespace RealtimeCnn.Heads;

/// <summary>Width and height of a box that a detector starts from.</summary>
/// <param name="Width">In pixels of the input, or in cells where a family says so.</param>
/// <param name="Height">In the same unit.</param>
public readonly record struct AnchorSize(float Width, float Height)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
