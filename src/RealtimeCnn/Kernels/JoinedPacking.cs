using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>Several packed parameters one behind the other, for a kernel of several layers: shaders can bind few buffers.</summary>
internal sealed record JoinedPacking : Packing
{
    private readonly (Packing Packing, int Sources)[] _parts;

    private JoinedPacking((Packing Packing, int Sources)[] parts)
        : base(parts.Sum(part => (long)part.Packing.Elements))
    {
        _parts = parts;
        Begins = new int[parts.Length];
        for (int i = 1; i < parts.Length; i++)
            Begins[i] = Begins[i - 1] + parts[i - 1].Packing.Elements;
    }

    /// <summary>Where each part begins, in floats.</summary>
    public int[] Begins { get; }

    /// <summary>Parts as one, and where each of them begins in it, in floats.</summary>
    public static (PackedWeights Weights, int[] Begins) Of(params IReadOnlyList<PackedWeights> parts)
    {
        var packing = new JoinedPacking([.. parts.Select(part => (part.Packing, part.Sources.Length))]);
        return (new PackedWeights(packing, [.. parts.SelectMany(part => part.Sources)]), packing.Begins);
    }

    public bool Equals(JoinedPacking? other) => other != null && _parts.SequenceEqual(other._parts);

    public override int GetHashCode() => _parts.Aggregate(0, HashCode.Combine);

    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to)
    {
        int source = 0;
        for (int i = 0; i < _parts.Length; i++)
        {
            var (part, count) = _parts[i];
            part.Pack([.. sources.Skip(source).Take(count)], packed.Slice(Begins[i], part.Elements));
            source += count;
        }
    }
}
