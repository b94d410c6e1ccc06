using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Where a video is, and where it was asked to go on, between the source's thread, which opens the video anew for each jump, and everybody else.
/// A jump that is asked for while one before has brought no picture yet waits for that picture: so a mouse that is dragged over the time of
/// a video sees pictures of it, and opens it once after the other.
/// </summary>
/// <param name="sink">Lets go of pictures of before.</param>
/// <param name="abort">Ends an opening that takes long.</param>
internal sealed class VideoTimeline(FrameSink sink, Action abort) : ITimeline
{
    // Pictures that may be known to somebody and not taken yet.
    private const int Remembered = 16;

    private static readonly TimeSpan LongOpening = TimeSpan.FromSeconds(0.7);
    private readonly Lock _lock = new();
    private readonly (long Number, TimeSpan Position)[] _positions = new (long, TimeSpan)[Remembered];
    private TimeSpan? _length, _asked;
    private double _rate;
    private TimeSpan? _opening;
    private TimeSpan _from;
    private long _pictures, _again = -1;

    /// <inheritdoc/>
    public TimeSpan? Length
    {
        get
        {
            lock (_lock)
                return _length;
        }
    }

    /// <summary>Whether another time was asked for since the last <see cref="Open"/>.</summary>
    public bool IsAsked
    {
        get
        {
            lock (_lock)
                return _asked != null;
        }
    }

    /// <inheritdoc/>
    public TimeSpan? PositionOf(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        lock (_lock)
        {
            var (number, position) = _positions[frame.Sequence % Remembered];
            return number == frame.Sequence + 1 ? position : null;
        }
    }

    /// <inheritdoc/>
    public void Seek(TimeSpan time)
    {
        bool isLong;
        lock (_lock)
        {
            if (_length is not { } length)
                return;
            _asked = time < TimeSpan.Zero ? TimeSpan.Zero : time < length ? time : length;
            isLong = FrameClock.Now - _opening > LongOpening;
            if (_opening == null)
                sink.Jump();
        }

        if (isLong)
            abort();
    }

    /// <summary>The video is about to be opened; on the source's thread.</summary>
    /// <returns>Where it is to be entered: at the picture that is shown then; null for its beginning.</returns>
    public TimeSpan? Open()
    {
        lock (_lock)
        {
            var time = _asked;
            _asked = null;
            // Only a jump's first picture is waited for: any other may be held by a pause.
            _opening = time != null ? FrameClock.Now : null;
            (_from, _pictures, _again) = (TimeSpan.Zero, 0, -1);
            if (time != null)
                sink.Land();
            return time is not { } asked ? null : StartOf(asked);
        }
    }

    /// <summary>What the video says of itself.</summary>
    /// <param name="from">From where its times count.</param>
    /// <param name="length">How long it is; null where it does not say.</param>
    /// <param name="rate">Pictures per second; null where it does not say.</param>
    public void Learn(TimeSpan from, TimeSpan? length, double? rate)
    {
        lock (_lock)
            (_from, _length, _rate) = (from, rate > 0 && length > TimeSpan.Zero ? length : null, rate ?? 0);
    }

    /// <summary>A picture is about to be delivered.</summary>
    /// <param name="number">Its own.</param>
    /// <param name="time">Of the picture, since where the video was entered.</param>
    public void Note(long number, TimeSpan time)
    {
        lock (_lock)
        {
            _positions[number % Remembered] = (number + 1, PositionOf(time));
            _pictures++;
            _opening = null;
        }
    }

    /// <summary>The middle between the picture that is shown at a time and the one before, so that no rounding makes it another; zero for the first.</summary>
    private TimeSpan StartOf(TimeSpan time)
    {
        double last = Math.Max(Math.Round(_length!.Value.TotalSeconds * _rate) - 1, 0);
        double number = Math.Clamp(Math.Floor((time.TotalSeconds * _rate) + 1e-3), 0, last);
        return TimeSpan.FromSeconds(Math.Max(number - 0.5, 0) / _rate);
    }

    // Behind its end it begins again, and times go on. Then pictures are counted, because the length is rounded.
    private TimeSpan PositionOf(TimeSpan time)
    {
        var position = _from + time;
        if (_length is not { } length || (_again < 0 && position < length))
            return position;
        if (_again < 0)
            _again = _pictures;
        double pictures = Math.Max(Math.Round(length.TotalSeconds * _rate), 1);
        return TimeSpan.FromSeconds((_pictures - _again) % pictures / _rate);
    }
}
