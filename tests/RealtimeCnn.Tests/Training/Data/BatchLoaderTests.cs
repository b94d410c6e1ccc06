using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Tests.Training.Data;

/// <summary>Batches hold every sample once, are the same for any number of threads, and say what went wrong in making them.</summary>
public sealed class BatchLoaderTests
{
    private static readonly Shape Picture = new(3, 7, 9);

    [Fact]
    public void An_epoch_has_every_sample_once_in_an_order_of_its_own()
    {
        using var loader = new BatchLoader(Data(11), new BatchOptions { Size = 4, Seed = 5 });
        Assert.Equal(3, loader.Count);
        Assert.Equal([4, 4, 3], loader.Epoch(0).Select(batch => batch.Count));
        int[] first = Labels(loader, 0), second = Labels(loader, 1);
        Assert.Equal(Enumerable.Range(0, 11), first.Order());
        Assert.Equal(Enumerable.Range(0, 11), second.Order());
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, first.Order());
        Assert.Equal(first, Labels(loader, 0));
        using var inOrder = new BatchLoader(Data(11), new BatchOptions { Size = 4, IsShuffled = false });
        Assert.Equal(Enumerable.Range(0, 11), Labels(inOrder, 3));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(7, 5)]
    public void Every_bit_is_the_same_for_any_number_of_threads(int threads, int ahead)
    {
        var options = new BatchOptions { Size = 4, Seed = 5, Statistics = InputStatistics.Range(3), Augmentation = Augmentation.Photographs with { Elastic = 0.5f, Cutout = 0.5f } };
        using var one = new BatchLoader(Data(50), options);
        using var several = new BatchLoader(Data(50), options with { Threads = threads, Ahead = ahead });
        for (int epoch = 0; epoch < 2; epoch++)
            Assert.Equal(All(one, epoch), All(several, epoch));
        Assert.NotEqual(All(one, 0), All(one, 1));
    }

    [Fact]
    public void Augmentation_of_a_sample_does_not_depend_on_who_is_in_its_batch()
    {
        var options = new BatchOptions { IsShuffled = false, Augmentation = Augmentation.Photographs };
        using var pairs = new BatchLoader(Data(6), options with { Size = 2 });
        using var all = new BatchLoader(Data(6), options with { Size = 6 });
        Assert.Equal(All(pairs, 0), All(all, 0));
    }

    [Theory]
    [InlineData(0.2f)]
    [InlineData(2)]
    public void Mixed_samples_are_shares_of_two_and_their_targets_say_which(float alpha)
    {
        // Each class is one level of grey.
        var data = new PictureSet(new Shape(1, 2, 2), [.. Enumerable.Range(0, 40).Select(i => (byte)(i / 4 * 20))], [.. Enumerable.Range(0, 10)], [.. Enumerable.Range(0, 10).Select(i => $"{i}")]);
        var options = new BatchOptions { Size = 4, Augmentation = new Augmentation { Mixup = alpha } };
        using var loader = new BatchLoader(data, options);
        float[][] targets = [.. Enumerable.Range(0, 20).SelectMany(loader.Epoch).SelectMany(batch => batch.Targets.Span.ToArray().Chunk(10))];
        float[] samples = [.. Enumerable.Range(0, 20).SelectMany(epoch => All(loader, epoch)).Where((_, i) => i % 4 == 3)];
        for (int n = 0; n < samples.Length; n++)
        {
            Assert.Equal(1, targets[n].Sum(), 1e-5f);
            Assert.InRange(targets[n].Count(share => share > 0), 1, 2);
            Assert.Equal(targets[n].Select((share, k) => share * k * 20).Sum(), samples[n], 1e-2f);
        }

        // Beta(0.2, 0.2) is nearly one or the other, Beta(2, 2) mostly between.
        double between = (double)targets.Count(row => row.Max() < 0.8f) / targets.Length;
        Assert.InRange(between, alpha < 1 ? 0.1 : 0.6, alpha < 1 ? 0.35 : 0.85);
        using var several = new BatchLoader(data, options with { Threads = 3 });
        Assert.Equal(All(loader, 5), All(several, 5));
        using var rows = new Tensor(new Shape(3, 1, 2, 2));
        using var numbers = new Tensor(new Shape(3));
        Assert.Contains("labels", Assert.Throws<DataSetException>(() => new BatchLoader(new TensorSet(rows, numbers), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_epoch_that_is_left_early_leaves_no_threads_and_can_begin_again()
    {
        using var loader = new BatchLoader(Data(40), new BatchOptions { Size = 2, Seed = 1, Threads = 3 });
        int[] whole = Labels(loader, 0);
        for (int attempt = 0; attempt < 20; attempt++)
            Assert.Equal(whole[0], (int)loader.Epoch(0).First().Targets.Span[0]);
        Assert.Equal(whole, Labels(loader, 0));
    }

    [Fact]
    public void What_goes_wrong_on_a_thread_comes_out_of_the_loop()
    {
        using var loader = new BatchLoader(new Failing(), new BatchOptions { Size = 2, Threads = 2, IsShuffled = false });
        int seen = 0;
        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (var batch in loader.Epoch(0))
                seen += batch.Count;
        });
        Assert.Equal("sample 7", error.Message);
        Assert.InRange(seen, 0, 6);
    }

    [Fact]
    public void Statistics_are_those_of_each_channel()
    {
        byte[] pixels = [10, 20, 30, 40, 7, 7, 7, 7, 20, 40, 60, 80, 7, 7, 7, 7];
        var data = new PictureSet(new Shape(2, 2, 2), pixels, [0, 0], ["a"]);
        var measured = InputStatistics.Standardised(data);
        Assert.Equal([37.5f, 7], measured.Mean);
        Assert.Equal(1 / Math.Sqrt(((10 * 10) + (20 * 20) + (30 * 30) + (40 * 40) + (20 * 20) + (40 * 40) + (60 * 60) + (80 * 80)) / 8.0 - (37.5 * 37.5)), measured.Scale[0], 1e-6);
        Assert.Equal(1, measured.Scale[1]);
        using var loader = new BatchLoader(data, new BatchOptions { Size = 2, Statistics = measured });
        float[] channel = [.. All(loader, 0).Chunk(4).Where((_, i) => i % 2 == 0).SelectMany(part => part)];
        Assert.Equal(0, channel.Average(), 1e-5);
        Assert.Equal(1, channel.Average(value => value * value), 1e-5);
        using var range = new BatchLoader(new PictureSet(new Shape(1, 1, 2), [0, 255], [0], ["a"]), new BatchOptions { Statistics = InputStatistics.Range(1) });
        Assert.Equal([-1, 1], All(range, 0));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<DataSetException>(() => new BatchLoader(Data(3), new BatchOptions { Statistics = InputStatistics.Range(1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(Data(3), new BatchOptions { Size = 0 }));
        Assert.Contains("Flip", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(Data(3), new BatchOptions { Augmentation = new Augmentation { Flip = 1.5f } })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new InputStatistics([1], [0]));
        using var rows = new Tensor(new Shape(3, 4));
        using var labels = new Tensor(new Shape(3));
        Assert.Throws<DataSetException>(() => new BatchLoader(new TensorSet(rows, labels), new BatchOptions { Augmentation = Augmentation.Digits }));
    }

    private static PictureSet Data(int count)
    {
        var random = new Random(2);
        byte[] pixels = new byte[count * Picture.Count];
        random.NextBytes(pixels);
        return new PictureSet(Picture, pixels, [.. Enumerable.Range(0, count)], [.. Enumerable.Range(0, count).Select(i => $"{i}")]);
    }

    private static int[] Labels(BatchLoader loader, int epoch) => [.. loader.Epoch(epoch).SelectMany(batch => batch.Targets.Span.ToArray()).Select(label => (int)label)];

    private static float[] All(BatchLoader loader, int epoch) => [.. loader.Epoch(epoch).SelectMany(batch => batch.Samples.Span.ToArray())];

    private sealed class Failing : IDataSet
    {
        public int Count => 20;

        public Shape SampleShape => new(1);

        public Shape TargetShape => new();

        public IReadOnlyList<string> Classes => [];

        public IReadOnlyList<string> Notes => [];

        public string NameOf(int index) => $"{index}";

        public void Read(int index, Span<float> sample, Span<float> target)
        {
            if (index == 7)
                throw new InvalidOperationException($"sample {index}");
        }
    }
}
