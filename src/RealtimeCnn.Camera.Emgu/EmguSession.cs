using Emgu.CV;
using Emgu.CV.CvEnum;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera.Emgu;

/// <summary>
/// One opening of a capture, on a thread of its own. OpenCV's calls cannot be interrupted, so a thread that hangs in one
/// is left behind: it owns everything that it touches, and cleans up if it ever comes back.
/// </summary>
internal sealed class EmguSession(string name, bool live, CaptureOpening opening, CameraOptions options, FrameSink sink)
{
    private const int MostFailures = 30;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<SessionEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _pictures;
    private long _picturesBefore;
    private TimeSpan _playedBefore;
    private bool _abandoned;

    /// <summary>What the device agreed to, or null before it opened.</summary>
    public EmguFormat? Format { get; private set; }

    /// <summary>Opens, delivers, and waits for the end or for <see cref="Abandon"/>.</summary>
    public SessionEnd Run()
    {
        new Thread(Work) { IsBackground = true, Name = $"OpenCV {name}" }.Start();
        return _end.Task.GetAwaiter().GetResult();
    }

    /// <summary>Ends the session now, whatever its thread is doing. No frame is delivered afterwards.</summary>
    public void Abandon(string reason)
    {
        lock (_gate)
        {
            _abandoned = true;
            _end.TrySetResult(new SessionEnd(_pictures, $"{name}: {reason}"));
        }
    }

    private void Work()
    {
        try
        {
            string? reason = Capture();
            _end.TrySetResult(new SessionEnd(_pictures, reason));
        }
        catch (OperationCanceledException)
        {
            _end.TrySetResult(new SessionEnd(_pictures, $"{name}: closed"));
        }
#pragma warning disable CA1031 // An exception on this thread would end the process; it becomes the source's own.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _end.TrySetException(error);
        }
    }

    private bool Loops => !live && options.LoopsWith(sink.Delivery);

    // Why it ended, or null at the natural end of a file.
    private string? Capture()
    {
        OpenCvLog.Quiet();
        using var errors = ErrorRedirection.Hold();
        var capture = opening.Open();
        try
        {
            return Play(capture);
        }
        finally
        {
            if (opening.IsOwned)
                capture.Dispose();
        }
    }

    private string? Play(VideoCapture capture)
    {
        if (!capture.IsOpened)
            return $"{name} cannot be opened by OpenCV{Because()}: {opening.Advice}.";
        if (live && opening.IsOwned)
            Request(capture);
        Format = new EmguFormat((int)capture.Get(CapProp.FrameWidth), (int)capture.Get(CapProp.FrameHeight), capture.Get(CapProp.Fps), capture.BackendName);
        using var image = new Mat();
        var pace = new Pace(sink);
        var last = TimeSpan.Zero;
        int failures = 0;
        while (!Volatile.Read(ref _abandoned))
        {
            var begun = FrameClock.Now;
            if (!capture.Grab())
            {
                if (live || _pictures == 0)
                    return live ? $"{name} delivers no more pictures{Because()}." : $"{name} has no picture that OpenCV can read{Because()}.";
                if (!Loops)
                    return null;
                if (!TryRewind(capture, last))
                    return $"{name} cannot be played again from its beginning: OpenCV does not go back in it{Because()}.";
                continue;
            }

            // A camera's grab waits for the picture; a file's decodes it.
            var grabbed = FrameClock.Now;
            begun = live ? grabbed : begun;
            if (!capture.Retrieve(image) || image.IsEmpty)
            {
                sink.CountCorrupt();
                if (++failures == MostFailures)
                    return $"{name} delivered {failures} damaged pictures in a row{Because()}.";
                continue;
            }

            failures = 0;
            var worked = FrameClock.Now - begun;
            last = live ? grabbed : FileTime(capture);
            var time = live ? grabbed : pace.Wait(last);
            sink.BeginPicture(worked);
            if (Deliver(image, time) is { } wrong)
                return wrong;
        }

        return null;
    }

    // The next time round begins one picture after the end of this one. A round without a picture would never end.
    private bool TryRewind(VideoCapture capture, TimeSpan last)
    {
        if (_pictures == _picturesBefore || !capture.Set(CapProp.PosFrames, 0))
            return false;
        _playedBefore = last + TimeSpan.FromSeconds(1 / Rate(capture));
        _picturesBefore = _pictures;
        return true;
    }

    private void Request(VideoCapture capture)
    {
        // Not every backend has these; what it agreed to is read back.
        _ = capture.Set(CapProp.Buffersize, 1);
        if (options is { Width: { } width, Height: { } height })
        {
            _ = capture.Set(CapProp.FrameWidth, width);
            _ = capture.Set(CapProp.FrameHeight, height);
        }

        if (options.FrameRate is { } rate)
            _ = capture.Set(CapProp.Fps, rate);
    }

    // OpenCV tells a file's time in whole pictures on some backends only; else the rate tells it.
    private TimeSpan FileTime(VideoCapture capture)
    {
        double milliseconds = capture.Get(CapProp.PosMsec);
        return _playedBefore + (milliseconds > 0 ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.FromSeconds((_pictures - _picturesBefore) / Rate(capture)));
    }

    private static double Rate(VideoCapture capture) => capture.Get(CapProp.Fps) is > 0 and var given ? given : 25;

    private string? Deliver(Mat image, TimeSpan time)
    {
        if (image.Depth != DepthType.Cv8U || MatConversions.PixelsOf(image.NumberOfChannels) is not { } pixels)
            return $"{name} delivers {image.NumberOfChannels} channels of {image.Depth}; 1, 3 or 4 channels of 8 bits can be used.";
        var format = new FrameFormat(image.Cols, image.Rows, pixels);
        lock (_gate)
        {
            if (_abandoned)
                return null;
            _pictures++;
            if (sink.Rent(format) is not { } buffer)
                return null;
            sink.Deliver(buffer, format, time, Copy(image, format, buffer.Bytes));
        }

        return null;
    }

    // Rows may be padded, and the last one ends with its pixels.
    private static ulong Copy(Mat image, FrameFormat format, Span<byte> target)
    {
        var fingerprint = default(PixelFingerprint);
        for (int row = 0; row < format.Height; row++)
        {
            var pixels = MatConversions.Row(image, row, format.RowBytes);
            fingerprint.Add(pixels);
            pixels.CopyTo(target[(row * format.RowBytes)..]);
        }

        return fingerprint.Value;
    }

    private static string Because() => ErrorRedirection.TakeLast() is { } error ? $" ({error})" : "";
}
