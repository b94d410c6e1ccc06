namespace RealtimeCnn.Training.Data;

/// <summary>
/// Several sets of labelled samples as one: the samples of each behind those of the one before, the classes of all of them. A class that
/// several have is one.
/// </summary>
internal sealed class JoinedSet : IDrawnSet
{
    private readonly IDataSet[] _parts;
    private readonly int[] _ends;
    private readonly float[][] _labels;

    /// <param name="parts">The sets, at least one.</param>
    /// <param name="classes">Names of the classes in the order wanted; null for that in which they appear.</param>
    /// <exception cref="DataSetException">They are of different samples, have no labels, or a class that is not wanted.</exception>
    public JoinedSet(IReadOnlyList<IDataSet> parts, IReadOnlyList<string>? classes)
    {
        _parts = [.. parts];
        Classes = classes ?? [.. parts.SelectMany(part => part.Classes).Distinct()];
        if (parts.FirstOrDefault(part => part.SampleShape != SampleShape || part.TargetShape.Count != 1 || part.Classes.Count == 0) is { } other)
            throw new DataSetException($"Data can be joined where all are labelled samples of one shape: {SampleShape}, and {other.SampleShape} of {other.Classes.Count} classes.");
        if (parts.SelectMany(part => part.Classes).FirstOrDefault(name => !Classes.Contains(name)) is { } stranger)
            throw new DataSetException($"'{stranger}' is no class; there are: {string.Join(", ", Classes)}.");
        _ends = new int[_parts.Length];
        for (int i = 0; i < _parts.Length; i++)
            Count = _ends[i] = checked(Count + _parts[i].Count);
        _labels = [.. parts.Select(part => part.Classes.Select(name => (float)Classes.ToList().IndexOf(name)).ToArray())];
    }

    public int Count { get; }

    public Shape SampleShape => _parts[0].SampleShape;

    public Shape TargetShape => new();

    public IReadOnlyList<string> Classes { get; }

    public IReadOnlyList<string> Notes => [.. _parts.SelectMany(part => part.Notes)];

    public string NameOf(int index)
    {
        int part = PartOf(ref index);
        return _parts[part].NameOf(index);
    }

    public void Read(int index, Span<float> sample, Span<float> target)
    {
        int part = PartOf(ref index);
        _parts[part].Read(index, sample, target);
        target[0] = _labels[part][(int)target[0]];
    }

    public void Draw(int index, ref SampleRandom random, Span<float> sample, Span<float> target)
    {
        int part = PartOf(ref index);
        _parts[part].DrawOrRead(index, ref random, sample, target);
        target[0] = _labels[part][(int)target[0]];
    }

    /// <summary>The set that a sample belongs to; the index becomes that within it.</summary>
    private int PartOf(ref int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        int part = 0;
        while (index >= _ends[part])
            part++;
        index -= part > 0 ? _ends[part - 1] : 0;
        return part;
    }
}
