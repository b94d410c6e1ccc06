using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Graphs;

public class ScanningMlpTests
{
    private static readonly Shape Picture = new(2, 3, 11, 9);
    private static readonly Size2d See = new(4, 3);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public void At_every_position_it_says_what_the_perceptron_says_of_that_window(int strideHeight, int strideWidth)
    {
        var mlp = MakeMlp(7);
        var stride = new Size2d(strideHeight, strideWidth);
        using var picture = Noise.Of(Picture, 1);
        var (scores, presence) = Scan(picture, mlp, stride);
        using (scores)
        using (presence)
            AssertEqualAtEveryPosition(picture, mlp, stride, scores, presence);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Updating_one_copy_updates_all(int layer)
    {
        var mlp = MakeMlp(8);
        using var picture = Noise.Of(Picture, 2);
        var (before, presenceBefore) = Scan(picture, mlp, 1);
        mlp[layer].Bias.Span[0] += 5;
        for (int i = 0; i < mlp[layer].Weight.Shape[1]; i++)
            mlp[layer].Weight.Span[i] += 0.5f;
        var (after, presenceAfter) = Scan(picture, mlp, 1);
        AssertEqualAtEveryPosition(picture, mlp, 1, after, presenceAfter);
        // The changed unit has a say at every position.
        for (int position = 0; position < after.Shape.Area; position++)
            Assert.NotEqual(before.Span[position], after.Span[position]);
        foreach (var tensor in new[] { before, presenceBefore, after, presenceAfter })
            tensor.Dispose();
    }

    [Fact]
    public void Perceptrons_that_do_not_fit_are_errors()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", Picture);
        var first = new MlpLayer(new Tensor(new Shape(5, 13)), new Tensor(new Shape(5)));
        Assert.Contains("no multiple", Assert.Throws<ShapeException>(() => ScanningMlp.Add(builder, x, See, [first])).Message, StringComparison.Ordinal);
        first = new MlpLayer(new Tensor(new Shape(5, 36)), new Tensor(new Shape(5)));
        var second = new MlpLayer(new Tensor(new Shape(2, 6)), new Tensor(new Shape(2)));
        Assert.Contains("5 outputs", Assert.Throws<ShapeException>(() => ScanningMlp.Add(builder, x, See, [first, second])).Message, StringComparison.Ordinal);
        Assert.Contains("at least one layer", Assert.Throws<ShapeException>(() => ScanningMlp.Add(builder, x, See, [])).Message, StringComparison.Ordinal);
    }

    private static void AssertEqualAtEveryPosition(Tensor picture, MlpLayer[] mlp, Size2d stride, Tensor scores, Tensor presence)
    {
        var expected = DoubleTensor.Fill(scores.Shape, (n, o, oh, ow) => Perceptron(Crop(picture, n, oh * stride.Height, ow * stride.Width), mlp)[o]);
        Assert.Equal((Picture.Height - See.Height) / stride.Height + 1, scores.Shape.Height);
        Assert.Equal((Picture.Width - See.Width) / stride.Width + 1, scores.Shape.Width);
        Closeness.Assert(expected, scores, 2e-6, "scores");
        for (int n = 0; n < scores.Shape.Batch; n++)
        for (int o = 0; o < scores.Shape.Channels; o++)
        {
            var window = scores.Span.Slice(((n * scores.Shape.Channels) + o) * scores.Shape.Area, scores.Shape.Area).ToArray();
            Assert.Equal(window.Max(), presence[n, o, 0, 0]);
        }
    }

    private static (Tensor Scores, Tensor Presence) Scan(Tensor picture, MlpLayer[] mlp, Size2d stride)
    {
        var builder = new GraphBuilder();
        var scan = ScanningMlp.Add(builder, builder.Input("x", Picture), See, mlp, stride);
        using var graph = builder.Build(scan.Scores, scan.Presence);
        using var network = new CpuNetwork(graph);
        var outputs = network.Run(picture);
        return (outputs[0].Clone(), outputs[1].Clone());
    }

    /// <summary>A window flattened as [C, KH, KW].</summary>
    private static double[] Crop(Tensor picture, int n, int top, int left)
    {
        var window = new List<double>();
        for (int c = 0; c < Picture.Channels; c++)
        for (int h = 0; h < See.Height; h++)
        for (int w = 0; w < See.Width; w++)
            window.Add(picture[n, c, top + h, left + w]);
        return [.. window];
    }

    private static double[] Perceptron(double[] x, MlpLayer[] mlp)
    {
        foreach (var layer in mlp)
        {
            var input = x;
            x = [.. Enumerable.Range(0, layer.Weight.Shape[0]).Select(o =>
            {
                double sum = layer.Bias.Span[o];
                for (int i = 0; i < input.Length; i++)
                    sum += layer.Weight.Span[(o * input.Length) + i] * input[i];
                return layer.Activation == Activation.Relu ? Math.Max(sum, 0) : sum;
            })];
        }

        return x;
    }

    private static MlpLayer[] MakeMlp(int seed)
    {
        var random = new Random(seed);
        return
        [
            new MlpLayer(Noise.Of(new Shape(18, 36), random), Noise.Of(new Shape(18), random), Activation.Relu),
            new MlpLayer(Noise.Of(new Shape(5, 18), random), Noise.Of(new Shape(5), random)),
            new MlpLayer(Noise.Of(new Shape(2, 5), random), Noise.Of(new Shape(2), random)),
        ];
    }
}
