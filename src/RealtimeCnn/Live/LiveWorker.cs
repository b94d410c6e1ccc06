using System.Runtime.ExceptionServices;

namespace RealtimeCnn.Live;

/// <summary>A thread that does one piece of work at a time for a thread that must not wait. In steady state nothing is allocated.</summary>
internal sealed class LiveWorker : IDisposable
{
    private readonly Thread _thread;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private readonly CancellationTokenSource _stop = new();
    private Action<CancellationToken>? _work;
    private ExceptionDispatchInfo? _failure;

    public LiveWorker(string name)
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Whether what was posted last is not done yet.</summary>
    public bool IsBusy => !_idle.IsSet;

    /// <summary>Starts work; the work before is done.</summary>
    public void Post(Action<CancellationToken> work)
    {
        (_work, _failure) = (work, null);
        _idle.Reset();
        _wake.Release();
    }

    /// <summary>Throws what the work has thrown, once.</summary>
    public void Rethrow()
    {
        var failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    /// <summary>Waits for the work that was posted last.</summary>
    public void Wait() => _idle.Wait();

    /// <summary>Cancels the work, waits for its end, and ends the thread.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _wake.Release();
        _thread.Join();
        _wake.Dispose();
        _idle.Dispose();
        _stop.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _wake.Wait();
            if (_work is { } work)
            {
                try
                {
                    work(_stop.Token);
                }
#pragma warning disable CA1031 // On this thread it would end the process; whoever asks for the result gets it.
                catch (Exception error)
#pragma warning restore CA1031
                {
                    _failure = ExceptionDispatchInfo.Capture(error);
                }

                _work = null;
                _idle.Set();
            }

            if (_stop.IsCancellationRequested)
                return;
        }
    }
}
