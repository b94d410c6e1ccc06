using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Modes;

/// <summary>A picture as a network sees it, on its way to work beside the frames: the newest waits, while that before is worked on.</summary>
internal sealed class SeenPicture : IDisposable
{
    private (Tensor? Input, PictureMapping Mapping, long Number, TimeSpan Time) _waiting, _current;

    /// <summary>Whether one waits.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Whether there is one to work on.</summary>
    public bool HasCurrent => _current.Input != null;

    /// <summary>The one that is worked on.</summary>
    public Tensor Input => _current.Input!;

    /// <summary>Where its places lie in the picture.</summary>
    public PictureMapping Mapping => _current.Mapping;

    /// <summary>Number of its picture in the source.</summary>
    public long Number => _current.Number;

    /// <summary>When it came.</summary>
    public TimeSpan Time => _current.Time;

    /// <summary>Takes a newer one.</summary>
    /// <param name="input">The network's input; copied.</param>
    /// <param name="mapping">Where its places lie in the picture.</param>
    /// <param name="number">Of the picture in its source.</param>
    /// <param name="time">Now.</param>
    public void Put(Tensor input, PictureMapping mapping, long number, TimeSpan time)
    {
        if (_waiting.Input?.Shape != input.Shape)
        {
            _waiting.Input?.Dispose();
            _waiting.Input = new Tensor(input.Shape);
        }

        input.Span.CopyTo(_waiting.Input.Span);
        (_waiting.Mapping, _waiting.Number, _waiting.Time, IsWaiting) = (mapping, number, time, true);
    }

    /// <summary>The one that waits is worked on from now on, if there is one; nobody may be at work.</summary>
    public void Next()
    {
        if (!IsWaiting)
            return;
        (_waiting, _current, IsWaiting) = (_current, _waiting, false);
    }

    /// <summary>Another network sees pictures in another way.</summary>
    public void Forget()
    {
        _current.Input?.Dispose();
        (_current, IsWaiting) = (default, false);
    }

    public void Dispose()
    {
        _waiting.Input?.Dispose();
        _current.Input?.Dispose();
    }
}
