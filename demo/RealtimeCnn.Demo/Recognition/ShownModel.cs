using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>A network from a file, and what it says of the newest picture that it has seen.</summary>
internal abstract class ShownModel : ISceneNetwork, IDisposable
{
    private readonly OnnxModel _model;
    private readonly Preprocessing _preprocessing;
    private readonly DetectionHead? _head;
    private readonly bool _keepsOutputs;

    private protected ShownModel(ModelFile file, DetectionHead? head = null, bool keepsOutputs = false) =>
        (Path, Name, Card, Classes, _model, _preprocessing, _head, _keepsOutputs) = (file.Path, file.Name, file.Card, file.Card.Labels, file.Model, file.Card.Preprocessing, head, keepsOutputs);

    /// <summary>Where it was read, or the name of a shipped one.</summary>
    public string Path { get; }

    /// <summary>Name of the file.</summary>
    public string Name { get; }

    /// <summary>Names of all classes; their numbers where nothing names them.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>How a picture becomes its input.</summary>
    public Preprocessing Preprocessing => _preprocessing;

    /// <summary>Channels, height and width of its input.</summary>
    public Shape Input => _preprocessing.Shape;

    /// <summary>How it is fed and read.</summary>
    private protected ModelCard Card { get; }

    /// <summary>Whether it has seen a picture.</summary>
    public bool HasAnswer { get; private set; }

    /// <summary>Whether what it says is more likely than not.</summary>
    public abstract bool IsSure { get; }

    /// <summary>What it computes; the model's.</summary>
    public Graph Graph => _model.Graph;

    /// <summary>Pictures that it has said something about.</summary>
    public long Answered { get; private set; }

    /// <summary>What an occlusion looks at: from the outputs of a run, how sure the network is of a class.</summary>
    /// <param name="label">Number of the class.</param>
    public abstract Func<IReadOnlyList<Tensor>, float> NewScore(int label);

    /// <summary>Opens a file as what it is: a detector where it says so, else a classifier.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="labels">A file with a label in each line, which go before those of the model; null for the model's.</param>
    /// <exception cref="ModelFileException">A file is missing, is no model, or none that can be shown; the message says which and why.</exception>
    public static ShownModel Open(string path, string? labels = null)
    {
        var file = ModelFile.Open(path, labels);
        try
        {
            return file.Card.Head is DetectionHead head ? new ShownDetector(file, head) : new ShownClassifier(file);
        }
        catch (OnnxException error)
        {
            file.Model.Dispose();
            throw new ModelFileException($"'{path}': {error.Message}", error);
        }
    }

    /// <summary>What its file says of it.</summary>
    public OnnxMetadata Metadata => _model.Metadata;

    /// <summary>The part of a picture that the network sees, as a viewer sees it, in pixels.</summary>
    public (double Left, double Top, double Width, double Height) Seen(Size2d upright) => SeenBy(_preprocessing, upright);

    /// <summary>The part of a picture that a preprocessing takes, as a viewer sees it, in pixels.</summary>
    public static (double Left, double Top, double Width, double Height) SeenBy(Preprocessing preprocessing, Size2d upright)
    {
        var mapping = new PictureMapping(upright, default, preprocessing.Size, preprocessing.Fit);
        return (mapping.WindowLeft, mapping.WindowTop, mapping.Content.Width * mapping.ScaleX, mapping.Content.Height * mapping.ScaleY);
    }

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        options = new LiveOptions { Preprocessing = _preprocessing, Head = _head, KeepsOutputs = _keepsOutputs };
        HasAnswer = false;
        return Graph;
    }

    public void Release(Graph graph)
    {
        // The model's own, used again when the view comes back.
    }

    public void Read(LiveResult result, Scene scene)
    {
        Read(result);
        (HasAnswer, Answered) = (true, Answered + 1);
    }

    public void Dispose() => _model.Dispose();

    private protected abstract void Read(LiveResult result);
}
