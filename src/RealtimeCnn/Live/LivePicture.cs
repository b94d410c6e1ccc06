using RealtimeCnn.Drawing;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>
/// A picture where its pipeline reads it: a texture, or bytes in memory. It carries a later picture once everybody who held it has
/// released it. Used on the pipeline's thread only.
/// </summary>
public abstract class LivePicture
{
    private int _holds;

    /// <summary>Size and layout of the pixels.</summary>
    public FrameFormat Format { get; internal set; }

    /// <summary>How the stored pixels are cropped, turned and mirrored.</summary>
    public FrameGeometry Geometry { get; internal set; }

    /// <summary>When the picture was taken, on the clock of <see cref="FrameClock"/>.</summary>
    public TimeSpan Timestamp { get; internal set; }

    /// <summary>Number of the picture in its source.</summary>
    public long Sequence { get; internal set; }

    /// <summary>Height and width as a viewer sees it: cropped and turned.</summary>
    public Size2d Upright => new PictureMapping(new Size2d(Format.Height, Format.Width), Geometry, 1, FitMode.Stretch).Upright;

    /// <summary>The same picture in memory, where a network on the CPU reads it; null where only a texture is.</summary>
    internal virtual PixelPicture? Pixels => null;

    internal bool IsHeld => _holds > 0;

    /// <summary>Draws the picture, upright, stretched to a rectangle.</summary>
    /// <param name="canvas">A canvas of the kind that the picture's pipeline draws on: on the GPU for a texture, in memory for bytes.</param>
    /// <param name="where">On the canvas, in its units.</param>
    /// <param name="mirrored">Whether left and right change places, as in a mirror; networks see the picture as it is.</param>
    /// <exception cref="ArgumentException">The canvas is of the other kind.</exception>
    public abstract void Draw(Canvas canvas, Area where, bool mirrored = false);

    /// <summary>Says that the caller reads it no more. Whoever got the picture releases it once; results release theirs themselves.</summary>
    public void Release()
    {
        if (_holds > 0 && --_holds == 0)
            GiveBack();
    }

    internal void Hold() => _holds++;

    internal void Describe(Frame frame) =>
        (Format, Geometry, Timestamp, Sequence) = (frame.Format, frame.Geometry, frame.Timestamp, frame.Sequence);

    /// <summary>Called when the last hold has ended.</summary>
    private protected virtual void GiveBack()
    {
    }
}
