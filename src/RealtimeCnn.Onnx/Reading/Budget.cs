namespace RealtimeCnn.Onnx.Reading;

/// <summary>What a graph has asked for so far, held against <see cref="OnnxLimits"/> before anything is allocated.</summary>
internal sealed class Budget(OnnxLimits limits)
{
    private long _bytes;
    private long _operations;

    public OnnxLimits Limits { get; } = limits;

    /// <summary>Counts the float32 elements of a constant or an activation.</summary>
    public void TakeElements(long elements, string what)
    {
        _bytes = Math.Min(_bytes + Math.Min(elements, long.MaxValue >> 4) * sizeof(float), long.MaxValue >> 1);
        if (_bytes > Limits.MaxTensorBytes)
            throw new OnnxException($"{what}: with its {elements} elements, the tensors of the graph need more than the limit of {Limits.MaxTensorBytes >> 20} MiB ({nameof(OnnxLimits)}.{nameof(OnnxLimits.MaxTensorBytes)}).");
    }

    /// <summary>Counts the work of one run.</summary>
    public void TakeOperations(double operations, string what)
    {
        _operations = (long)Math.Min(_operations + operations, long.MaxValue >> 1);
        if (_operations > Limits.MaxOperations)
            throw new OnnxException($"{what}: one run would need more than the limit of {Limits.MaxOperations:N0} operations ({nameof(OnnxLimits)}.{nameof(OnnxLimits.MaxOperations)}).");
    }
}
