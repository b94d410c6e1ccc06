using RealtimeCnn.Images;

namespace RealtimeCnn.Studio.Watching;

/// <summary>Counts messages against a rate: a second's worth may come at once, more only as time goes on.</summary>
/// <param name="mostPerSecond">The rate.</param>
internal sealed class MessageRate(int mostPerSecond)
{
    private double _left = mostPerSecond;
    private TimeSpan _counted = FrameClock.Now;

    /// <summary>One more.</summary>
    /// <returns>False where it is one too many.</returns>
    public bool TryCount()
    {
        var now = FrameClock.Now;
        _left = Math.Min(_left + ((now - _counted).TotalSeconds * mostPerSecond), mostPerSecond);
        _counted = now;
        if (_left < 1)
            return false;
        _left--;
        return true;
    }
}
