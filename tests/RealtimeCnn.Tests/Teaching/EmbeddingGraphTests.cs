using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Teaching;

namespace RealtimeCnn.Tests.Teaching;

/// <summary>What a backbone makes of a picture: means of its own maps, and what it saw.</summary>
public class EmbeddingGraphTests
{
    [Theory]
    [InlineData(ShippedModels.HandSigns, 1664, "block4.Relu61", "block7.Relu61", "last.Relu61")]
    [InlineData(ShippedModels.Digits, 0)]
    [InlineData(ShippedModels.DigitFinder, 0)]
    public void An_embedding_is_the_means_of_the_last_maps_of_three_resolutions(string name, int features, params string[] nodes)
    {
        using var model = ShippedModels.Load(name, new OnnxLoadOptions { TakesPictures = true });
        var graph = EmbeddingGraph.Of(model.Graph);
        var shapes = graph.InferShapes();
        using var picture = Noise(model.Graph.InputShapes[0]);
        using var network = new CpuNetwork(graph);
        float[] embedding = network.Run([picture])[0].Span.ToArray();
        Assert.Equal(shapes[graph.Outputs[0]].Count, embedding.Length);
        Assert.True(embedding.Distinct().Count() > 20, "the embedding says nothing");
        if (features == 0)
            return;
        Assert.Equal(features, embedding.Length);
        using var maps = new CpuNetwork(model.Graph.WithOutputs(nodes.Select(node => model.Graph[node])));
        float[] expected = [.. maps.Run([picture]).Skip(1).SelectMany(output => MeansOf(output, output.Shape.Height / 2))];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], embedding[i], 1e-4);
    }

    [Fact]
    public void The_thumbnail_is_the_picture_as_the_network_saw_it()
    {
        using var model = ShippedModels.Load(ShippedModels.HandSigns, new OnnxLoadOptions { TakesPictures = true });
        var preprocessing = ModelCard.Of(model).Preprocessing;
        using var network = new CpuNetwork(EmbeddingGraph.Of(model.Graph));
        // Left orange, right blue, over the whole input.
        byte[] pixels = new byte[64 * 64 * 3];
        for (int i = 0; i < 64 * 64; i++)
            ((i % 64) < 32 ? (ReadOnlySpan<byte>)[250, 140, 20] : [10, 60, 200]).CopyTo(pixels.AsSpan(3 * i));
        using var input = new Tensor(preprocessing.Shape);
        new ImageToTensor(preprocessing).Run(pixels, new FrameFormat(64, 64, PixelFormat.Rgb), default, input);
        var thumbnail = network.Run([input])[1];
        Assert.Equal(new Shape(1, 3, 32, 32), thumbnail.Shape);
        byte[] small = new byte[32 * 32 * 3];
        EmbeddingGraph.ReadThumbnail(thumbnail, preprocessing, small);
        Assert.Equal([250, 140, 20], small[..3]);
        Assert.Equal([10, 60, 200], small[^3..]);
        EmbeddingGraph.ReadThumbnail(thumbnail, preprocessing with { Order = ColorOrder.Bgr }, small);
        // As blue, green, red, what was red is blue.
        Assert.Equal(250, small[2]);
    }

    [Fact]
    public void A_head_behind_an_embedding_scores_as_it_does_by_itself()
    {
        using var model = ShippedModels.Load(ShippedModels.Digits, new OnnxLoadOptions { TakesPictures = true });
        var embedding = EmbeddingGraph.Of(model.Graph);
        int features = embedding.InferShapes()[embedding.Outputs[0]].Count;
        var random = new Random(3);
        var head = new LinearHead([2, 5, 7], [.. Enumerable.Range(0, 3 * features).Select(_ => (float)random.NextDouble() - 0.5f)], [0.1f, 0.2f, 0.3f]);
        using var graph = EmbeddingGraph.WithHead(embedding, head);
        using var picture = Noise(graph.InputShapes[0]);
        using CpuNetwork whole = new(graph), front = new(embedding);
        float[] scores = new float[3];
        head.Score(front.Run([picture])[0].Span, scores);
        float[] given = whole.Run([picture])[0].Span.ToArray();
        for (int k = 0; k < 3; k++)
            Assert.Equal(scores[k], given[k], 1e-3);
        Assert.Equal(head.Weights.ToArray(), EmbeddingGraph.HeadOf(graph, head.Classes).Weights.ToArray());
        Assert.Throws<ArgumentException>(() => EmbeddingGraph.HeadOf(model.Graph, [0]));
        Assert.Throws<ArgumentException>(() => EmbeddingGraph.WithHead(embedding, new LinearHead([0], [1], [0])));
    }

    [Fact]
    public void A_network_without_features_or_of_something_else_than_pictures_is_no_backbone()
    {
        var builder = new GraphBuilder();
        using var flat = builder.Build(builder.Start(new Shape(1, 3, 8, 8)).Then(new Flatten()).Then(new Linear(192, 4)));
        Assert.Contains("neither feature maps nor features", Assert.Throws<ArgumentException>(() => EmbeddingGraph.Of(flat)).Message, StringComparison.Ordinal);
        var other = new GraphBuilder();
        using var vector = other.Build(other.Start(new Shape(1, 8)).Then(new Linear(8, 4)));
        Assert.Contains("A picture fills one input", Assert.Throws<ArgumentException>(() => EmbeddingGraph.Of(vector)).Message, StringComparison.Ordinal);
    }

    private static Tensor Noise(Shape shape)
    {
        var random = new Random(4);
        var tensor = new Tensor(shape);
        foreach (ref float value in tensor.Span)
            value = (float)((random.NextDouble() * 2) - 1);
        return tensor;
    }

    // Quarters of each map, row by row from the top left.
    private static IEnumerable<float> MeansOf(Tensor maps, int window)
    {
        var shape = maps.Shape;
        for (int c = 0; c < shape.Channels; c++)
        {
            for (int quarter = 0; quarter < 4; quarter++)
            {
                double sum = 0;
                for (int i = 0; i < window * window; i++)
                    sum += maps.Span[(c * shape.Area) + (((quarter / 2 * window) + (i / window)) * shape.Width) + (quarter % 2 * window) + (i % window)];
                yield return (float)(sum / (window * window));
            }
        }
    }
}
