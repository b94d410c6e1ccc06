using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Teaching;

/// <summary>
/// A frozen network that makes an embedding of a picture, in place of its own answers, and a small copy of what it saw: one run for both.
/// The embedding has the last feature maps of each of the three coarsest resolutions, as means over a grid of 2×2, or over the whole map
/// where there are many; and the features before the last linear layer, where that follows another. Coarse maps of several depths tell classes
/// apart that the network was not trained for, where its last features alone do not (docs/decisions/0050-teaching-by-showing.md).
/// </summary>
/// <remarks>Source: features of a trained network for other classes, Donahue et al. 2014, "DeCAF", arXiv:1310.1531; maps on a grid, Lazebnik et al. 2006, "Beyond Bags of Features".</remarks>
public static class EmbeddingGraph
{
    /// <summary>Name of the output <c>[1, features]</c>.</summary>
    public const string Embedding = "embedding";

    /// <summary>Name of the output <c>[1, C, H, W]</c>: the network's input, shrunk to at most 32 pixels a side.</summary>
    public const string Thumbnail = "thumbnail";

    private const string Taught = "taught";
    private const int ThumbnailSide = 32, Depths = 3, Grid = 2, MostGriddedMaps = 256;

    /// <summary>The embedding of a network that was trained for something else. It shares the parameters, which stay the network's.</summary>
    /// <param name="backbone">A network of one picture <c>[1, C, H, W]</c>.</param>
    /// <exception cref="ArgumentException">It takes something else, or has no feature maps and no features to embed by.</exception>
    public static Graph Of(Graph backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        VerifyPicture(backbone);
        if (backbone.Nodes.FirstOrDefault(node => node.Name == Embedding) is { } known)
            return WithThumbnail(backbone, known);
        var shapes = backbone.InferShapes();
        var taps = Taps(backbone, shapes);
        var parts = taps.Select((tap, i) => Pooled(tap, shapes[tap], i)).ToList();
        if (parts.Count == 0)
            throw new ArgumentException("The network has neither feature maps nor features that pictures could be compared by.", nameof(backbone));
        return WithThumbnail(backbone, parts is [var one] ? new Node(Embedding, one.Layer, one.Inputs, []) : new Node(Embedding, new Concat(), parts, []));
    }

