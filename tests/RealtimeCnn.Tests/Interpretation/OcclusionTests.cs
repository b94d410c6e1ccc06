using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Interpretation;

namespace RealtimeCnn.Tests.Interpretation;

public class OcclusionTests
{
    [Theory]
    [InlineData(9, 13, 3, 5)]
    [InlineData(8, 8, 4, 4)]
    [InlineData(5, 1, 1, 3)]
    [InlineData(3, 4, 8, 16)]
    public void Each_position_is_the_drop_that_covering_it_by_hand_gives(int height, int width, int stride, int patch)
    {
        var builder = new GraphBuilder(seed: 2);
        using var graph = builder.Build(builder.Start(new Shape(1, 2, height, width)).Flatten().Linear(7).Relu().Linear(3));
        using var network = new CpuNetwork(graph);
        using var x = Noise.Of(new Shape(1, 2, height, width), 8);
        using var occlusion = new Occlusion(network, x.Shape, outputs => outputs[0].Span[1], new OcclusionOptions { Stride = stride, Patch = patch, Fill = [0.5f, -2] });
        Assert.Equal(new Size2d((height + stride - 1) / stride, (width + stride - 1) / stride), occlusion.Grid);
        occlusion.Begin(x);
        // A few at a time.
        while (!occlusion.Advance(3))
            Assert.True(occlusion.Done % 3 == 0);
        float score = network.Run(x)[0].Span[1];
        Assert.Equal(score, occlusion.Score);
        bool differs = false;
        for (int i = 0; i < occlusion.Drops.Length; i++)
        {
            using var covered = x.Clone();
            int middleRow = (i / occlusion.Grid.Width * stride) + ((stride - 1) / 2), middleColumn = (i % occlusion.Grid.Width * stride) + ((stride - 1) / 2);
            for (int row = 0; row < height; row++)
            {
                for (int column = 0; column < width; column++)
                {
                    // As far above and left of its square's middle as the patch is larger, rounded down.
                    int fromRow = row - ((i / occlusion.Grid.Width * stride) - ((patch - stride) / 2)), fromColumn = column - ((i % occlusion.Grid.Width * stride) - ((patch - stride) / 2));
                    if (fromRow < 0 || fromRow >= patch || fromColumn < 0 || fromColumn >= patch)
                        continue;
                    (covered[0, 0, row, column], covered[0, 1, row, column]) = (0.5f, -2);
                }
            }

            if (middleRow < height && middleColumn < width)
                Assert.Equal(0.5f, covered[0, 0, middleRow, middleColumn]);
            float expected = score - network.Run(covered)[0].Span[1];
            differs |= Math.Abs(expected) > 1e-3;
            Assert.Equal(expected, occlusion.Drops[i], 1e-6);
        }

        Assert.True(differs);
    }

    [Fact]
    public void The_next_picture_begins_anew_and_the_one_before_is_not_changed()
    {
        var builder = new GraphBuilder(seed: 2);
        using var graph = builder.Build(builder.Start(new Shape(1, 1, 4, 4)).Flatten().Linear(1));
        using var network = new CpuNetwork(graph);
        using var x = Noise.Of(new Shape(1, 1, 4, 4), 8);
        float[] before = x.Span.ToArray();
        using var occlusion = new Occlusion(network, x.Shape, outputs => outputs[0].Span[0], new OcclusionOptions { Stride = 2, Patch = 2 });
        Assert.Throws<InvalidOperationException>(() => occlusion.Advance(1));
        occlusion.Begin(x);
        occlusion.Advance(3);
        occlusion.Begin(x);
        Assert.Equal((0, false), (occlusion.Done, occlusion.IsComplete));
        Assert.True(occlusion.Advance(99));
        Assert.Equal(before, x.Span.ToArray());
    }

    [Fact]
    public void Patches_that_cannot_be_are_refused()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Start(new Shape(1, 3, 4, 4)).Flatten().Linear(1));
        using var network = new CpuNetwork(graph);
        foreach (var (options, said) in ((OcclusionOptions, string)[])[(new() { Stride = 0 }, "at least 1 pixel"), (new() { Stride = 4, Patch = 3 }, "at least as large"), (new() { Fill = [1, 2] }, "1 number or 3")])
            Assert.Contains(said, Assert.Throws<ArgumentException>(() => new Occlusion(network, new Shape(1, 3, 4, 4), _ => 0, options)).Message, StringComparison.Ordinal);
        Assert.Contains("one picture", Assert.Throws<ArgumentException>(() => new Occlusion(network, new Shape(1, 3), _ => 0)).Message, StringComparison.Ordinal);
    }
}
