using Microsoft.Extensions.Logging;

namespace RealtimeCnn.App;

/// <summary>What an app writes to its log.</summary>
internal static partial class AppLog
{
    /// <summary>What the outputs of its model mean, and how that is known.</summary>
    [LoggerMessage(210, LogLevel.Information, "{Said}")]
    public static partial void Head(ILogger log, string said);
}
