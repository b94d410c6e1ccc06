using System.Numerics;
using RealtimeCnn.Heads;

namespace RealtimeCnn.Tracking;

/// <summary>A thing that is followed from picture to picture.</summary>
/// <param name="Id">Its number; no other thing of the same tracker ever has it.</param>
/// <param name="Box">
/// Where it is, smoothed, in the units of the detections, with the label that most pictures gave it and the score of the newest detection.
/// Where it was not found in the newest picture, where it should be.
/// </param>
/// <param name="Detection">Place of what was found in the newest picture among its detections; −1 where it was not found.</param>
/// <param name="Begun">When it was first seen, in the time of the pictures.</param>
/// <param name="Seen">When it was last seen.</param>
/// <param name="Hits">Pictures in which it was found.</param>
/// <param name="Missed">Pictures since it was last found; 0 where the newest has it.</param>
/// <param name="VelocityX">To the right, in units per second.</param>
/// <param name="VelocityY">Downwards, in units per second.</param>
/// <param name="Landmarks">Its points, smoothed, in the units of its box; empty where the tracker has none. They hold until the tracker's next picture.</param>
public readonly record struct Track(
    long Id, Detection Box, int Detection, TimeSpan Begun, TimeSpan Seen, int Hits, int Missed, float VelocityX, float VelocityY, ReadOnlyMemory<Vector2> Landmarks)
{
    /// <summary>How long it has been followed: from the picture in which it was first seen to that in which it was last.</summary>
    public TimeSpan Age => Seen - Begun;
}
