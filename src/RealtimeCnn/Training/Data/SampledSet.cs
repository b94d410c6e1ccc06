namespace RealtimeCnn.Training.Data;

/// <summary>As many samples as are wanted, more or fewer than a set has: chance draws each of them anew in every epoch.</summary>
internal sealed class SampledSet : IDrawnSet
{
    private readonly IDataSet _data;

    /// <param name="data">What is drawn from.</param>
    /// <param name="count">Samples in an epoch, at least 1.</param>
    public SampledSet(IDataSet data, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (_data, Count) = (data, count);
    }

    public int Count { get; }

    public Shape SampleShape => _data.SampleShape;

    public Shape TargetShape => _data.TargetShape;

    public IReadOnlyList<string> Classes => _data.Classes;

    public IReadOnlyList<string> Notes => _data.Notes;

    public string NameOf(int index) => $"#{index}";

    public void Read(int index, Span<float> sample, Span<float> target)
    {
        var random = DrawnSets.Unchanging(index);
        Draw(index, ref random, sample, target);
    }

    public void Draw(int index, ref SampleRandom random, Span<float> sample, Span<float> target) =>
        _data.DrawOrRead(random.Next(_data.Count), ref random, sample, target);
}
