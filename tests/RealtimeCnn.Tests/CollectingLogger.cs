using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RealtimeCnn.Tests;

/// <summary>A line of a log.</summary>
internal readonly record struct LogEntry(LogLevel Level, string Text);

/// <summary>A log that a test reads, and that passes on what it gets.</summary>
internal sealed class CollectingLogger(ILogger? next = null) : ILogger
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private readonly ILogger _next = next ?? NullLogger.Instance;

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    public Action<LogEntry> OnEntry { get; init; } = static _ => { };

    public void Clear() => _entries.Clear();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var entry = new LogEntry(logLevel, formatter(state, exception));
        _entries.Enqueue(entry);
        _next.Log(logLevel, eventId, state, exception, formatter);
        OnEntry(entry);
    }
}
