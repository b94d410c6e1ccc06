using Microsoft.Extensions.Logging;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>What live networks write to their log.</summary>
internal static partial class LiveLog
{
    /// <summary>Which network runs, and where.</summary>
    public static void NetworkTaken(ILogger log, INetwork network)
    {
        if (log.IsEnabled(LogLevel.Information))
            NetworkTaken(log, network.Choice);
    }

    /// <summary>What a source is doing now.</summary>
    public static void Source(ILogger log, string source, SourceStatus status)
    {
        var level = status switch
        {
            { Faulted: true } => LogLevel.Error,
            { State: SourceState.Stalled or SourceState.Lost or SourceState.Reopening } => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        Source(log, level, source, status.State, status.Reason);
    }

    [LoggerMessage(201, LogLevel.Debug, "Picture {Sequence} dropped: {Reason}.")]
    public static partial void Dropped(ILogger log, long sequence, string reason);

    [LoggerMessage(200, LogLevel.Information, "Live network on {Choice}")]
    private static partial void NetworkTaken(ILogger log, string choice);

    [LoggerMessage(EventId = 202, Message = "{Source}: {State}. {Reason}")]
    private static partial void Source(ILogger log, LogLevel level, string source, SourceState state, string reason);
}
