using RealtimeCnn.Heads;

namespace RealtimeCnn.Tests.Heads;

/// <summary>Every family finds what its authors' code finds; garbage is no box, and a million candidates are bounded.</summary>
public sealed class DetectionReaderTests
{
    public static TheoryData<string> Cases => [.. HeadCase.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_found_is_what_the_published_code_finds(string name)
    {
        using var head = HeadCase.All[name]();
        var published = head.Published();
        Assert.InRange(published.Count, 5, head.Head.Boxes);
        var reader = head.Reader();
        reader.Read(head.Outputs);
        head.Verify(reader.Found, published);
        // Reused, it finds the same again.
        reader.Read(head.Outputs);
        head.Verify(reader.Found, published);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Garbage_is_no_box(string name)
    {
        using var head = HeadCase.All[name]();
        var random = new Random(3);
        float[] garbage = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -float.MaxValue, 1e-40f, 0, 1, 0.9f];
        var reader = head.Reader();
        for (int round = 0; round < 5; round++)
        {
            foreach (var output in head.Outputs)
            {
                foreach (ref float value in output.Span)
                    value = garbage[random.Next(garbage.Length)];
            }

            reader.Read(head.Outputs);
            Assert.InRange(reader.Found.Count, 0, head.Head.Boxes);
            for (int i = 0; i < reader.Found.Count; i++)
            {
                var box = reader.Found[i];
                Assert.InRange(box.Score, head.Head.Threshold, 1);
                Assert.True(float.IsFinite(box.Left + box.Top + box.Right + box.Bottom) && box.Right > box.Left && box.Bottom > box.Top, $"{box}");
                Assert.All(reader.Found.LandmarksOf(i).ToArray(), point => Assert.True(float.IsFinite(point.X + point.Y)));
            }
        }

        foreach (var output in head.Outputs)
            output.Span.Fill(float.NaN);
        reader.Read(head.Outputs);
        Assert.Empty(reader.Found);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reading_allocates_nothing(string name)
    {
        using var head = HeadCase.All[name]();
        var reader = head.Reader();
        reader.Read(head.Outputs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        reader.Read(head.Outputs);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>All places of a large input are candidates of the same score; the first of them are looked at.</summary>
    [Fact]
    public void A_million_candidates_are_the_first_of_the_best()
    {
        var input = new Size2d(7168, 7168);
        var shape = new Shape(1, 1053696, 6);
        using var output = new Tensor(shape);
        output.Span.Fill(1);
        var reader = new DetectionReader(new YoloxHead { Boxes = 512, Suppression = new Suppression { Overlap = 1 } }, [new HeadOutput("output", shape)], input);
        reader.Read([output]);
        Assert.Equal(512, reader.Found.Count);
        // Places go by rows, of which the first has 896: shifted by a cell, with sides of e cells.
        for (int i = 0; i < reader.Found.Count; i++)
            Assert.Equal((8 * (i + 1)) - (4 * MathF.E), reader.Found[i].Left, 1e-2);
        output.Span.Fill(float.NaN);
        reader.Read([output]);
        Assert.Empty(reader.Found);
    }

    [Fact]
    public void A_picture_of_a_batch_is_read_by_its_number()
    {
        using var head = HeadCase.All["yolox"]();
        var shape = head.Outputs[0].Shape;
        using var batch = new Tensor(shape.With(0, 3));
        head.Outputs[0].Span.CopyTo(batch.Span[(2 * shape.Count)..]);
        var reader = head.Reader();
        reader.Read([batch], 1);
        Assert.Empty(reader.Found);
        reader.Read([batch], 2);
        head.Verify(reader.Found, head.Published());
        Assert.Contains("picture 3", Assert.Throws<ArgumentException>(() => reader.Read([batch], 3)).Message, StringComparison.Ordinal);
        using var other = new Tensor(new Shape(1, 10, 9));
        Assert.Throws<ArgumentException>(() => reader.Read([other]));
    }

    [Fact]
    public void Outputs_of_another_family_and_impossible_numbers_are_named()
    {
        var yolox = new YoloxHead();
        Assert.Contains("[N, 315, 5 + classes] for an input of 160x96", Refused(yolox, new Shape(1, 300, 9)), StringComparison.Ordinal);
        Assert.Contains("60 priors for an input of 160x96 with strides 16; the network has 41", Refused(new SsdHead { Strides = [16], Anchors = [[new(8, 8)]] }, new Shape(1, 41, 2), new Shape(1, 41, 4)), StringComparison.Ordinal);
        Assert.Contains("each stride has its own", Refused(new SsdHead { Strides = [16] }, new Shape(1, 41, 2), new Shape(1, 41, 4)), StringComparison.Ordinal);
        Assert.Contains("threshold", Refused(yolox with { Threshold = 1 }, new Shape(1, 315, 9)), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Candidates", Refused(yolox with { Candidates = 513 }, new Shape(1, 315, 9)), StringComparison.Ordinal);
        Assert.Contains("'cls_8' [N, 240, 1]", Refused(new YuNetHead(), new Shape(1, 240, 1)), StringComparison.Ordinal);

        static string Refused(DetectionHead head, params Shape[] shapes) =>
            Assert.ThrowsAny<ArgumentException>(() => new DetectionReader(head, [.. shapes.Select((shape, i) => new HeadOutput($"o{i}", shape))], new Size2d(96, 160))).Message;
    }
}
