using System.Threading.Tasks.Sources;

namespace RealtimeCnn.Live;

/// <summary>The newest result for one consumer on another thread, copied into results that are used again.</summary>
internal sealed class ResultStream : IValueTaskSource<bool>, IDisposable
{
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<bool> _signal = new() { RunContinuationsAsynchronously = true };
    private (LiveResult Result, LiveOutputs Outputs)? _waiting, _spare, _shown;
    private bool _isAwaited;
    private bool _isWoken;
    private bool _isOver;

    /// <summary>Copies a result, in place of one that was not taken.</summary>
    public void Publish(LiveResult result, LiveOutputs outputs)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            var copy = _waiting ?? _spare;
            _spare = null;
            if (copy?.Outputs != outputs)
            {
                copy?.Result.Free();
                copy = (new LiveResult(outputs with { AreSeenInMemory = false }, result.Network), outputs);
            }

            copy.Value.Result.CopyFrom(result);
            _waiting = copy;
            Signal(goOn: true);
        }
    }

    /// <summary>Waits for a result, <see cref="Wake"/> or the end. False at the end.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_lock)
        {
            if (_waiting != null || _isWoken || _isOver)
                return new ValueTask<bool>(_waiting != null || _isWoken);
            _signal.Reset();
            _isAwaited = true;
            return new ValueTask<bool>(this, _signal.Version);
        }
    }

    /// <summary>The result that waits; the one before holds no longer. Null where there is none.</summary>
    public LiveResult? Take()
    {
        lock (_lock)
        {
            if (_waiting == null)
                return null;
            (_spare, _shown, _waiting) = (_shown, _waiting, null);
            return _shown?.Result;
        }
    }

    /// <summary>Ends the wait.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            _isWoken = true;
            Signal(goOn: true);
        }
    }

    /// <summary>No result comes any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
            Signal(goOn: false);
        }
    }

    /// <summary>Frees the copies.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _waiting?.Result.Free();
            _spare?.Result.Free();
            _shown?.Result.Free();
            (_waiting, _spare, _shown) = (null, null, null);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _signal.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);

    private void Signal(bool goOn)
    {
        if (!_isAwaited)
            return;
        _isAwaited = false;
        _signal.SetResult(goOn);
    }
}
