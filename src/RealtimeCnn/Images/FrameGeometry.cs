namespace RealtimeCnn.Images;

/// <summary>Clockwise turn that brings the stored picture upright.</summary>
public enum Rotation
{
    /// <summary>The stored picture is upright.</summary>
    None = 0,

    /// <summary>A quarter turn clockwise.</summary>
    Clockwise90 = 90,

    /// <summary>A half turn.</summary>
    Clockwise180 = 180,

    /// <summary>A quarter turn anticlockwise.</summary>
    Clockwise270 = 270,
}

/// <summary>A rectangle of stored pixels.</summary>
/// <param name="Left">First column, from 0.</param>
/// <param name="Top">First row, from 0.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public readonly record struct PictureRegion(int Left, int Top, int Width, int Height)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Width}×{Height} at ({Left}, {Top})";
}

/// <summary>How the stored pixels of a frame relate to the scene as a viewer should see it.</summary>
/// <param name="Rotation">Clockwise turn to apply to the stored picture.</param>
/// <param name="Mirrored">Whether the upright picture is then flipped left to right (a selfie view).</param>
public readonly record struct FrameGeometry(Rotation Rotation, bool Mirrored)
{
    /// <summary>The part of the stored picture that is seen, before it is turned: all else might as well not be there. Null for the whole.</summary>
    public PictureRegion? Crop { get; init; }

    /// <summary>The region that is seen of a stored picture.</summary>
    /// <param name="stored">The stored picture's size, in pixels.</param>
    /// <exception cref="ArgumentException">The crop does not lie inside it.</exception>
    public PictureRegion RegionOf(Size2d stored)
    {
        if (Crop is not { } crop)
            return new PictureRegion(0, 0, stored.Width, stored.Height);
        bool fits = crop is { Left: >= 0, Top: >= 0, Width: >= 1, Height: >= 1 } && crop.Left <= stored.Width - crop.Width && crop.Top <= stored.Height - crop.Height;
        return fits ? crop : throw new ArgumentException($"A crop of {crop} does not lie inside a picture of {stored.Width}×{stored.Height} pixels.");
    }
}
