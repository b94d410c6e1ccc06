using Microsoft.Extensions.Logging;

namespace RealtimeCnn.OpenGL;

/// <summary>What a device writes to its log.</summary>
internal static partial class GlLog
{
    [LoggerMessage(100, LogLevel.Information, "OpenGL {Version} on {Renderer}; shaders read tensors as {ReadPath}.")]
    public static partial void Attached(ILogger log, string renderer, GlVersion version, ReadPath readPath);

    [LoggerMessage(EventId = 101, Message = "{Source}: {Text} ({Id})")]
    public static partial void FromDriver(ILogger log, LogLevel level, string source, string text, uint id);

    [LoggerMessage(102, LogLevel.Warning, "Leaked: {Label} was garbage collected without being disposed.")]
    public static partial void Forgotten(ILogger log, string label);

    [LoggerMessage(103, LogLevel.Warning, "Leaked: {Label} was not disposed before its device.")]
    public static partial void LeftBehind(ILogger log, string label);

    [LoggerMessage(104, LogLevel.Error, "{Reason}")]
    public static partial void ContextLost(ILogger log, string reason);
}
