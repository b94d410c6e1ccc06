namespace RealtimeCnn.Training.Data;

/// <summary>Samples and targets that are tensors in memory already; borrowed, so they must live as long as the set.</summary>
public sealed class TensorSet : IDataSet
{
    private readonly Tensor _samples, _targets;

    /// <summary>A set of given tensors.</summary>
    /// <param name="samples">All samples, the first axis being which.</param>
    /// <param name="targets">All targets, the first axis being which; <c>[N]</c> for labels.</param>
    /// <param name="classes">Names of the classes, where targets are labels.</param>
    /// <exception cref="DataSetException">The first axes differ or are empty, or a label is of no class.</exception>
    public TensorSet(Tensor samples, Tensor targets, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(targets);
        if (samples.Shape.Rank == 0 || targets.Shape.Rank == 0 || samples.Shape[0] != targets.Shape[0] || samples.Shape.Count == 0)
            throw new DataSetException($"The first axis of samples {samples.Shape} and targets {targets.Shape} must be the same, and not empty.");
        (_samples, _targets, Classes) = (samples, targets, classes ?? []);
        (SampleShape, TargetShape) = (WithoutFirst(samples.Shape), WithoutFirst(targets.Shape));
        if (Classes.Count == 0)
            return;
        int wrong = targets.Span.ToArray().AsSpan().IndexOfAnyExcept([.. Enumerable.Range(0, Classes.Count).Select(label => (float)label)]);
        if (wrong >= 0)
            throw new DataSetException($"Target {wrong} is {targets.Span[wrong]}; labels are whole numbers from 0 to {Classes.Count - 1}.");
    }

    /// <inheritdoc/>
    public int Count => _samples.Shape[0];

    /// <inheritdoc/>
    public Shape SampleShape { get; }

    /// <inheritdoc/>
    public Shape TargetShape { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => [];

    /// <inheritdoc/>
    public string NameOf(int index) => $"#{index}";

    /// <inheritdoc/>
    public void Read(int index, Span<float> sample, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        _samples.Span.Slice(index * SampleShape.Count, SampleShape.Count).CopyTo(sample);
        _targets.Span.Slice(index * TargetShape.Count, TargetShape.Count).CopyTo(target);
    }

    private static Shape WithoutFirst(Shape shape) => new([.. Enumerable.Range(1, shape.Rank - 1).Select(axis => shape[axis])]);
}