    /// <summary>
    /// The network that a head makes of an embedding: pictures in, a score for each row of the head out, and, with a familiarity, one more
    /// for pictures that are like none of the examples.
    /// </summary>
    /// <param name="embedding">From <see cref="Of"/>; it must live as long as the result.</param>
    /// <param name="head">A head on its embeddings.</param>
    /// <param name="familiarity">What tells pictures that are like none of the examples; null for a network that takes all to be like them.</param>
    /// <exception cref="ArgumentException">Head or familiarity are ones on other embeddings.</exception>
    public static Graph WithHead(Graph embedding, LinearHead head, Familiarity? familiarity = null)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        ArgumentNullException.ThrowIfNull(head);
        var features = embedding[Embedding];
        int count = embedding.InferShapes()[features].Count;
        if (count != head.Features)
            throw new ArgumentException($"The head takes {head.Features} features; the network gives {count}.", nameof(head));
        if (familiarity != null && count != familiarity.Middle.Length)
            throw new ArgumentException($"The familiarity is one of {familiarity.Middle.Length} features; the network gives {count}.", nameof(familiarity));
        var nodes = new TaughtNodes(embedding.Store);
        var scores = nodes.Linear(Taught, features, head.Weight, head.Bias);
        return new Graph(embedding.Inputs, [familiarity == null ? scores : nodes.WithUnfamiliar(scores, features, familiarity)], nodes.Parameters);
    }

    /// <summary>The head of a network.</summary>
    /// <param name="graph">From <see cref="WithHead"/>, or a file of it.</param>
    /// <param name="classes">Number of the class of each row.</param>
    /// <exception cref="ArgumentException">The network has no head as <see cref="WithHead"/> puts there, or one of other rows.</exception>
    public static LinearHead HeadOf(Graph graph, ReadOnlySpan<int> classes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Nodes.FirstOrDefault(node => node.Name == Taught) is { Layer: Linear linear } node && linear.Activation == Activation.None && node.Inputs[0].Name == Embedding && node.Parameters.Count == 2
            ? new LinearHead(classes, node.Parameters[0].Values, node.Parameters[1].Values)
            : throw new ArgumentException($"The network ends with {graph.Outputs[0]}, and has no head on an embedding.", nameof(graph));
    }

    /// <summary>Bytes of a thumbnail that the network gave: red, green, blue, rows from the top.</summary>
    /// <param name="thumbnail">The output.</param>
    /// <param name="preprocessing">How pixels became the network's input.</param>
    /// <param name="pixels">Gets the bytes; three for each pixel.</param>
    public static void ReadThumbnail(Tensor thumbnail, Images.Preprocessing preprocessing, Span<byte> pixels)
    {
        ArgumentNullException.ThrowIfNull(thumbnail);
        ArgumentNullException.ThrowIfNull(preprocessing);
        var shape = thumbnail.Shape;
        var (mean, scale) = (preprocessing.Mean, preprocessing.Scale);
        Span<double> means = [mean.R, mean.G, mean.B], scales = [scale.R, scale.G, scale.B];
        for (int color = 0; color < 3; color++)
        {
            var (channel, number) = preprocessing.Order switch { Images.ColorOrder.Gray => (0, 0), Images.ColorOrder.Bgr => (2 - color, color), _ => (color, color) };
            var plane = thumbnail.Span.Slice(channel * shape.Area, shape.Area);
            for (int i = 0; i < plane.Length; i++)
            {
                double value = Math.Round((plane[i] / scales[number]) + means[number]);
                pixels[(3 * i) + color] = value > 0 ? (byte)Math.Min(value, 255) : (byte)0;
            }
        }
    }

    private static void VerifyPicture(Graph graph)
    {
        if (graph.InputShapes is not [{ Rank: 4, Batch: 1, Channels: 1 or 3 }])
            throw new ArgumentException($"A picture fills one input [1, 3, H, W] or [1, 1, H, W]; this network has {string.Join(", ", graph.InputShapes)}.", nameof(graph));
    }

    private static Graph WithThumbnail(Graph backbone, Node embedding)
    {
        var input = backbone.InputShapes[0];
        int window = (Math.Max(input.Height, input.Width) + ThumbnailSide - 1) / ThumbnailSide;
        Layer shrink = window == 1 || Math.Min(input.Height, input.Width) < window ? new Identity() : new AveragePool2d(window);
        return new Graph(backbone.Inputs, [embedding, new Node(Thumbnail, shrink, [backbone.Inputs[0]], [])], []);
    }

    /// <summary>The last maps of each of the coarsest resolutions, then the features before the last linear layer.</summary>
    private static List<Node> Taps(Graph graph, IReadOnlyDictionary<Node, Shape> shapes)
    {
        Dictionary<(int, int), Node> lastOfSize = [];
        foreach (var node in graph.Nodes)
        {
            if (node.Layer is not (Input or NodeOutput) && !graph.Outputs.Contains(node) && shapes[node] is { Rank: 4, Batch: 1, Height: >= Grid, Width: >= Grid } shape)
                lastOfSize[(shape.Height, shape.Width)] = node;
        }

        List<Node> taps = [.. lastOfSize.Values.OrderBy(node => shapes[node].Area).Take(Depths).Reverse()];
        if (graph.Nodes.LastOrDefault(node => node.Layer is Linear) is { } end && IsBehindLinear(end.Inputs[0]))
            taps.Add(end.Inputs[0]);
        return taps;
    }

    // Through activations, dropout and shapes, which have no weights.
    private static bool IsBehindLinear(Node node)
    {
        while (node.Layer is not Linear)
        {
            if (node.Inputs.Count != 1 || node.Parameters.Count > 0)
                return false;
            node = node.Inputs[0];
        }

        return true;
    }

    private static Node Pooled(Node tap, Shape shape, int number)
    {
        string name = $"{Embedding}.{number}";
        if (shape.Rank != 4)
            return new Node(name, new Flatten(), [tap], []);
        // Two windows a side that cover the map; they overlap by one where it is odd.
        Size2d step = new(shape.Height / Grid, shape.Width / Grid);
        Layer pool = shape.Channels > MostGriddedMaps ? new GlobalAveragePool() : new AveragePool2d(new Size2d(shape.Height - step.Height, shape.Width - step.Width)) { Stride = step };
        return new Node(name, new Flatten(), [new Node($"{name}.means", pool, [tap], [])], []);
    }
}
