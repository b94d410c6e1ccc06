namespace RealtimeCnn.Onnx.Reading;

/// <summary>
/// What a file has asked for so far, held against <see cref="OnnxLimits"/> before it is spent: memory and work, at load and in one
/// run. There is one for each load, and everything that is made of the file goes through it.
/// </summary>
internal sealed class Budget(OnnxLimits limits)
{
    /// <summary>What one element costs that is computed at load, in <see cref="OnnxLimits.MaxOperations"/>.</summary>
    public const int OperationsPerElement = 200;

    // Both for one element: what a step makes of it besides its result, and what a byte of the file may become.
    private const int TemporaryBytes = 16, BytesPerFileByte = 32;

    private double _bytes;
    private double _fileBytes;
    private double _operations;
    private int _nodes;

    public OnnxLimits Limits { get; } = limits;

    private double MaxBytes => Limits.MaxTensorBytes + (BytesPerFileByte * _fileBytes);

    /// <summary>Counts bytes that the model or a file beside it really holds.</summary>
    public void Read(long bytes, string what)
    {
        _fileBytes += bytes;
        if (_fileBytes > Limits.MaxFileBytes)
            throw OnnxException.Limit($"{what}: file and data together have more than the limit of {Limits.MaxFileBytes} bytes", nameof(OnnxLimits.MaxFileBytes));
    }

    /// <summary>Counts memory that stays.</summary>
    public void Keep(double bytes, string what)
    {
        _bytes += bytes;
        Verify(_bytes, what);
    }

    /// <summary>Counts a step over elements at load: its time, and the memory that it needs until it is done.</summary>
    public void Step(double elements, string what)
    {
        Verify(_bytes + (elements * TemporaryBytes), what);
        Work(elements * OperationsPerElement, what);
    }

    /// <summary>Whether so much more could be held.</summary>
    public bool HasRoom(double bytes) => _bytes + bytes <= MaxBytes;

    /// <summary>Holds what is needed for some time against what there is.</summary>
    public void Borrow(double bytes, string what) => Verify(_bytes + bytes, what);

    /// <summary>Counts work of one run or of loading.</summary>
    public void Work(double operations, string what)
    {
        _operations += operations;
        if (_operations > Limits.MaxOperations)
            throw OnnxException.Limit($"{what}: loading and one run would need more than the limit of {Limits.MaxOperations:N0} operations", nameof(OnnxLimits.MaxOperations));
    }

    /// <summary>Counts a node of the graph that is made.</summary>
    public void AddNode(string what)
    {
        if (++_nodes > Limits.MaxNodes)
            throw OnnxException.Limit($"{what}: the graph would have more than the limit of {Limits.MaxNodes} nodes", nameof(OnnxLimits.MaxNodes));
    }

    private void Verify(double bytes, string what)
    {
        if (bytes > MaxBytes)
            throw OnnxException.Limit($"{what}: {bytes / (1 << 20):N0} MiB would be needed, more than the limit of {MaxBytes / (1 << 20):N0} MiB for this file", nameof(OnnxLimits.MaxTensorBytes));
    }
}
