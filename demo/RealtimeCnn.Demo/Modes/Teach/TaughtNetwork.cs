using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Onnx;
using RealtimeCnn.Teaching;

namespace RealtimeCnn.Demo.Modes.Teach;

/// <summary>A backbone that embeds each picture, and the classifier that is taught on its embeddings. Of a file, it frees it when nobody runs it any more.</summary>
internal sealed class TaughtNetwork : ISceneNetwork, IDisposable
{
    /// <summary>The place whose examples show nothing.</summary>
    public const int Nothing = 0;

    private static readonly string[] Names = ["nothing", .. Enumerable.Range(1, 9).Select(number => $"{number}")];
    private readonly Graph _embedding;
    private readonly TaughtModel? _file;
    private readonly float[] _newest;
    private readonly byte[] _thumbnail;
    private int _users;
    private bool _isRetired;

    private TaughtNetwork(string name, Graph embedding, Preprocessing preprocessing, FewShotClassifier classifier, TaughtModel? file)
    {
        (Name, _embedding, Preprocessing, Classifier, _file) = (name, embedding, preprocessing, classifier, file);
        var classes = classifier.Classes;
        (_newest, _thumbnail) = (new float[classes.Features], new byte[classes.ThumbnailSize.Height * classes.ThumbnailSize.Width * 3]);
    }

    /// <summary>What the backbone is called.</summary>
    public string Name { get; }

    /// <summary>How a picture becomes its input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>What was taught.</summary>
    public FewShotClassifier Classifier { get; }

    /// <summary>Whether it has seen a picture.</summary>
    public bool HasPicture { get; private set; }

    /// <summary>Told of each picture that has come back.</summary>
    public Action? Seen { get; set; }

    /// <summary>Nothing taught yet, on a model's features.</summary>
    /// <exception cref="ArgumentException">The model has no features to compare pictures by.</exception>
    public static TaughtNetwork On(ShownModel model)
    {
        var embedding = EmbeddingGraph.Of(model.Graph);
        return new TaughtNetwork(model.Name, embedding, model.Preprocessing, new FewShotClassifier(TaughtClasses.For(embedding, Names, Nothing)), null);
    }

    /// <summary>What was taught before.</summary>
    /// <exception cref="OnnxException">The file is none that was taught here, or damaged; the message says which.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TaughtNetwork Load(string path)
    {
        var file = TaughtModel.Load(path);
        if (file.Classifier.Classes is { Names.Count: 10, Nothing: Nothing })
            return new TaughtNetwork(Path.GetFileNameWithoutExtension(path), file.Embedding, file.Preprocessing, file.Classifier, file);
        int places = file.Classifier.Classes.Names.Count;
        file.Dispose();
        throw new OnnxException($"'{Path.GetFileName(path)}' has places for {places} classes; the keys are for 9 and for nothing, which comes first.");
    }

    /// <summary>Writes it to a file.</summary>
    public void Save(string path) => TaughtModel.Save(path, _embedding, Preprocessing, Classifier);

    /// <summary>The newest picture becomes an example.</summary>
    /// <returns>Why not, in a sentence; null where it did.</returns>
    public string? TakeShot(int label)
    {
        if (!HasPicture)
            return "There is no picture yet.";
        bool isTaken = Classifier.Classes.TryAdd(label, _newest, _thumbnail, out string? refusal);
        Classifier.Answer(_newest);
        return isTaken ? null : refusal;
    }

    /// <summary>Answers for the newest picture again, after examples have changed.</summary>
    public void AnswerAgain()
    {
        if (HasPicture)
            Classifier.Answer(_newest);
    }

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        options = new LiveOptions { Preprocessing = Preprocessing };
        _users++;
        return _embedding;
    }

    public void Release(Graph graph)
    {
        _users--;
        FreeUnused();
    }

    public void Read(LiveResult result, Scene scene)
    {
        result.Outputs[0].Span.CopyTo(_newest);
        EmbeddingGraph.ReadThumbnail(result.Outputs[1], Preprocessing, _thumbnail);
        HasPicture = true;
        Classifier.Answer(_newest);
        Seen?.Invoke();
    }

    /// <summary>Nobody will want it any more; who runs it still may, until it is given back.</summary>
    public void Dispose()
    {
        (_isRetired, Seen) = (true, null);
        FreeUnused();
    }

    private void FreeUnused()
    {
        if (!_isRetired || _users > 0)
            return;
        Classifier.Dispose();
        _file?.Dispose();
    }
}
