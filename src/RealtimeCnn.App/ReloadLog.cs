using Microsoft.Extensions.Logging;

namespace RealtimeCnn.App;

/// <summary>What is said of a model that changes while its app runs.</summary>
internal static partial class ReloadLog
{
    [LoggerMessage(301, LogLevel.Information, "{Model} has changed and takes the place of the one before.")]
    public static partial void Reloaded(ILogger log, string model);

    [LoggerMessage(302, LogLevel.Warning, "{Model} has changed and cannot be used; the one before goes on. {Problem}")]
    public static partial void NotReloaded(ILogger log, string model, string problem);
}
