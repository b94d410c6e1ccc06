using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Teaching;

namespace RealtimeCnn.Onnx;

/// <summary>
/// What was taught, as one ONNX file: backbone, embedding and head are a classifier that anything that reads ONNX can run, with its labels,
/// its preprocessing and which of them reject a picture: what was shown as none of the others, and <c>unfamiliar</c>, the last one, for what
/// is like none of the examples; and the metadata keep the examples with their small pictures (<c>taught.examples</c>, base64 of
/// <see cref="TaughtClasses.ToBytes"/>), so that it can be taught on.
/// </summary>
public sealed class TaughtModel : IDisposable
{
    private const string ExamplesKey = "taught.examples", TrainedKey = "taught.trained", Unfamiliar = "unfamiliar";
    private readonly OnnxModel _model;

    private TaughtModel(OnnxModel model, Graph embedding, Preprocessing preprocessing, FewShotClassifier classifier) =>
        (_model, Embedding, Preprocessing, Classifier) = (model, embedding, preprocessing, classifier);

    /// <summary>Pictures in, <see cref="EmbeddingGraph.Embedding"/> and <see cref="EmbeddingGraph.Thumbnail"/> out.</summary>
    public Graph Embedding { get; }

    /// <summary>How a picture becomes the input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Answers as it did when it was written.</summary>
    public FewShotClassifier Classifier { get; }

    /// <summary>Whether a file's metadata say that it was taught.</summary>
    /// <param name="metadata">Of the file.</param>
    public static bool IsOne(OnnxMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.Other.ContainsKey(ExamplesKey);
    }

    /// <summary>Writes what was taught, whole or not at all: where that fails, a file that was there stays.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="embedding">From <see cref="EmbeddingGraph.Of"/>.</param>
    /// <param name="preprocessing">How a picture becomes its input.</param>
    /// <param name="classifier">The classes, with examples.</param>
    /// <exception cref="ArgumentException">There are no examples, or they are of another embedding.</exception>
    /// <exception cref="OnnxException">A layer of the backbone cannot be written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Save(string path, Graph embedding, Preprocessing preprocessing, FewShotClassifier classifier)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelFile.Write(path, ToBytes(embedding, preprocessing, classifier));
    }

    /// <summary>The same as the bytes of a file.</summary>
    /// <inheritdoc cref="Save"/>
    public static byte[] ToBytes(Graph embedding, Preprocessing preprocessing, FewShotClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentNullException.ThrowIfNull(classifier);
        var classes = classifier.Classes;
        var head = classifier.Head ?? throw new ArgumentException("Nothing has been taught yet: there are no examples.", nameof(classifier));
        List<string> labels = [.. head.Classes.ToArray().Select(label => classes.Names[label])], rejecting = [];
        if (classes.Nothing >= 0 && classes.CountOf(classes.Nothing) > 0)
            rejecting.Add(classes.Names[classes.Nothing]);
        if (classifier.Familiarity != null)
        {
            string unfamiliar = Unfamiliar;
            for (int number = 2; labels.Contains(unfamiliar); number++)
                unfamiliar = $"{Unfamiliar} {number}";
            labels.Add(unfamiliar);
            rejecting.Add(unfamiliar);
        }

        using var graph = EmbeddingGraph.WithHead(embedding, head, classifier.Familiarity);
        float[] Numbers(Rgb numbers) => preprocessing.Order switch
        {
            ColorOrder.Gray => [(float)numbers.R],
            ColorOrder.Bgr => [(float)numbers.B, (float)numbers.G, (float)numbers.R],
            _ => [(float)numbers.R, (float)numbers.G, (float)numbers.B],
        };
        var metadata = new OnnxMetadata
        {
            Labels = labels, InputSize = preprocessing.Size, Mean = Numbers(preprocessing.Mean), Scale = Numbers(preprocessing.Scale),
            IsBgr = preprocessing.Order == ColorOrder.Gray ? null : preprocessing.Order == ColorOrder.Bgr,
            Fit = preprocessing.Fit switch { FitMode.Stretch => "stretch", FitMode.Letterbox => "letterbox", _ => "crop" },
            Other = new Dictionary<string, string> { [ExamplesKey] = Convert.ToBase64String(classes.ToBytes()), [TrainedKey] = classifier.IsTrained ? "yes" : classifier.IsSettled ? "means" : "no" },
        };
        return OnnxExporter.ToBytes(graph, metadata.With(new ClassificationHead { Threshold = FewShotClassifier.LeastProbability, Reject = string.Join('\n', rejecting) }));
    }

    /// <summary>Reads a file that was taught.</summary>
    /// <param name="path">Of the file.</param>
    /// <exception cref="OnnxException">It is no model, was not taught, or is damaged; the message says which.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TaughtModel Load(string path)
    {
        var model = OnnxModel.Load(path, new OnnxLoadOptions { TakesPictures = true });
        try
        {
            return Of(model, Path.GetFileName(path));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Frees backbone and head; ends a training.</summary>
    public void Dispose()
    {
        Classifier.Dispose();
        _model.Dispose();
    }

    private static TaughtModel Of(OnnxModel model, string name)
    {
        if (!model.Metadata.Other.TryGetValue(ExamplesKey, out string? text))
            throw new OnnxException($"'{name}' was not taught: its metadata have no examples ('{ExamplesKey}').");
        try
        {
            var classes = TaughtClasses.FromBytes(Convert.FromBase64String(text));
            var embedding = EmbeddingGraph.Of(model.Graph);
            var shapes = embedding.InferShapes();
            var preprocessing = ModelCard.Of(model).Preprocessing;
            if (shapes[embedding.Outputs[0]].Count != classes.Features || embedding.Outputs[0].Name != EmbeddingGraph.Embedding)
                throw new FormatException($"The network gives {shapes[embedding.Outputs[0]].Count} features for a picture; examples have {classes.Features}.");
            if (shapes[embedding.Outputs[1]] is var small && new Size2d(small.Height, small.Width) != classes.ThumbnailSize)
                throw new FormatException($"Small pictures of the network are {small.Width}×{small.Height} pixels; those of the examples are {classes.ThumbnailSize.Width}×{classes.ThumbnailSize.Height}.");
            var classifier = new FewShotClassifier(classes);
            int[] taught = [.. Enumerable.Range(0, classes.Names.Count).Where(label => classes.CountOf(label) > 0)];
            string? trained = model.Metadata.Other.GetValueOrDefault(TrainedKey);
            if (trained is "yes" or "means")
                classifier.Restore(trained == "yes" ? EmbeddingGraph.HeadOf(model.Graph, taught) : null);
            return new TaughtModel(model, embedding, preprocessing, classifier);
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException)
        {
            throw new OnnxException($"'{name}' cannot be taught on: {problem.Message}", problem);
        }
    }
}
