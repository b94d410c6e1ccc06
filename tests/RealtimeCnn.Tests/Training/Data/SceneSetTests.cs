using RealtimeCnn.Heads;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Data.Scenes;

namespace RealtimeCnn.Tests.Training.Data;

/// <summary>Scenes follow from seed and place, are new in each epoch, and their boxes are around their marks.</summary>
public sealed class SceneSetTests
{
    private static readonly SceneOptions Options = new() { Size = new Size2d(96, 128), Count = 60, Seed = 7, LeastHeight = 0.15f, MostHeight = 0.5f };

    [Fact]
    public void A_scene_is_the_same_for_any_thread_and_another_in_each_epoch()
    {
        var scenes = Scenes(Options);
        float[][] alone = [.. Enumerable.Range(0, 8).Select(i => Read(scenes, i).Sample)], together = new float[8][];
        Parallel.For(0, 8, i => together[i] = Read(scenes, i).Sample);
        Assert.Equal(alone, together);
        Assert.NotEqual(alone[0], alone[1]);
        Assert.NotEqual(alone[0], Read(Scenes(Options with { Seed = 8 }), 0).Sample);

        var options = new BatchOptions { Size = 4, Seed = 5, IsShuffled = false, Threads = 3, Head = new CentreHead() };
        using var loader = new BatchLoader(scenes, options);
        float[] first = [.. loader.Epoch(0).First().Samples.Span], second = [.. loader.Epoch(1).First().Samples.Span];
        Assert.NotEqual(first, second);
        using var one = new BatchLoader(scenes, options with { Threads = 1 });
        Assert.Equal(first, one.Epoch(0).First().Samples.Span.ToArray());
        Assert.Equal(new Shape(4, 3 + 4, 24, 32), one.Epoch(0).First().Targets.Shape);
    }

    [Fact]
    public void Boxes_lie_in_the_picture_have_the_heights_asked_for_and_a_share_of_scenes_has_none()
    {
        var scenes = Scenes(Options with { Count = 200 });
        List<Detection>[] all = [.. Enumerable.Range(0, scenes.Count).Select(i => Boxes(Read(scenes, i).Target))];
        Assert.InRange(all.Count(boxes => boxes.Count == 0), 25, 100);
        Assert.All(all.SelectMany(boxes => boxes), box =>
        {
            Assert.True(box.Left >= 0 && box.Top >= 0 && box.Right <= 128 && box.Bottom <= 96, $"{box}");
            Assert.InRange(box.Bottom - box.Top, 0.5f * 0.15f * 96, 1.6f * 0.5f * 96);
            Assert.InRange(box.Class, 0, 9);
        });
        Assert.Equal(10, all.SelectMany(boxes => boxes).Select(box => box.Class).Distinct().Count());
        Assert.All(Enumerable.Range(0, 20), i => Assert.All(Read(scenes, i).Sample, value => Assert.InRange(value, 0, 255)));
        Assert.All(Enumerable.Range(0, 30), i => Assert.Empty(Boxes(Read(Scenes(Options with { Empty = 1 }), i).Target)));
    }

    /// <summary>Marks of a window are those of the whole picture, and so are larger in it.</summary>
    [Fact]
    public void A_window_shows_a_part_at_the_scale_of_the_whole()
    {
        var scenes = Scenes(Options with { WholeHeight = 192, LeastHeight = 0.2f, MostHeight = 0.3f });
        Assert.Equal(new Shape(3, 96, 128), scenes.SampleShape);
        Detection[] boxes = [.. Enumerable.Range(0, scenes.Count).SelectMany(i => Boxes(Read(scenes, i).Target))];
        Assert.All(boxes, box => Assert.InRange(box.Bottom - box.Top, 0.5f * 0.2f * 192, 1.6f * 0.3f * 192));
        Assert.InRange(boxes.Average(box => box.Bottom - box.Top), 0.18 * 192, 0.32 * 192);
        Assert.Throws<ArgumentOutOfRangeException>(() => Scenes(Options with { WholeHeight = 95 }));
    }

    /// <summary>On a plain wall the ink differs from what surrounds it: inside a box more than beside it.</summary>
    [Fact]
    public void There_is_ink_in_a_box()
    {
        var scenes = Scenes(Options with { Count = 150 });
        int seen = 0, inked = 0;
        for (int i = 0; i < scenes.Count; i++)
        {
            var (sample, target) = Read(scenes, i);
            foreach (var box in Boxes(target))
            {
                float[] green = [.. Enumerable.Range(0, 96 * 128).Where(at => at % 128 >= box.Left && at % 128 < box.Right && at / 128 >= box.Top && at / 128 < box.Bottom).Select(at => sample[(96 * 128) + at])];
                seen++;
                inked += green.Max() - green.Min() > 25 ? 1 : 0;
            }
        }

        Assert.True(seen > 100 && inked > 0.95 * seen, $"{inked} of {seen} boxes have ink.");
    }

    [Fact]
    public void Numbers_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Scenes(Options with { Count = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scenes(Options with { Size = new Size2d(16, 64) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scenes(Options with { LeastHeight = 0.6f }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scenes(Options with { Empty = 1.1f }));
        Assert.Contains("photographs [3", Assert.Throws<DataSetException>(() => new SceneSet(Marks(), Marks())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(Scenes(Options), 60));
    }

    internal static SceneSet Scenes(SceneOptions options) => new(Marks(), Photographs(), options);

    private static (float[] Sample, float[] Target) Read(SceneSet scenes, int index)
    {
        float[] sample = new float[scenes.SampleShape.Count], target = new float[scenes.TargetShape.Count];
        scenes.Read(index, sample, target);
        return (sample, target);
    }

    private static List<Detection> Boxes(float[] target)
    {
        var boxes = new List<Detection>();
        BoxTarget.Read(target, boxes);
        return boxes;
    }

    /// <summary>Ten kinds of marks: a stroke along the left edge of a square, and another that says which.</summary>
    internal static PictureSet Marks()
    {
        byte[] pixels = new byte[10 * 28 * 28];
        for (int kind = 0; kind < 10; kind++)
        {
            for (int at = 4; at < 24; at++)
            {
                pixels[(((kind * 28) + at) * 28) + 6] = pixels[(((kind * 28) + at) * 28) + 7] = 255;
                pixels[(((kind * 28) + 4 + (2 * kind)) * 28) + Math.Min(at, 20)] = 255;
            }
        }

        return new PictureSet(new Shape(1, 28, 28), pixels, [.. Enumerable.Range(0, 10)], [.. Enumerable.Range(0, 10).Select(kind => $"{kind}")]);
    }

    private static PictureSet Photographs()
    {
        byte[] pixels = new byte[3 * 3 * 24 * 32];
        new Random(3).NextBytes(pixels);
        return new PictureSet(new Shape(3, 24, 32), pixels, [0, 0, 0], ["photographs"]);
    }
}
