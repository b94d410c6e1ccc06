using RealtimeCnn.Heads;

namespace RealtimeCnn.Tests.Heads;

/// <summary>What is encoded is decoded again; garbage in outputs is no box and costs bounded time.</summary>
public sealed class CentreHeadTests
{
    private static readonly Size2d Input = new(48, 64);
    private static readonly CentreHead Head = new();

    [Fact]
    public void Boxes_that_are_encoded_are_decoded()
    {
        Detection[] boxes = [new(3.5f, 2, 20, 30.25f, 2, 1), new(30, 5, 38, 15, 0, 1), new(39, 5, 47, 15, 0, 1), new(25, 25, 63, 47, 1, 1)];
        var outputs = Outputs(Encoded(boxes, out float[] counts));
        var found = Read(outputs, threshold: 0.5f);
        Assert.Equal(boxes.Length, found.Count);
        Assert.All(boxes, box => Assert.Contains(found, one => one.Class == box.Class && one.Overlap(box) > 0.999f));
        // Each box counts as much as any other.
        Assert.Equal(boxes.Length, counts.Sum(), 1e-4);
        Array.ForEach(outputs, output => output.Dispose());
    }

    [Fact]
    public void A_score_is_the_heat_times_the_probability_of_the_class()
    {
        var outputs = Outputs(Encoded([new Detection(8, 8, 24, 24, 1, 1)], out _));
        int place = Array.IndexOf(outputs[0].Span.ToArray(), 6), area = outputs[0].Shape.Count;
        // Odds of 1 to 3 to 4.
        (outputs[1].Span[place], outputs[1].Span[place + area], outputs[1].Span[place + (2 * area)]) = (0, MathF.Log(3), MathF.Log(4));
        var found = Read(outputs, threshold: 0.2f);
        double heat = 1 / (1 + Math.Exp(-6));
        Assert.Equal([2, 1], found.Select(box => box.Class));
        Assert.Equal([heat * 4 / 8, heat * 3 / 8], found.Select(box => (double)box.Score), (a, b) => Math.Abs(a - b) < 1e-6);
        Array.ForEach(outputs, output => output.Dispose());
    }

    [Fact]
    public void Heat_is_one_at_the_core_of_a_box_and_falls_off_around_it()
    {
        // The middle is a corner of four cells, which are its core.
        float[] target = Encoded([new Detection(8, 8, 56, 40, 1, 1)], out _);
        int area = 12 * 16, place = (6 * 16) + 8;
        Assert.Equal([place - 17, place - 16, place - 1, place], Enumerable.Range(0, area).Where(at => target[at] == 1));
        Assert.InRange(target[place + 1], target[place + 2], 0.999f);
        Assert.Equal(0, target[place + 5]);
        Assert.Equal((1, 1), (target[area + place], target[area + place + 1]));
        // A thing of one cell has one.
        Assert.Single(Encoded([new Detection(33, 17, 36, 20, 0, 1)], out _)[..area], value => value == 1);
        // What lies outside or has no area is left out.
        Assert.All(Encoded([new Detection(60, 10, 90, 20, 0, 1), new Detection(5, 5, 5, 9, 0, 1)], out _), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Of_two_boxes_at_one_place_the_smaller_is_learned()
    {
        Detection small = new(28, 20, 36, 28, 0, 1), large = new(4, 2, 60, 46, 1, 1);
        float[] target = Encoded([small, large], out _);
        int area = 12 * 16, place = (6 * 16) + 8;
        Assert.Equal((1, 0), (target[place], target[area + place]));
        Assert.Equal(MathF.Log(8 / 16f), target[(5 * area) + place], 1e-6);
    }

    [Fact]
    public void Garbage_is_no_box()
    {
        var random = new Random(1);
        float[] garbage = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f, -1e30f, 0, 5];
        using var heat = Garbage(1);
        using var classes = Garbage(3);
        using var maps = Garbage(4);
        var found = Read([heat, classes, maps], item: 1);
        Assert.All(found, box => Assert.True(float.IsFinite(box.Left + box.Top + box.Right + box.Bottom) && box.Score is >= 0.35f and <= 1));
        heat.Span.Fill(float.NaN);
        Assert.Empty(Read([heat, classes, maps]));
        heat.Span.Fill(9);
        classes.Span.Clear();
        maps.Span.Clear();
        // All equal: a peak is the first of its neighbours, and any class may be.
        Assert.Equal([0, 1, 2], Read([heat, classes, maps], threshold: 0.3f).Select(box => box.Class).Order());
        Assert.Contains("heat [N, 1, H, W]", Assert.Throws<ArgumentException>(() => Read([heat])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Read([heat, classes, classes]));
        Assert.Throws<ArgumentException>(() => Head.TargetShape(new Size2d(50, 64)));

        Tensor Garbage(int channels) => new(new Shape(2, channels, 12, 16), [.. Enumerable.Range(0, 2 * channels * 12 * 16).Select(_ => garbage[random.Next(garbage.Length)])]);
    }

    /// <summary>A million places that all are candidates end in the most that are kept.</summary>
    [Fact]
    public void Many_candidates_are_the_best_of_them()
    {
        var random = new Random(2);
        using var heat = new Tensor(new Shape(1, 1, 1000, 1000), [.. Enumerable.Range(0, 1000 * 1000).Select(_ => random.NextSingle() * 5)]);
        using var classes = new Tensor(new Shape(1, 1, 1000, 1000));
        using var maps = new Tensor(new Shape(1, 4, 1000, 1000));
        maps.Span[(2 * 1000 * 1000)..].Fill(-5);
        var found = new DetectionReader(Head, Described([heat, classes, maps]), new Size2d(4000, 4000));
        found.Read([heat, classes, maps]);
        Assert.InRange(found.Found.Count, 150, Head.Boxes);
        Assert.Equal(found.Found.OrderByDescending(box => box.Score), found.Found);
    }

    private static Detections Read(Tensor[] outputs, int item = 0, float threshold = 0.35f)
    {
        var reader = new DetectionReader(Head, Described(outputs), Input);
        reader.Read(outputs, item, threshold);
        return reader.Found;
    }

    private static HeadOutput[] Described(Tensor[] outputs) => [.. outputs.Select((output, i) => new HeadOutput($"{i}", output.Shape))];

    private static float[] Encoded(Detection[] boxes, out float[] counts)
    {
        var shape = Head.TargetShape(Input);
        float[] target = [.. Enumerable.Repeat(7f, shape.Count)];
        Head.Encode(boxes, shape, target);
        counts = target[(2 * 12 * 16)..(3 * 12 * 16)];
        return target;
    }

    /// <summary>What a network that learned a target of three classes by heart gives: heat, classes and boxes.</summary>
    private static Tensor[] Outputs(float[] target)
    {
        int area = 12 * 16;
        return
        [
            new Tensor(new Shape(1, 1, 12, 16), [.. target[..area].Select(heat => heat == 1 ? 6 : (6 * heat) - 5)]),
            new Tensor(new Shape(1, 3, 12, 16), [.. Enumerable.Range(0, 3 * area).Select(i => target[area + (i % area)] == i / area ? 20f : 0)]),
            new Tensor(new Shape(1, 4, 12, 16), target.AsSpan(3 * area)),
        ];
    }
}
