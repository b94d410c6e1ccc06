using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Heads;

/// <summary>Published networks are told by their outputs, and what is nobody's is not guessed at.</summary>
public sealed class HeadRecognitionTests
{
    [Theory]
    [InlineData("yunet", 320, 320)]
    [InlineData("blazeface", 128, 128, "regressors 1 896 16", "classificators 1 896 1")]
    [InlineData("blazeface", 192, 192, "a 1 2016 1", "b 1 2016 18")]
    [InlineData("blazeface", 192, 192, "a 1 2304 16", "b 1 2304 1")]
    [InlineData("ssd", 320, 240, "scores 1 4420 2", "boxes 1 4420 4")]
    [InlineData("yolox", 640, 640, "output 1 8400 85")]
    [InlineData("yolox", 416, 416, "output 1 3549 25")]
    [InlineData("nanodet", 416, 416, "output 1 3598 112")]
    [InlineData("nanodet", 320, 320, "output 1 2100 112")]
    [InlineData("fastestdet", 352, 352, "output 1 85 22 22")]
    [InlineData("tiny-yolov2", 416, 416, "grid 1 125 13 13")]
    [InlineData("classification", 224, 224, "scores 1 1000")]
    [InlineData("classification", 224, 224, "scores 1 10 1 1")]
    [InlineData("landmarks", 224, 224, "Identity 1 63", "Identity_1 1 1", "Identity_2 1 1", "Identity_3 1 63")]
    [InlineData("landmarks", 224, 224, "hand_score 1 1", "xyz_x21 1 63")]
    [InlineData("landmarks", 192, 192, "conv2d_21 1 1 1 1404", "conv2d_31 1 1 1 1")]
    [InlineData("classification", 224, 224, "scores 1 63")]
    [InlineData("", 224, 224, "one 1 1", "points 1 62")]
    [InlineData("", 224, 224, "map 1 3 224 224")]
    [InlineData("", 224, 224, "one 1 1")]
    [InlineData("", 320, 240, "scores 1 100 2", "boxes 1 100 4")]
    [InlineData("", 640, 640, "output 1 8401 85")]
    public void A_family_is_told_by_names_and_shapes(string family, int width, int height, params string[] outputs)
    {
        if (family == "yunet")
            outputs = [.. new[] { ("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10) }.SelectMany(part => new[] { 8, 16, 32 }.Select(stride => $"{part.Item1}_{stride} 1 {width / stride * (height / stride)} {part.Item2}"))];
        Assert.Equal(family, Recognised(new Size2d(height, width), outputs, node => node)?.Family ?? "");
    }

    [Fact]
    public void Boxes_behind_an_exponential_are_decoded()
    {
        string[] ultraFace = ["scores 1 4420 2", "boxes 1 4420 4"];
        var input = new Size2d(240, 320);
        Assert.False(Assert.IsType<SsdHead>(Recognised(input, ultraFace, node => node)).AreCorners);
        Assert.True(Assert.IsType<SsdHead>(Recognised(input, ultraFace, Exponential)).AreCorners);
        // Corners need no priors.
        Assert.IsType<SsdHead>(Recognised(input, ["scores 1 100 2", "boxes 1 100 4"], Exponential));
        Assert.True(Assert.IsType<YoloxHead>(Recognised(640, ["output 1 8400 85"], Exponential)).IsDecoded);
        Assert.False(Assert.IsType<YoloxHead>(Recognised(640, ["output 1 8400 85"], node => node)).IsDecoded);
        Assert.Null(Recognised(416, ["output 1 3598 112"], Exponential));
    }

    [Fact]
    public void Families_that_differ_in_numbers_get_theirs()
    {
        Assert.Equal(0.5f, Assert.IsType<NanoDetHead>(Recognised(320, ["output 1 2100 112"], node => node)).Offset);
        Assert.Equal(0, Assert.IsType<NanoDetHead>(Recognised(416, ["output 1 3598 112"], node => node)).Offset);
        Assert.Equal(["palm"], Recognised(192, ["a 1 2016 1", "b 1 2016 18"], node => node)!.PublishedLabels(1));
        Assert.Equal((21, PresenceScore.Probability), Numbers(Recognised(224, ["Identity 1 63", "Identity_1 1 1"], node => node)));
        Assert.Equal((468, PresenceScore.Logit), Numbers(Recognised(192, ["a 1 1404", "b 1 1"], node => node)));
        static (int, PresenceScore) Numbers(ModelHead? head) => head is LandmarkHead { Dimensions: 3 } landmarks ? (landmarks.Points, landmarks.Presence) : default;
        Assert.Equal([4], Assert.IsType<BlazeHead>(Recognised(192, ["a 1 2304 16", "b 1 2304 1"], node => node)).Strides);
    }

    [Fact]
    public void What_a_head_says_of_itself_is_read_again()
    {
        foreach (string family in ModelHead.FamilyNames)
        {
            var head = ModelHead.Of(family)!;
            Assert.Equal(head.Entries, head.With(head.Entries).Entries);
            Assert.Equal(family, head.Family);
        }

        var ssd = (SsdHead)new SsdHead().With(new Dictionary<string, string>
        {
            ["head.anchors"] = "10x20, 30x40;5.5x6", ["head.strides"] = "8,16", ["head.suppression"] = "soft-gaussian", ["head.by-class"] = "no", ["head.variances"] = "0.2,0.3", ["labels"] = "left alone",
        });
        Assert.Equal([[new AnchorSize(10, 20), new AnchorSize(30, 40)], [new AnchorSize(5.5f, 6)]], ssd.Anchors);
        Assert.Equal(((0.2f, 0.3f), SuppressionKind.SoftGaussian, false), (ssd.Variances, ssd.Suppression.Kind, ssd.Suppression.IsByClass));
        Assert.Null(ModelHead.Of("ssd2"));
    }

    [Theory]
    [InlineData("head.threshold", "1.5", "a number from 0.0001 to 0.9999")]
    [InlineData("head.threshold", "NaN", "a number from")]
    [InlineData("head.suppression", "none", "hard or soft-linear or soft-gaussian or weighted")]
    [InlineData("head.strides", "8,0", "whole numbers from 1 to 4096")]
    [InlineData("head.anchors", "8x", "WIDTHxHEIGHT")]
    [InlineData("head.variances", "1", "2 numbers from")]
    [InlineData("head.corners", "true", "yes or no")]
    [InlineData("head.boxes", "1.5", "a whole number from 1 to 512")]
    [InlineData("head.stride", "8", "means nothing to the head 'ssd'; its keys are head.anchors, head.background")]
    public void What_cannot_be_read_is_named_with_what_is_possible(string key, string text, string possible)
    {
        string said = Assert.Throws<FormatException>(() => new SsdHead().With(new Dictionary<string, string> { [key] = text })).Message;
        Assert.Contains($"'{key}'", said, StringComparison.Ordinal);
        Assert.Contains(possible, said, StringComparison.Ordinal);
    }

    /// <summary>The page names every family and every key.</summary>
    [Fact]
    public void The_page_about_heads_knows_them_all()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "heads.md"));
        foreach (string family in ModelHead.FamilyNames)
        {
            Assert.Contains($"`{family}`", page, StringComparison.Ordinal);
            Assert.All(ModelHead.Of(family)!.Entries.Keys, key => Assert.Contains($"`{key}`", page, StringComparison.Ordinal));
        }
    }

    private static SymbolicTensor Exponential(SymbolicTensor x) => x.Then(new Exp());

    private static ModelHead? Recognised(Size2d input, string[] described, Func<SymbolicTensor, SymbolicTensor> end)
    {
        var builder = new GraphBuilder();
        HeadOutput[] outputs = [.. described.Select(text => text.Split(' ')).Select(parts => new HeadOutput(parts[0], new Shape([.. parts[1..].Select(int.Parse)])))];
        using var graph = builder.Build([.. outputs.Select(output => (Node)end(builder.Start(output.Shape, output.Name)))]);
        return HeadRecognition.Of(graph, outputs, input);
    }
}
