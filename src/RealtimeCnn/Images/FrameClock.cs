using System.Diagnostics;

namespace RealtimeCnn.Images;

/// <summary>The one monotonic clock of the pipeline: frame timestamps, latencies and ages are all read from it.</summary>
public static class FrameClock
{
    private static readonly long Start = Stopwatch.GetTimestamp();

    /// <summary>Time since the process first asked.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(Start);
}
