using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Tests.Training.Data;

/// <summary>Several sources become one set, each in its share; what chance draws follows from seed, epoch and sample alone.</summary>
public sealed class DataMixTests
{
    private const int Side = 20;

    [Fact]
    public void Joined_sets_keep_their_samples_and_share_their_classes()
    {
        IDataSet first = Flat([10, 20], ["cat", "dog"], [0, 1]), second = Flat([30, 40, 50], ["dog", "owl"], [1, 0, 1]);
        var joined = DataMix.Join([first, second]);
        Assert.Equal(["cat", "dog", "owl"], joined.Classes);
        Assert.Equal([(10, 0), (20, 1), (30, 2), (40, 1), (50, 2)], Enumerable.Range(0, joined.Count).Select(index => Look(joined, index)));
        Assert.Equal(("#1", "#2"), (joined.NameOf(1), joined.NameOf(4)));
        Assert.Equal([(10, 2), (20, 1)], Enumerable.Range(0, 2).Select(index => Look(DataMix.Join([first], ["owl", "dog", "cat"]), index)));
        Assert.Same(first, DataMix.Join([first]));
        Assert.Throws<ArgumentOutOfRangeException>(() => joined.Read(5, new float[Side * Side], new float[1]));
        Assert.Contains("'owl' is no class", Assert.Throws<DataSetException>(() => DataMix.Join([first, second], ["cat", "dog"])).Message, StringComparison.Ordinal);
        var small = new PictureSet(new Shape(1, 2, 2), new byte[4], [0], ["cat"]);
        Assert.Throws<DataSetException>(() => DataMix.Join([first, small]));
    }

    [Fact]
    public void A_share_is_drawn_anew_in_every_epoch_and_the_same_for_any_number_of_threads()
    {
        var few = Flat([.. Enumerable.Range(0, 50).Select(i => (byte)i)], ["a"], new int[50]).Sampled(20);
        Assert.Equal(20, few.Count);
        Assert.Equal(Look(few, 3), Look(few, 3));
        int[] Epoch(int epoch, int threads)
        {
            using var loader = new BatchLoader(few, new BatchOptions { Size = 5, Threads = threads, Seed = 4 });
            return [.. loader.Epoch(epoch).SelectMany(batch => batch.Samples.Span.ToArray().Chunk(Side * Side)).Select(sample => (int)sample[0])];
        }

        int[] zero = Epoch(0, 1), one = Epoch(1, 1);
        Assert.NotEqual(zero.Order(), one.Order());
        Assert.Equal(one, Epoch(1, 3));
        Assert.True(zero.Distinct().Count() > 8);
        Assert.Equal(120, Flat([1], ["a"], [0]).Sampled(120).Count);
    }

    /// <summary>On two ramps, what a pixel says is where it lies.</summary>
    [Fact]
    public void Parts_are_squares_of_the_sides_asked_for_anywhere_in_the_picture()
    {
        byte[] ramps = [.. Enumerable.Range(0, 2 * 100 * 100).Select(i => (byte)(2 * (i < 10_000 ? i % 100 : i % 10_000 / 100)))];
        var parts = new PartSet(new PictureSet(new Shape(2, 100, 100), ramps, [0], ["ramp"]), new Size2d(10, 10), "no sign", 0.3, 0.6).Sampled(200);
        float[] sample = new float[200], target = new float[1];
        double least = 1, most = 0, left = 1, right = 0;
        for (int i = 0; i < 200; i++)
        {
            parts.Read(i, sample, target);
            double side = (sample[9] - sample[0]) / 2 / 9 * 10 / 100;
            Assert.Equal(side, (sample[190] - sample[100]) / 2 / 9 * 10 / 100, 0.02);
            (least, most, left, right) = (Math.Min(least, side), Math.Max(most, side), Math.Min(left, sample[0] / 200), Math.Max(right, sample[9] / 200));
        }

        Assert.InRange(least, 0.29, 0.33);
        Assert.InRange(most, 0.57, 0.61);
        Assert.InRange(left, 0, 0.07);
        Assert.InRange(right, 0.93, 1);
        Assert.Equal(["no sign"], parts.Classes);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartSet(Flat([1], ["a"], [0]), new Size2d(4, 4), "a", 0.5, 0.2));
    }

    /// <summary>A fine chequerboard, made small, is grey: no pixel of the picture is left out.</summary>
    [Fact]
    public void A_part_made_small_is_the_mean_of_what_it_covers()
    {
        byte[] board = [.. Enumerable.Range(0, 64 * 64).Select(i => (byte)(((i % 64) + (i / 64)) % 2 * 200))];
        var part = new PartSet(new PictureSet(new Shape(1, 64, 64), board, [0], ["board"]), new Size2d(8, 8), "a", 1, 1);
        float[] sample = new float[64];
        part.Read(0, sample, new float[1]);
        Assert.All(sample, value => Assert.InRange(value, 80, 120));
    }

    [Fact]
    public void Names_divide_a_set()
    {
        var data = new PictureSet(new Shape(1, 1, 1), [1, 2, 3], [0, 0, 0], ["a"], ["x/1", "x/2", "y/1"]);
        var (learned, heldOut) = data.SplitByName(name => name.StartsWith('x'));
        Assert.Equal((1, 2, "y/1", "x/2"), (learned.Count, heldOut.Count, learned.NameOf(0), heldOut.NameOf(1)));
        Assert.Throws<DataSetException>(() => data.SplitByName(_ => true));
        Assert.Throws<DataSetException>(() => data.SplitByName(_ => false));
    }

    private static (int Pixel, int Label) Look(IDataSet data, int index)
    {
        float[] sample = new float[Side * Side], target = new float[1];
        data.Read(index, sample, target);
        return ((int)sample[0], (int)target[0]);
    }

    private static PictureSet Flat(byte[] values, string[] classes, int[] labels) =>
        new(new Shape(1, Side, Side), [.. values.SelectMany(value => Enumerable.Repeat(value, Side * Side))], labels, classes);
}
