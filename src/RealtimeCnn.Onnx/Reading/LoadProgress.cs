namespace RealtimeCnn.Onnx.Reading;

/// <summary>How far a load is, in bytes of tensors; also where it is ended.</summary>
/// <param name="listener">Told in shares that never fall; null for nobody.</param>
/// <param name="cancellation">Ends the load between two pieces.</param>
internal sealed class LoadProgress(IProgress<double>? listener, CancellationToken cancellation)
{
    private long _read, _expected;
    private double _said;

    /// <summary>Counts bytes that are to be read.</summary>
    public void Expect(long bytes) => _expected += bytes;

    /// <summary>Counts bytes that were read; some are read twice, and some never.</summary>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    public void Add(long bytes)
    {
        cancellation.ThrowIfCancellationRequested();
        _read += bytes;
        Say(Math.Min((double)_read / _expected, 1));
    }

    /// <summary>Says that all is done.</summary>
    public void Finish() => Say(1);

    private void Say(double share)
    {
        if (share <= _said)
            return;
        _said = share;
        listener?.Report(share);
    }
}
