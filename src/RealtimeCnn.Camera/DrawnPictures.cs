using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>The pictures of a scene that a source draws: of one size, at one rate, until an end.</summary>
internal sealed class DrawnPictures
{
    private const int LeastSide = 32;
    private readonly double _frameRate;
    private readonly long _count;

    /// <param name="width">Pixels in a row, at least 32.</param>
    /// <param name="height">Rows, at least 32.</param>
    /// <param name="frameRate">Pictures per second of the scene's time.</param>
    /// <param name="pictures">Pictures until the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 32, or the rate or count not positive.</exception>
    public DrawnPictures(int width, int height, double frameRate, long pictures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, LeastSide);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, LeastSide);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frameRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pictures);
        Format = new FrameFormat(width, height, PixelFormat.Rgba);
        Format.Validate();
        (_frameRate, _count) = (frameRate, pictures);
    }

    /// <summary>Draws a picture of a number into its bytes.</summary>
    public delegate void Drawing(long number, Span<byte> target);

    /// <summary>Of every picture.</summary>
    public FrameFormat Format { get; }

    /// <summary>Draws one after the other into what the sink lends, each when it is due.</summary>
    /// <exception cref="OperationCanceledException">The source is being disposed.</exception>
    public void Play(FrameSink sink, Drawing draw)
    {
        var pace = new Pace(sink);
        for (long number = 0; number < _count; number++)
        {
            var timestamp = pace.Wait(TimeSpan.FromSeconds(number / _frameRate));
            if (sink.Rent(Format) is not { } buffer)
                continue;
            draw(number, buffer.Bytes);
            sink.Deliver(buffer, Format, timestamp);
        }
    }
}
