using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>A picture that waits to be written, in memory of its own.</summary>
internal readonly record struct RecordedPicture(FrameBuffer Buffer, FrameFormat Format, FrameGeometry Geometry, TimeSpan Timestamp, long Sequence)
{
    public Frame ToFrame() => new(Buffer, Format, Timestamp, Sequence, Geometry);
}
