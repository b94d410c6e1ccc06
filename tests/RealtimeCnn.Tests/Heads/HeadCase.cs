using RealtimeCnn.Heads;

namespace RealtimeCnn.Tests.Heads;

/// <summary>A head, outputs as its family gives them, made of chance, and what its authors' code finds in them.</summary>
internal sealed class HeadCase : IDisposable
{
    private readonly Func<Tensor[], IEnumerable<PublishedBox>> _published;

    private HeadCase(DetectionHead head, int width, int height, Func<Tensor[], IEnumerable<PublishedBox>> published, params (string Name, Shape Shape, Func<Random, float> Draw)[] outputs)
    {
        (Head, Input, _published) = (head, new Size2d(height, width), published);
        var random = new Random(11);
        Described = [.. outputs.Select(output => new HeadOutput(output.Name, output.Shape))];
        Outputs = [.. outputs.Select(output => new Tensor(output.Shape, [.. Enumerable.Range(0, output.Shape.Count).Select(_ => output.Draw(random))]))];
    }

    public DetectionHead Head { get; private init; }

    public Size2d Input { get; }

    /// <summary>Whether scores are products, which round alike everywhere, so that ties are ties on every backend.</summary>
    public bool HasExactScores => Head is not (TinyYoloV2Head or FastestDetHead or CentreHead or SsdHead { Scores: "softmax" }) && Head.Suppression.Kind is SuppressionKind.Hard or SuppressionKind.Weighted;

    public HeadOutput[] Described { get; }

    public Tensor[] Outputs { get; }

    /// <summary>The cases by name; the same for every backend.</summary>
    public static IReadOnlyDictionary<string, Func<HeadCase>> All { get; } = new Dictionary<string, Func<HeadCase>>
    {
        ["corners"] = () => new(new SsdHead { AreCorners = true }, 320, 240, o => PublishedDecoding.Corners(o[0], o[1], 320, 240), ("scores", new Shape(1, 500, 3), Tied), ("boxes", new Shape(1, 500, 4), Corner())),
        ["priors"] = () => Priors(landmarks: 0),
        ["priors with landmarks"] = () => Priors(landmarks: 5),
        ["priors, softmax"] = () => new(
            new SsdHead { Scores = "softmax", Threshold = 0.5f }, 72, 40, o => PublishedDecoding.Ssd(o[1], o[0], null, 72, 40, [8, 16, 32, 64], UltraFace, isSoftmax: true),
            ("loc", new Shape(1, Places(72, 40), 4), Shift), ("conf", new Shape(1, Places(72, 40), 4), Logit)),
        ["blazeface"] = () => new(
            new BlazeHead(), 128, 128, o => PublishedDecoding.Blaze(o[0], o[1], 128, [(8, 2), (16, 6)]), ("regressors", new Shape(1, 896, 16), Pixels), ("classificators", new Shape(1, 896, 1), Logit)),
        ["palm"] = () => new(
            new BlazeHead(), 192, 192, o => PublishedDecoding.Blaze(o[1], o[0], 192, [(8, 2), (16, 6)]), ("classificators", new Shape(1, 2016, 1), Logit), ("regressors", new Shape(1, 2016, 18), Pixels)),
        ["yolox"] = () => new(new YoloxHead(), 160, 96, o => PublishedDecoding.Yolox(o[0], 160, 96), ("output", new Shape(1, 315, 9), Tied)),
        ["yolox by class"] = () => new(
            new YoloxHead { Suppression = new Suppression { Overlap = 0.3f }, Boxes = 20 }, 160, 96, o => PublishedDecoding.Yolox(o[0], 160, 96), ("output", new Shape(1, 315, 9), Tied)),
        ["yolox, decoded"] = () => new(
            new YoloxHead { IsDecoded = true, Threshold = 0.4f }, 160, 96, o => PublishedDecoding.Yolox(o[0], 160, 96, isDecoded: true), ("output", new Shape(1, 315, 9), Decoded())),
        ["nanodet-plus"] = () => new(
            new NanoDetHead { Candidates = 60 }, 96, 80, o => PublishedDecoding.NanoDet(o[0], 96, 80, [8, 16, 32, 64], 8, 0), ("output", new Shape(1, 163, 35), random => (random.NextSingle() * 4) - 3.2f)),
        ["nanodet"] = () => new(
            new NanoDetHead { Strides = [8, 16, 32], Offset = 0.5f, Bins = 5 }, 96, 64, o => PublishedDecoding.NanoDet(o[0], 96, 64, [8, 16, 32], 5, 0.5), ("output", new Shape(1, 126, 22), Tied)),
        ["fastestdet"] = () => new(new FastestDetHead { Threshold = 0.5f }, 352, 320, o => PublishedDecoding.FastestDet(o[0], 352, 320), ("output", new Shape(1, 9, 20, 22), Unit)),
        ["tiny-yolov2"] = () => new(
            new TinyYoloV2Head(), 224, 160, o => PublishedDecoding.TinyYoloV2(o[0], 224, 160, [1.08, 1.19, 3.42, 4.41, 6.63, 11.38, 9.42, 5.11, 16.62, 10.52]), ("grid", new Shape(1, 40, 5, 7), Logit)),
        ["yunet"] = () => new(new YuNetHead(), 160, 96, o => PublishedDecoding.YuNet(o, 160, 96), YuNet(160, 96)),
        ["centres"] = () => new(
            new CentreHead { Threshold = 0.2f }, 96, 64, o => PublishedDecoding.Centres(o[0], o[1], o[2], 96, 64, 16),
            ("heat", new Shape(1, 1, 16, 24), random => random.Next(-8, 9) / 2f), ("classes", new Shape(1, 3, 16, 24), Logit), ("boxes", new Shape(1, 4, 16, 24), Unit)),
        ["soft, linear"] = () => Soft(SuppressionKind.SoftLinear),
        ["soft, gaussian"] = () => Soft(SuppressionKind.SoftGaussian),
        ["weighted by class"] = () => new(
            new NanoDetHead { Strides = [8, 16, 32], Suppression = new Suppression { Kind = SuppressionKind.Weighted, Overlap = 0.2f } }, 96, 64, o => PublishedDecoding.NanoDet(o[0], 96, 64, [8, 16, 32], 8, 0),
            ("output", new Shape(1, 126, 35), Unit)),
    };

