using RealtimeCnn.Heads;

namespace RealtimeCnn.Training.Data;

/// <summary>How samples come in batches.</summary>
public sealed record BatchOptions
{
    /// <summary>Samples in a batch, at least 1; the last of an epoch may have fewer.</summary>
    public int Size { get; init; } = 32;

    /// <summary>Decides order and augmentation; equal seeds give equal batches.</summary>
    public int Seed { get; init; }

    /// <summary>Whether each epoch has an order of its own; without it, that of the data.</summary>
    public bool IsShuffled { get; init; } = true;

    /// <summary>What chance does to samples; null for nothing.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Pictures of three channels whose parts <see cref="Augmentation.Background"/> puts behind things; null where it does not.</summary>
    public IDataSet? Backgrounds { get; init; }

    /// <summary>What makes targets out of boxes that have moved with their pictures; null where targets are no boxes, or wanted as they are.</summary>
    public CentreHead? Head { get; init; }

    /// <summary>How pixels become inputs; null to leave them as they are.</summary>
    public InputStatistics? Statistics { get; init; }

    /// <summary>Threads that make batches ahead of the step, at least 1. Batches do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Most batches that are made ahead, at least 1.</summary>
    public int Ahead { get; init; } = 4;
}

/// <summary>Some samples as a network takes them. They belong to the <see cref="BatchLoader"/> and hold until its next batch.</summary>
/// <param name="Samples">Inputs, the first axis being which.</param>
/// <param name="Targets">What the network should say, the first axis being which: targets of the data, or probabilities of all classes where samples are mixed.</param>
public sealed record Batch(Tensor Samples, Tensor Targets)
{
    /// <summary>Number of samples.</summary>
    public int Count => Samples.Shape[0];
}

/// <summary>
/// Makes batches of a data set, on threads ahead of whoever uses them. Order and augmentation follow from seed, epoch and sample
/// alone: every bit is the same for any number of threads.
/// </summary>
public sealed class BatchLoader : IDisposable
{
    private readonly IDataSet _data;
    private readonly BatchOptions _options;
    private readonly Batch[] _batches;
    private readonly Batch? _last;
    private readonly float _mixup;

