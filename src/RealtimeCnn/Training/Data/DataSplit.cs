namespace RealtimeCnn.Training.Data;

/// <summary>Parts of data sets: some to learn from, others held out to see what was learned.</summary>
public static class DataSplit
{
    /// <summary>Some of a set's samples.</summary>
    /// <param name="data">All of them.</param>
    /// <param name="indices">Which, in the order wanted.</param>
    /// <exception cref="DataSetException">There is none.</exception>
    public static IDataSet Select(this IDataSet data, IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(indices);
        return new Selection(data, [.. indices]);
    }

    /// <summary>Divides a set by chance.</summary>
    /// <param name="data">What to divide.</param>
    /// <param name="heldOut">Share of the second part, above 0 and below 1.</param>
    /// <param name="seed">Equal seeds divide equally.</param>
    /// <returns>The part to learn from and the part held out, each with at least one sample.</returns>
    /// <exception cref="DataSetException">A part would be empty.</exception>
    public static (IDataSet Learned, IDataSet HeldOut) Split(this IDataSet data, double heldOut, int seed = 0) =>
        SplitByGroup(data, heldOut, index => index, seed);

    /// <summary>
    /// Divides a set so that samples of one group are never on both sides: the photographs of one person, the frames of one video.
    /// Groups are held out in the order that chance gives them until their samples are the share.
    /// </summary>
    /// <param name="data">What to divide.</param>
    /// <param name="heldOut">Share of the second part, above 0 and below 1; one group may go beyond it.</param>
    /// <param name="groupOf">The group of a sample by its index; <see cref="IDataSet.NameOf"/> often tells.</param>
    /// <param name="seed">Equal seeds divide equally.</param>
    /// <returns>The part to learn from and the part held out, each with at least one group.</returns>
    /// <exception cref="DataSetException">A part would be empty.</exception>
    public static (IDataSet Learned, IDataSet HeldOut) SplitByGroup<TGroup>(this IDataSet data, double heldOut, Func<int, TGroup> groupOf, int seed = 0)
        where TGroup : notnull
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(groupOf);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heldOut);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(heldOut, 1);
        int[][] groups = [.. Enumerable.Range(0, data.Count).GroupBy(groupOf).Select(group => group.ToArray())];
        if (groups.Length < 2)
            throw new DataSetException($"{data.Count} samples in {groups.Length} group cannot be divided.");
        new Random(seed).Shuffle(groups);
        int wanted = Math.Max(1, (int)Math.Round(heldOut * data.Count)), count = 0, taken = 0;
        while (count < wanted && taken < groups.Length - 1)
            count += groups[taken++].Length;
        return (data.Select([.. groups.Skip(taken).SelectMany(group => group).Order()]), data.Select([.. groups.Take(taken).SelectMany(group => group).Order()]));
    }

    /// <summary>Divides a set by the names of its samples: a split that stays the same whatever else the set has.</summary>
    /// <param name="data">What to divide.</param>
    /// <param name="isHeldOut">Whether a sample of this name, as <see cref="IDataSet.NameOf"/> has it, is held out.</param>
    /// <returns>The part to learn from and the part held out, each with at least one sample.</returns>
    /// <exception cref="DataSetException">A part would be empty.</exception>
    public static (IDataSet Learned, IDataSet HeldOut) SplitByName(this IDataSet data, Func<string, bool> isHeldOut)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(isHeldOut);
        var sides = Enumerable.Range(0, data.Count).ToLookup(index => isHeldOut(data.NameOf(index)));
        if (!sides.Contains(true) || !sides.Contains(false))
            throw new DataSetException($"{(sides.Contains(true) ? "All" : "None")} of {data.Count} samples would be held out; the first is '{data.NameOf(0)}'.");
        return (data.Select([.. sides[false]]), data.Select([.. sides[true]]));
    }

    private sealed class Selection : IDrawnSet
    {
        private readonly IDataSet _data;
        private readonly int[] _indices;

        public Selection(IDataSet data, int[] indices)
        {
            if (indices.Length == 0)
                throw new DataSetException("No sample is selected.");
            foreach (int index in indices)
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)data.Count, nameof(indices));
            (_data, _indices) = (data, indices);
        }

        public int Count => _indices.Length;

        public Shape SampleShape => _data.SampleShape;

        public Shape TargetShape => _data.TargetShape;

        public IReadOnlyList<string> Classes => _data.Classes;

        public IReadOnlyList<string> Notes => _data.Notes;

        public string NameOf(int index) => _data.NameOf(_indices[index]);

        public void Read(int index, Span<float> sample, Span<float> target) => _data.Read(_indices[index], sample, target);

        public void Draw(int index, ref SampleRandom random, Span<float> sample, Span<float> target) => _data.DrawOrRead(_indices[index], ref random, sample, target);
    }
}
