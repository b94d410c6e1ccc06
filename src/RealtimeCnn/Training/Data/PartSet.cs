using System.Buffers;

namespace RealtimeCnn.Training.Data;

/// <summary>
/// Square parts of pictures, one of each, drawn anew in every epoch and all of one class: examples of what is none of the things that a
/// network is to name.
/// </summary>
public sealed class PartSet : IDrawnSet
{
    private readonly IDataSet _pictures;
    private readonly double _least, _most;

    /// <summary>Parts of given pictures.</summary>
    /// <param name="pictures">Pictures <c>[channels, height, width]</c>, of any class.</param>
    /// <param name="size">Height and width of a sample, in pixels.</param>
    /// <param name="label">Name of the class.</param>
    /// <param name="leastSide">Least side of a part, as a share of the picture's shorter one, above 0.</param>
    /// <param name="mostSide">Largest side, likewise, at most 1.</param>
    /// <exception cref="DataSetException">Samples are no pictures.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is not possible.</exception>
    public PartSet(IDataSet pictures, Size2d size, string label, double leastSide = 0.15, double mostSide = 1)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentException.ThrowIfNullOrEmpty(label);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leastSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostSide, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostSide, leastSide);
        if (pictures.SampleShape.Rank != 3)
            throw new DataSetException($"Only pictures [channels, height, width] have parts; samples are {pictures.SampleShape}.");
        (_pictures, _least, _most) = (pictures, leastSide, mostSide);
        SampleShape = new Shape(pictures.SampleShape[0], size.Height, size.Width);
        Classes = [label];
    }

    /// <inheritdoc/>
    public int Count => _pictures.Count;

    /// <inheritdoc/>
    public Shape SampleShape { get; }

    /// <inheritdoc/>
    public Shape TargetShape => new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => _pictures.Notes;

    /// <inheritdoc/>
    public string NameOf(int index) => _pictures.NameOf(index);

    /// <inheritdoc/>
    public void Read(int index, Span<float> sample, Span<float> target)
    {
        var random = DrawnSets.Unchanging(index);
        Draw(index, ref random, sample, target);
    }

    void IDrawnSet.Draw(int index, ref SampleRandom random, Span<float> sample, Span<float> target) => Draw(index, ref random, sample, target);

    private void Draw(int index, ref SampleRandom random, Span<float> sample, Span<float> target)
    {
        int pixels = _pictures.SampleShape.Count, targets = _pictures.TargetShape.Count;
        float[] memory = ArrayPool<float>.Shared.Rent(pixels + targets);
        var picture = memory.AsSpan(0, pixels);
        _pictures.DrawOrRead(index, ref random, picture, memory.AsSpan(pixels, targets));
        new SquarePart(_pictures.SampleShape, _least, _most, ref random).Read(picture, sample, SampleShape[1], SampleShape[2]);
        target[0] = 0;
        ArrayPool<float>.Shared.Return(memory);
    }
}
