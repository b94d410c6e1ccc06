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

/// <summary>How the stored pixels of a frame relate to the scene as a viewer should see it.</summary>
/// <param name="Rotation">Clockwise turn to apply to the stored picture.</param>
/// <param name="Mirrored">Whether the upright picture is then flipped left to right (a selfie view).</param>
public readonly record struct FrameGeometry(Rotation Rotation, bool Mirrored);
