using RealtimeCnn.Heads;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Tests.Training.Data;

/// <summary>Boxes move with their pictures.</summary>
public sealed class BoxAugmentationTests
{
    private const int Height = 60, Width = 80;

    public static TheoryData<string, Augmentation> Moves => new()
    {
        { "shift", new Augmentation { Shift = 0.2f } },
        { "turn", new Augmentation { Rotation = 40 } },
        { "scale", new Augmentation { Scale = 0.4f, AxisScale = 0.2f } },
        { "shear", new Augmentation { Shear = 0.3f } },
        { "mirror", new Augmentation { Flip = 1 } },
        { "all", new Augmentation { Shift = 0.1f, Rotation = 20, Scale = 0.2f, AxisScale = 0.1f, Shear = 0.1f, Flip = 0.5f } },
    };

    [Theory]
    [MemberData(nameof(Moves))]
    public void A_box_stays_around_what_it_holds(string name, Augmentation augmentation)
    {
        // A bright ellipse, whose box is known before and seen after.
        Detection box = new(24, 18, 44, 46, 0, 1);
        for (int seed = 0; seed < 12; seed++)
        {
            float[] sample = [.. Enumerable.Range(0, Height * Width).Select(at => Math.Pow(((at % Width) + 0.5 - 34) / 10, 2) + Math.Pow(((at / Width) + 0.5 - 32) / 14, 2) < 1 ? 255f : 0)];
            var augmenter = new SampleAugmenter(augmentation, new Shape(1, Height, Width), null);
            var random = new SampleRandom(seed, 0, 0);
            augmenter.Apply(sample, ref random);
            List<Detection> boxes = [box];
            augmenter.Move(boxes);
            int[] lit = [.. Enumerable.Range(0, sample.Length).Where(at => sample[at] > 127)];
            var seen = new Detection(lit.Min(at => at % Width), lit.Min(at => at / Width), lit.Max(at => at % Width) + 1, lit.Max(at => at / Width) + 1, 0, 1);
            Assert.True(boxes[0].Overlap(seen) > 0.85f, $"{name}, seed {seed}: {boxes[0]} is not {seen}.");
        }
    }

    [Fact]
    public void What_leaves_the_picture_is_cut_or_left_out()
    {
        var augmenter = new SampleAugmenter(new Augmentation { Shift = 1 }, new Shape(1, Height, Width), null);
        int cut = 0, gone = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new SampleRandom(seed, 0, 0);
            augmenter.Apply(new float[Height * Width], ref random);
            List<Detection> boxes = [new(24, 18, 44, 46, 0, 1)];
            augmenter.Move(boxes);
            gone += 1 - boxes.Count;
            Assert.All(boxes, box => Assert.True(box.Left >= 0 && box.Top >= 0 && box.Right <= Width && box.Bottom <= Height && box.Area >= 280 - 1, $"{box}"));
            cut += boxes.Count(box => box.Area < 559);
        }

        Assert.True(cut > 0 && gone > 0, $"{cut} were cut and {gone} left out.");
    }

    [Fact]
    public void Targets_are_made_of_boxes_where_they_moved_to()
    {
        var pictures = new PictureSet(new Shape(1, 32, 32), new byte[32 * 32], [0], ["any"]);
        var data = new BoxSet(pictures, [[new Detection(2, 4, 10, 20, 0, 1)]], ["a"]);
        var head = new CentreHead();
        using var loader = new BatchLoader(data, new BatchOptions { Head = head, Augmentation = new Augmentation { Flip = 1 } });
        float[] expected = new float[head.TargetShape(32).Count];
        head.Encode([new Detection(22, 4, 30, 20, 0, 1)], head.TargetShape(32), expected);
        Assert.All(expected.Zip([.. loader.Epoch(0).Single().Targets.Span]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Contains("pictures with boxes", Assert.Throws<DataSetException>(() => new BatchLoader(pictures, new BatchOptions { Head = head })).Message, StringComparison.Ordinal);
    }
}
