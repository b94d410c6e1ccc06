using System.Numerics;
using RealtimeCnn.Heads;
using RealtimeCnn.Onnx;
using RealtimeCnn.Tests.Live;

namespace RealtimeCnn.Tests.Heads;

public sealed class LandmarkReaderTests
{
    private static readonly Size2d Input = new(200, 100);

    [Fact]
    public void Points_score_and_hand_are_read_where_they_are()
    {
        var reader = new LandmarkReader(new LandmarkHead { Points = 2, Dimensions = 3 }, [new("a", new Shape(1, 1)), new("b", new Shape(1, 6)), new("c", new Shape(1, 1)), new("world", new Shape(1, 6))], Input);
        Tensor[] outputs = [Of(0.9f), Of(1, 2, 3, 40, 50, -6), Of(0.2f), Of(0, 0, 0, 0, 0, 0)];
        reader.Read(outputs);
        Assert.Equal([new Vector3(1, 2, 3), new Vector3(40, 50, -6)], reader.Points.ToArray());
        Assert.Equal((true, 0.9f, 0.2f), (reader.IsFound, reader.Presence, reader.RightHand));
        outputs[0].Span[0] = 0.4f;
        reader.Read(outputs);
        Assert.False(reader.IsFound);
        Free(outputs);
    }

    [Fact]
    public void Parts_logits_names_and_batches_are_as_the_head_says()
    {
        var head = new LandmarkHead { IsInParts = true, Presence = PresenceScore.Logit, PointsOutput = "second", PresenceOutput = "score" };
        var reader = new LandmarkReader(head, [new("first", new Shape(2, 4)), new("second", new Shape(2, 2, 1, 1)), new("score", new Shape(2, 1))], Input);
        Tensor[] outputs = [new(new Shape(2, 4)), new(new Shape(2, 2, 1, 1), [9, 9, 0.5f, 0.25f]), new(new Shape(2, 1), [-9, 0])];
        reader.Read(outputs, item: 1);
        Assert.Equal([new Vector3(50, 50, 0)], reader.Points.ToArray());
        Assert.Equal((true, 0.5f, float.NaN), (reader.IsFound, reader.Presence, reader.RightHand));
        reader.Read(outputs, item: 0);
        Assert.False(reader.IsFound);
        Assert.Contains("thing 2 of them", Assert.Throws<ArgumentException>(() => reader.Read(outputs, item: 2)).Message, StringComparison.Ordinal);
        Free(outputs);
    }

    [Fact]
    public void What_lies_nowhere_or_has_no_score_is_not_there()
    {
        var reader = new LandmarkReader(new LandmarkHead { Points = 1 }, [new("points", new Shape(1, 2)), new("score", new Shape(1, 1))], Input);
        foreach (var (x, score) in new[] { (float.NaN, 1f), (float.NegativeInfinity, 1), (1e10f, 1), (5, float.NaN), (5, float.PositiveInfinity) })
        {
            Tensor[] outputs = [Of(x, 1), Of(score)];
            reader.Read(outputs);
            Assert.False(reader.IsFound, $"{x}, {score}");
            Free(outputs);
        }

        Tensor[] good = [Of(5, 1), Of(1)];
        reader.Read(good);
        Assert.True(reader.IsFound);
        Free(good);
    }

    [Theory]
    [InlineData(2, PresenceScore.Probability, "", "'landmarks' reads 2 points of 2 numbers and a score of one number", "points 1 6", "score 1 1")]
    [InlineData(3, PresenceScore.Probability, "", "'head.presence': none, where there is none", "points 1 6")]
    [InlineData(0, PresenceScore.None, "", "up to 4096 points", "score 1 1")]
    [InlineData(3, PresenceScore.Probability, "nose", "reads an output 'nose'; the network gives 'points' [1, 6] and 'score' [1, 1]", "points 1 6", "score 1 1")]
    [InlineData(5000, PresenceScore.None, "", "up to 4096", "points 1 10000")]
    public void Outputs_of_others_are_refused_by_name(int points, PresenceScore presence, string name, string said, params string[] outputs)
    {
        var head = new LandmarkHead { Points = points, Presence = presence, PointsOutput = name };
        HeadOutput[] described = [.. outputs.Select(text => text.Split(' ')).Select(parts => new HeadOutput(parts[0], new Shape([.. parts[1..].Select(int.Parse)])))];
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => new LandmarkReader(head, described, Input)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_says_them_and_refuses_what_does_not_fit()
    {
        using var graph = DotScene.Pointer();
        var said = new OnnxMetadata { Head = "landmarks", Other = new Dictionary<string, string> { ["head.presence"] = "logit", ["head.points"] = "2" } };
        var card = ModelCard.Of(graph, said);
        Assert.Equal(new LandmarkHead { Points = 2, Presence = PresenceScore.Logit }, card.Head);
        Assert.Equal("Head landmarks, as 'metadata' says.", card.Said);
        Assert.Empty(card.Labels);
        Assert.Contains("reads 9 points of 2 numbers", Assert.Throws<OnnxException>(() => ModelCard.Of(graph, said with { Other = new Dictionary<string, string> { ["head.points"] = "9" } })).Message, StringComparison.Ordinal);
    }

    private static Tensor Of(params float[] values) => new(new Shape(1, values.Length), values);

    private static void Free(Tensor[] tensors)
    {
        foreach (var tensor in tensors)
            tensor.Dispose();
    }
}
