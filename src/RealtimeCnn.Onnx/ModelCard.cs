using System.Globalization;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Onnx;

/// <summary>
/// All that it takes to show a picture to a model and to understand its answer: what the file says of itself, what is recognised by its
/// outputs, and what the family's authors did where neither says more.
/// </summary>
public sealed record ModelCard
{
    private const int LabelsSaid = 3;

    private ModelCard()
    {
    }

    /// <summary>How a picture becomes the input.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>What the outputs mean; null where nothing says so.</summary>
    public required ModelHead? Head { get; init; }

    /// <summary>A name for each class that the head tells apart; numbers where nothing names them. Empty without a head.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The outputs.</summary>
    public required IReadOnlyList<HeadOutput> Outputs { get; init; }

    /// <summary>What the head is and how it is known, in one line.</summary>
    public required string Said { get; init; }

    /// <summary>Whether a classifier's output still needs softmax.</summary>
    public required bool AreLogits { get; init; }

    /// <summary>The card of a model file.</summary>
    /// <param name="model">The model; it takes one picture.</param>
    /// <param name="instead">What is said in place of its metadata; null for these.</param>
    /// <exception cref="OnnxException">It takes no picture, or what it says of itself cannot be; the message names the key and what is possible.</exception>
    public static ModelCard Of(OnnxModel model, OnnxMetadata? instead = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(model.Graph, instead ?? model.Metadata, [.. model.Outputs.Select(port => new HeadOutput(port.Name, port.Shape))], [.. model.Inputs.Select(port => new HeadOutput(port.Name, port.Shape))]);
    }

    /// <summary>The card of a network without a file.</summary>
    /// <param name="graph">The network; it takes one picture.</param>
    /// <param name="metadata">What is known of it.</param>
    /// <exception cref="OnnxException">It takes no picture, or what is said of it cannot be; the message names the key and what is possible.</exception>
    public static ModelCard Of(Graph graph, OnnxMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(metadata);
        var shapes = graph.InferShapes();
        return Of(graph, metadata, Ports(graph.Outputs), Ports(graph.Inputs));

        HeadOutput[] Ports(IReadOnlyList<Node> nodes) => [.. nodes.Select(node => new HeadOutput(node.Name, shapes[node]))];
    }

    /// <summary>A reader for the answers of a detector.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public DetectionReader NewDetectionReader() => Head is DetectionHead head
        ? new DetectionReader(head, Outputs, Preprocessing.Size)
        : throw new InvalidOperationException($"The model is no detector. {Said}");

    /// <summary>A reader for the answers of a classifier.</summary>
    /// <param name="top">How many of the most likely classes are kept, at least 1; no more than there are.</param>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public Classification NewClassification(int top = 5) => Head is ClassificationHead head
        ? new Classification(Labels.Count, Labels, Math.Min(top, Labels.Count), AreLogits, head)
        : throw new InvalidOperationException($"The model is no classifier. {Said}");

    private static ModelCard Of(Graph graph, OnnxMetadata metadata, IReadOnlyList<HeadOutput> outputs, IReadOnlyList<HeadOutput> inputs)
    {
        if (inputs is not [{ Shape: { Rank: 4, Batch: 1, Channels: 1 or 3 } input }])
            throw new OnnxException($"A picture fills one input [1, 3, H, W] or [1, 1, H, W]; this model has {string.Join(", ", inputs)}.");
        var size = new Size2d(input.Height, input.Width);
        var said = metadata.ReadHead();
        try
        {
            var head = said ?? (HeadRecognition.Of(graph, outputs, size) is { } recognised ? metadata.WithNumbers(recognised) : null);
            int classes = Classes(head, outputs, size);
            return new ModelCard
            {
                Head = head, Outputs = outputs, AreLogits = head is ClassificationHead && Classification.NeedsSoftmax(graph),
                Preprocessing = metadata.PreprocessingFor(size, input.Channels, head?.Published(size)),
                Labels = LabelsOf(metadata, head, classes), Said = Sentence(head, said != null, metadata, outputs, classes),
            };
        }
        catch (ArgumentException problem)
        {
            throw new OnnxException($"'{metadata.SaidBy}': {problem.Message}", problem);
        }
    }

    private static int Classes(ModelHead? head, IReadOnlyList<HeadOutput> outputs, Size2d size) => head switch
    {
        DetectionHead detector => new DetectionReader(detector, outputs, size).Classes,
        ClassificationHead => outputs[0].Shape is { Rank: > 1 } scores && scores.Count == scores.Channels ? scores.Channels
            : throw new ArgumentException($"The head 'classification' reads a score for each class, [1, classes]; the network gives {HeadOutput.Describe(outputs)}."),
        SegmentationHead segmentation => segmentation.ClassesOf(outputs[0].Shape),
        PictureHead => NoClasses(outputs[0].Shape),
        LandmarkHead landmarks => NoClasses(new LandmarkReader(landmarks, outputs, size)),
        _ => 0,
    };

    private static int NoClasses(Shape picture)
    {
        PictureHead.Verify(picture);
        return 0;
    }

    // What was made of the outputs has checked them.
    private static int NoClasses(LandmarkReader _) => 0;

    private static string[] LabelsOf(OnnxMetadata metadata, ModelHead? head, int classes)
    {
        var labels = metadata.Labels.Count > 0 ? metadata.Labels : head?.PublishedLabels(classes) ?? [];
        return labels.Count == 0 || head == null ? [.. Enumerable.Range(0, classes).Select(k => k.ToString(CultureInfo.InvariantCulture))]
            : labels.Count == classes ? [.. labels]
            : throw new ArgumentException($"There are {labels.Count} labels ('labels'); the model tells {classes} classes apart.");
    }

    private static string Sentence(ModelHead? head, bool isSaid, OnnxMetadata metadata, IReadOnlyList<HeadOutput> outputs, int classes)
    {
        if (head == null)
            return $"No head is known for {HeadOutput.Describe(outputs)}; say it as 'head' in the metadata or in a JSON file beside the model: {string.Join(", ", ModelHead.FamilyNames)}.";
        var labels = LabelsOf(metadata, head, classes);
        string known = $"Head {head.Family}, {(isSaid ? $"as '{metadata.SaidBy}' says" : $"recognised by {HeadOutput.Describe(outputs)}")}";
        if (classes == 0)
            return $"{known}.";
        string named = $"{classes} {(classes == 1 ? "class" : "classes")} ({string.Join(", ", labels.Take(LabelsSaid))}{(labels.Length > LabelsSaid ? ", …" : string.Empty)})";
        string score = head is DetectionHead detector ? string.Create(CultureInfo.InvariantCulture, $", score from {detector.Threshold}") : string.Empty;
        return $"{known}: {named}{score}.";
    }
}