    private static double[][] UltraFace => [[10, 16, 24], [32, 48], [64, 96], [128, 192, 256]];

    /// <summary>What the published code finds.</summary>
    public List<PublishedBox> Published()
    {
        var candidates = _published(Outputs).Where(box => box.Score >= Head.Threshold).OrderByDescending(box => box.Score).Take(Head.Candidates);
        return PublishedSuppression.Run(candidates, Head.Suppression, Head.Threshold, Head.Boxes);
    }

    public DetectionReader Reader() => new(Head, Described, Input);

    /// <summary>Fails unless what was found is what is published: the same things in the same order.</summary>
    public void Verify(Detections found, List<PublishedBox> published)
    {
        double pixel = 1e-4 * Math.Max(Input.Width, Input.Height);
        Assert.Equal(published.Select(box => box.Class), found.Select(box => box.Class));
        for (int i = 0; i < found.Count; i++)
        {
            Assert.Equal(published[i].Score, found[i].Score, 1e-5);
            Assert.Equal([published[i].Left, published[i].Top, published[i].Right, published[i].Bottom], [found[i].Left, found[i].Top, found[i].Right, found[i].Bottom], Near);
            Assert.Equal(published[i].Points.SelectMany(point => new[] { point.X, point.Y }), found.LandmarksOf(i).ToArray().SelectMany(point => new double[] { point.X, point.Y }), Near);
        }

        bool Near(double a, double b) => Math.Abs(a - b) <= pixel + (1e-5 * Math.Abs(a));
    }

    public void Dispose()
    {
        foreach (var output in Outputs)
            output.Dispose();
    }

    private static HeadCase Priors(int landmarks)
    {
        int places = Places(72, 40);
        (string, Shape, Func<Random, float>)[] outputs = [("scores", new Shape(1, places, 2), Tied), ("boxes", new Shape(1, places, 4), Shift), ("landmarks", new Shape(1, places, 2 * landmarks), Shift)];
        return new HeadCase(
            new SsdHead(), 72, 40, o => PublishedDecoding.Ssd(o[0], o[1], landmarks > 0 ? o[2] : null, 72, 40, [8, 16, 32, 64], UltraFace, isSoftmax: false), outputs[..(landmarks > 0 ? 3 : 2)]);
    }

    private static HeadCase Soft(SuppressionKind kind) => new(
        new YoloxHead { Suppression = new Suppression { Kind = kind, Overlap = 0.3f, IsByClass = kind == SuppressionKind.SoftGaussian }, Boxes = 60 },
        160, 96, o => PublishedDecoding.Yolox(o[0], 160, 96), ("output", new Shape(1, 315, 9), Unit));

    private static (string, Shape, Func<Random, float>)[] YuNet(int width, int height)
    {
        (string Name, int Channels, Func<Random, float> Draw)[] parts = [("cls", 1, Tied), ("obj", 1, Tied), ("bbox", 4, Shift), ("kps", 10, Shift)];
        return [.. parts.SelectMany(part => new[] { 8, 16, 32 }.Select(stride => ($"{part.Name}_{stride}", new Shape(1, width / stride * (height / stride), part.Channels), part.Draw)))];
    }

    private static int Places(int width, int height) =>
        new[] { (8, 3), (16, 2), (32, 2), (64, 3) }.Sum(level => (width + level.Item1 - 1) / level.Item1 * ((height + level.Item1 - 1) / level.Item1) * level.Item2);

    private static float Unit(Random random) => random.NextSingle();

    // Many are equal, and so are their products.
    private static float Tied(Random random) => random.Next(0, 17) / 16f;

    private static float Shift(Random random) => (random.NextSingle() * 3) - 1.5f;

    private static float Logit(Random random) => (random.NextSingle() * 8) - 4;

    private static float Pixels(Random random) => random.NextSingle() * 30;

    // Nine numbers of a place: a middle and sides in pixels, and probabilities.
    private static Func<Random, float> Decoded()
    {
        int drawn = 0;
        return random => drawn++ % 9 < 4 ? 10 + (random.NextSingle() * 70) : random.Next(0, 17) / 16f;
    }

    // Left and top below a half, right and bottom above.
    private static Func<Random, float> Corner()
    {
        int drawn = 0;
        return random => ((drawn++ % 4) < 2 ? 0.1f : 0.5f) + (random.NextSingle() * 0.4f);
    }
}
