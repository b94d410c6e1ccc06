namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Keeps a run that may be cancelled from asking the GPU for more than two batches ahead, so that little is left to do once it is
/// cancelled. What cannot be cancelled goes at full speed.
/// </summary>
internal ref struct DispatchPace(GlApi gl, CancellationToken cancellation)
{
    private const int DispatchesInBatch = 16;

    private GpuFence _older;
    private GpuFence _newer;
    private int _dispatches;

    /// <summary>Before each dispatch.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void BeforeDispatch()
    {
        if (!cancellation.CanBeCanceled || _dispatches++ % DispatchesInBatch != 0)
            return;
        Wait(ref _older);
        (_older, _newer) = (_newer, default);
        _newer.Set(gl);
    }

    /// <summary>Behind the last dispatch: waits for all of them where the run can be cancelled.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Finish()
    {
        if (!cancellation.CanBeCanceled)
            return;
        _newer.Set(gl);
        Wait(ref _newer);
    }

    /// <summary>Forgets its marks.</summary>
    public void Dispose()
    {
        _older.Clear(gl);
        _newer.Clear(gl);
    }

    private readonly void Wait(ref GpuFence fence)
    {
        var spin = default(SpinWait);
        do
        {
            cancellation.ThrowIfCancellationRequested();
            if (fence.Poll(gl))
                return;
            spin.SpinOnce();
        }
        while (true);
    }
}
