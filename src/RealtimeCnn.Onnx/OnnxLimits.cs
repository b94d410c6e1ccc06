namespace RealtimeCnn.Onnx;

/// <summary>
/// How much an untrusted file may ask for. Whatever goes beyond is an <see cref="OnnxException"/> before the memory is taken.
/// Loading needs at most twice the file, <see cref="MaxStructureBytes"/>, and twice <see cref="MaxTensorBytes"/>.
/// </summary>
public sealed record OnnxLimits
{
    /// <summary>Largest model file, in bytes.</summary>
    public int MaxFileBytes { get; init; } = int.MaxValue;

    /// <summary>Managed memory for nodes, attributes, names and typed numbers once parsed, in bytes; raw tensor data not counted.</summary>
    public long MaxStructureBytes { get; init; } = 1L << 30;

    /// <summary>Deepest nesting of messages.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Most nodes of a graph.</summary>
    public int MaxNodes { get; init; } = 20_000;

    /// <summary>Bytes of all constants and all activations of a graph together, as if no memory were used twice.</summary>
    public long MaxTensorBytes { get; init; } = 8L << 30;

    /// <summary>Work of one run: window elements, products or copied elements.</summary>
    public long MaxOperations { get; init; } = 4_000_000_000_000;
}
