using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>What a kernel reads: parameters in an order. Equal where both are.</summary>
internal sealed class PackedWeights(Packing packing, params Parameter[] sources) : IEquatable<PackedWeights>
{
    public Packing Packing { get; } = packing;

    /// <summary>The parameters; none for values that follow from the layer alone.</summary>
    public Parameter[] Sources { get; } = sources;

    /// <summary>How the packed form is stored: float32, or float16 for a kernel that reads halves.</summary>
    public ElementType Element { get; init; }

    /// <summary>Elements of the packed form.</summary>
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

    /// <summary>Writes the packed form, as floats.</summary>
    public void Pack(Span<float> packed) => Packing.Pack(Sources, packed);

    /// <summary>The same for some of the packing's parts.</summary>
    public void Pack(Span<float> packed, int from, int to) => Packing.Pack(Sources, packed, from, to);

    public bool Equals(PackedWeights? other) => other != null && Element == other.Element && Packing.Equals(other.Packing) && Sources.AsSpan().SequenceEqual(other.Sources);

    public override bool Equals(object? obj) => Equals(obj as PackedWeights);

    public override int GetHashCode() => HashCode.Combine(Packing, Element, Sources.Length == 0 ? null : Sources[0]);

    public override string ToString() => $"{Packing.GetType().Name} of {string.Join(", ", Sources.Select(source => source.Name))}";
}
