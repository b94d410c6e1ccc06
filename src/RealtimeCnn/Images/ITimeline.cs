namespace RealtimeCnn.Images;

/// <summary>The time of a video, which can be entered anywhere. Callable from any thread.</summary>
public interface ITimeline
{
    /// <summary>From its beginning to its end; null before its first picture, and for a video that does not say: that one cannot be entered.</summary>
    TimeSpan? Length { get; }

    /// <summary>Where in the video a picture belongs, from its beginning, also when it plays again and again; null where that is not known.</summary>
    /// <param name="frame">One that was taken of late.</param>
    TimeSpan? PositionOf(Frame frame);

    /// <summary>
    /// Goes on at another time. The next picture that is taken is the one that is shown at that time, even when the source is paused; none of before
    /// is left. Calls that come faster than they can be followed are not followed one by one: some pictures between come, and then that of the last call.
    /// </summary>
    /// <param name="time">From the beginning; beyond the end it is the last picture, below zero the first.</param>
    void Seek(TimeSpan time);
}
