namespace RealtimeCnn.Onnx;

/// <summary>
/// How much an untrusted file may ask for. Whatever goes beyond is an <see cref="OnnxException"/> before the memory or the time is
/// taken. The defaults answer any file of a few megabytes, hostile or not, in about ten seconds and one gigabyte, running it once
/// included, and let ordinary networks of any size pass; raise them for files you trust.
/// </summary>
public sealed record OnnxLimits
{
    /// <summary>No limits but those of the formats and the machine, for files that are trusted. Nesting stays limited: it costs stack.</summary>
    public static OnnxLimits Unlimited { get; } = new()
    {
        MaxFileBytes = long.MaxValue,
        MaxStructureBytes = long.MaxValue,
        MaxNodes = int.MaxValue,
        MaxConnections = int.MaxValue,
        MaxNameBytes = int.MaxValue,
        MaxTensorBytes = long.MaxValue,
        MaxOperations = long.MaxValue,
    };

    /// <summary>Largest model, in bytes: the file and all data that it reads from files beside it.</summary>
    public long MaxFileBytes { get; init; } = int.MaxValue;

    /// <summary>Managed memory for nodes, attributes, names and typed numbers once parsed, in bytes; raw tensor data not counted.</summary>
    public long MaxStructureBytes { get; init; } = 1L << 30;

    /// <summary>Deepest nesting of messages; the parser itself goes no deeper than 100.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Most nodes, inputs and outputs of a graph together, and most layers that they become.</summary>
    public int MaxNodes { get; init; } = 20_000;

    /// <summary>Most connections: inputs, outputs and attributes of all nodes together, and constants.</summary>
    public int MaxConnections { get; init; } = 200_000;

    /// <summary>Longest name, in bytes.</summary>
    public int MaxNameBytes { get; init; } = 4096;

    /// <summary>
    /// Bytes of everything that is made of the file: constants evaluated at load, parameters as the network packs them, and the most
    /// activations that are alive at one time. What the file itself holds counts against it: 32 bytes more for each of its bytes.
    /// </summary>
    public long MaxTensorBytes { get; init; } = 768L << 20;

    /// <summary>
    /// Work of loading and of one run, in multiply-accumulates of a convolution on one core, of which some 2·10^10 pass in a second.
    /// Other steps count as many as take the same time. VGG-16 takes 1.6·10^10.
    /// </summary>
    public long MaxOperations { get; init; } = 200_000_000_000;
}
