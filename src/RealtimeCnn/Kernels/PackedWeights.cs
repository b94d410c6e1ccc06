using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>What a kernel reads: parameters in an order. Equal where both are.</summary>
internal sealed class PackedWeights(Packing packing, params Parameter[] sources) : IEquatable<PackedWeights>
{
    public Packing Packing { get; } = packing;

    /// <summary>The parameters; none for values that follow from the layer alone.</summary>
    public Parameter[] Sources { get; } = sources;

    /// <summary>Floats of the packed form.</summary>
    public int Elements => Packing.Elements;

    /// <summary>The version of the source that changed last.</summary>
    public long Version
    {
        get
        {
            long version = 0;
            foreach (var source in Sources)
                version = Math.Max(version, source.Version);
            return version;
        }
    }

    /// <summary>Writes the packed form.</summary>
    public void Pack(Span<float> packed) => Packing.Pack(Sources, packed);

    public bool Equals(PackedWeights? other) => other != null && Packing.Equals(other.Packing) && Sources.AsSpan().SequenceEqual(other.Sources);

    public override bool Equals(object? obj) => Equals(obj as PackedWeights);

    public override int GetHashCode() => HashCode.Combine(Packing, Sources.Length == 0 ? null : Sources[0]);

    public override string ToString() => $"{Packing.GetType().Name} of {string.Join(", ", Sources.Select(source => source.Name))}";
}