    /// <summary>A loader that has read nothing yet.</summary>
    /// <param name="data">What to read.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not possible; the message names it.</exception>
    /// <exception cref="DataSetException">Samples are to be augmented and are no pictures, or to be mixed and have no labels, or have other channels than the statistics, or there is a head and targets are no boxes.</exception>
    /// <exception cref="ArgumentException">Backgrounds are to be replaced and there are none.</exception>
    public BatchLoader(IDataSet data, BatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        _options = options ??= new BatchOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Ahead, 1);
        options.Augmentation?.Verify();
        if (options.Augmentation is { } augmentation)
            _ = new SampleAugmenter(augmentation, data.SampleShape, options.Backgrounds);
        if (options.Statistics is { } statistics && statistics.Mean.Count != InputStatistics.ChannelsOf(data.SampleShape))
            throw new DataSetException($"Statistics of {statistics.Mean.Count} channels do not fit samples {data.SampleShape}.");
        _data = data;
        _mixup = options.Augmentation?.Mixup ?? 0;
        if (_mixup > 0 && (data.Classes.Count == 0 || data.TargetShape.Count != 1))
            throw new DataSetException("Only samples with labels can be mixed: there are no classes.");
        if (options.Head != null && !BoxTarget.IsOf(data))
            throw new DataSetException($"A detector learns from pictures with boxes; samples are {data.SampleShape}, targets {data.TargetShape}.");
        TargetShape = _mixup > 0 ? new Shape(data.Classes.Count)
            : options.Head is { } head ? head.TargetShape(new Size2d(data.SampleShape[1], data.SampleShape[2])) : data.TargetShape;
        Count = (data.Count + options.Size - 1) / options.Size;
        int rest = data.Count % options.Size;
        _batches = [.. Enumerable.Range(0, data.Count < options.Size ? 0 : Math.Min(options.Ahead, Count)).Select(_ => Allocate(options.Size))];
        _last = rest > 0 ? Allocate(rest) : null;
    }

    /// <summary>Batches in an epoch.</summary>
    public int Count { get; }

    /// <summary>All batches of one epoch. One enumeration at a time.</summary>
    /// <param name="epoch">Which, from 0; each has another order and other augmentation.</param>
    public IEnumerable<Batch> Epoch(int epoch)
    {
        using var ahead = new BatchesAhead(Count, _options.Ahead, _options.Threads, () => Filler(epoch));
        for (int number = 0; number < Count; number++)
        {
            ahead.Wait(number);
            yield return Of(number);
            ahead.Release();
        }
    }

    /// <summary>Frees the batches.</summary>
    public void Dispose()
    {
        foreach (var batch in _last == null ? _batches : [.. _batches, _last])
        {
            batch.Samples.Dispose();
            batch.Targets.Dispose();
        }
    }

    private Batch Of(int number) => _last != null && number == Count - 1 ? _last : _batches[number % _batches.Length];

    /// <summary>What one thread does to fill a batch.</summary>
    private Action<int> Filler(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, _data.Count)];
        if (_options.IsShuffled)
            new SampleRandom(_options.Seed, epoch, -1).Shuffle(order);
        var augmenter = _options.Augmentation == null ? null : new SampleAugmenter(_options.Augmentation, _data.SampleShape, _options.Backgrounds);
        float[] other = new float[_data.SampleShape.Count], label = new float[_data.TargetShape.Count];
        var boxes = new List<Detection>();
        return number =>
        {
            var batch = Of(number);
            int elements = _data.SampleShape.Count, targets = TargetShape.Count;
            for (int i = 0; i < batch.Count; i++)
            {
                int index = order[(number * _options.Size) + i];
                var sample = batch.Samples.Span.Slice(i * elements, elements);
                var target = batch.Targets.Span.Slice(i * targets, targets);
                var random = new SampleRandom(_options.Seed, epoch, index);
                if (_mixup > 0)
                    ReadMixed(index, sample, target, other, label, augmenter!, ref random);
                else if (_options.Head is { } head)
                    ReadBoxes(index, sample, target, label, boxes, head, augmenter, ref random);
                else
                    Read(index, sample, target, augmenter, ref random);
                _options.Statistics?.Apply(sample);
            }
        };
    }

    private void Read(int index, Span<float> sample, Span<float> target, SampleAugmenter? augmenter, ref SampleRandom random)
    {
        _data.DrawOrRead(index, ref random, sample, target);
        augmenter?.Apply(sample, ref random);
    }

    private void ReadBoxes(int index, Span<float> sample, Span<float> target, Span<float> rows, List<Detection> boxes, CentreHead head, SampleAugmenter? augmenter, ref SampleRandom random)
    {
        Read(index, sample, rows, augmenter, ref random);
        BoxTarget.Read(rows, boxes);
        augmenter?.Move(boxes);
        head.Encode(boxes, TargetShape, target);
    }

    private void ReadMixed(int index, Span<float> sample, Span<float> probabilities, Span<float> other, Span<float> label, SampleAugmenter augmenter, ref SampleRandom random)
    {
        probabilities.Clear();
        float share = (float)random.NextBeta(_mixup);
        Read(index, sample, label, augmenter, ref random);
        probabilities[(int)label[0]] += share;
        Read(random.Next(_data.Count), other, label, augmenter, ref random);
        probabilities[(int)label[0]] += 1 - share;
        for (int i = 0; i < sample.Length; i++)
            sample[i] = (share * sample[i]) + ((1 - share) * other[i]);
    }

    /// <summary>Shape of one target as batches have it.</summary>
    private Shape TargetShape { get; }

    private Batch Allocate(int count) => new(new Tensor(With(count, _data.SampleShape)), new Tensor(With(count, TargetShape)));

    private static Shape With(int count, Shape shape) => new([count, .. Enumerable.Range(0, shape.Rank).Select(axis => shape[axis])]);
}
