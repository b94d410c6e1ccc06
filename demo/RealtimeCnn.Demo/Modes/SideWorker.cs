using System.Runtime.ExceptionServices;

namespace RealtimeCnn.Demo.Modes;

/// <summary>A thread that does one piece of a mode's work at a time beside the frames. Starts with the first; allocates nothing after it.</summary>
/// <param name="name">Of the thread.</param>
internal sealed class SideWorker(string name) : IDisposable
{
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private readonly CancellationTokenSource _stop = new();
    private Thread? _thread;
    private Action<CancellationToken>? _work;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Whether it is at work.</summary>
    public bool IsBusy => !_idle.IsSet;

    /// <summary>Starts work; that before is done.</summary>
    public void Post(Action<CancellationToken> work)
    {
        if (_thread == null)
        {
            _thread = new Thread(Loop) { IsBackground = true, Name = name, Priority = ThreadPriority.BelowNormal };
            _thread.Start();
        }

        _work = work;
        _idle.Reset();
        _wake.Release();
    }

    /// <summary>Waits for the work that was posted last.</summary>
    public void Wait() => _idle.Wait();

    /// <summary>Throws what the work has thrown, once.</summary>
    public void Rethrow()
    {
        var failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _wake.Release();
        _thread?.Join();
        _wake.Dispose();
        _idle.Dispose();
        _stop.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _wake.Wait();
            if (_stop.IsCancellationRequested)
                return;
            try
            {
                _work!(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The demo ends.
            }
#pragma warning disable CA1031 // On this thread it would end the process; whoever asks gets it.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(error);
            }

            _idle.Set();
        }
    }
}
