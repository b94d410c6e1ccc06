using RealtimeCnn.Fuzz.Oracle;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Running;

/// <summary>One file, what to run it on, and what to expect.</summary>
/// <param name="Seed">What it is made of.</param>
/// <param name="Name">What it is, for people.</param>
/// <param name="File">The file.</param>
internal sealed record FuzzCase(int Seed, string Name, byte[] File)
{
    /// <summary>Values of the inputs by name; an input that is missing here gets random numbers.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> Inputs { get; init; } = new Dictionary<string, OnnxTensor>();

    /// <summary>Those of <see cref="Inputs"/> that are told at load.</summary>
    public IReadOnlySet<string> ToldAtLoad { get; init; } = new HashSet<string>();

    /// <summary>The outputs by name, as far as the oracle knows them.</summary>
    public IReadOnlyDictionary<string, OracleTensor> Expected { get; init; } = new Dictionary<string, OracleTensor>();

    /// <summary>Whether the file keeps to the standard and may only be refused for asking for something that is not supported.</summary>
    public bool IsValid { get; init; }

    /// <summary>Whether the file is written to break a reader: it runs within the product's own limits, once, and no result is right or wrong.</summary>
    public bool IsHostile { get; init; }

    /// <summary>The largest absolute number in between, which rounding errors are in proportion to.</summary>
    public double Magnitude { get; init; }
}
