namespace RealtimeCnn.OpenGL;

/// <summary>
/// Something that lives in a context and has to be deleted on its thread. Disposing it on another thread is fine: it
/// is then deleted at the device's next <see cref="GlDevice.CollectGarbage"/>. Forgetting to dispose it is reported.
/// </summary>
public abstract class GlObject : IDisposable
{
    private int _disposed;

    private protected GlObject(GlDevice device, string label)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentException.ThrowIfNullOrEmpty(label);
        device.VerifyThread();
        (Device, Label) = (device, label);
    }

    /// <summary>Reports the object as leaked; its names are deleted at the device's next collection.</summary>
    ~GlObject() => Release(leaked: true);

    /// <summary>The device whose context holds the object.</summary>
    public GlDevice Device { get; }

    /// <summary>What the object is for, as reports and graphics debuggers show it.</summary>
    public string Label { get; }

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed => _disposed != 0;

    /// <summary>Deletes the object, or queues it for deletion when this is not the device's thread.</summary>
    public void Dispose()
    {
        Release(leaked: false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Throws unless the object is alive and this is the thread of its context.</summary>
    private protected void VerifyUsable()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Device.VerifyThread();
    }

    /// <summary>The OpenGL names to delete; called once, possibly on the finalizer's thread: no OpenGL here.</summary>
    private protected abstract void ReleaseNames(List<GlName> names);

    private void Release(bool leaked)
    {
        if (Device is null || Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        var names = new List<GlName>(2);
        ReleaseNames(names);
        Device.Objects.Release(names, leaked ? Label : null);
        if (!leaked && Device.IsOnThread)
            Device.Objects.Collect();
    }
}
