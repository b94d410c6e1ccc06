using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>A classifier from a file, and what it says of the newest picture that it has seen.</summary>
internal sealed class ShownModel : ISceneNetwork, IDisposable
{
    private readonly OnnxModel _model;
    private readonly Preprocessing _preprocessing;
    private readonly Classification _head;

    /// <param name="path">An ONNX file.</param>
    /// <param name="labels">A file with a label in each line, which go before those of the model; null for the model's.</param>
    /// <exception cref="ModelFileException">A file is missing, is no model, or no classifier of pictures; the message says which and why.</exception>
    public ShownModel(string path, string? labels = null)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        _model = Load(path);
        try
        {
            var (input, output) = Ports(path);
            _preprocessing = _model.Metadata.PreprocessingFor(_model.Metadata.InputSize ?? new Size2d(input.Height, input.Width), input.Channels);
            Classes = LabelsOf(path, labels, output.Channels);
            _head = new Classification(output.Channels, Classes, top: Math.Min(output.Channels, MostAnswers), areLogits: Classification.NeedsSoftmax(_model.Graph));
        }
        catch (OnnxException error)
        {
            _model.Dispose();
            throw new ModelFileException($"'{path}': {error.Message}", error);
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>Most classes that are kept and shown.</summary>
    public const int MostAnswers = 12;

    /// <summary>Name of the file.</summary>
    public string Name { get; }

    /// <summary>Names of all classes; null where nothing names them.</summary>
    public IReadOnlyList<string>? Classes { get; }

    /// <summary>Channels, height and width of its input.</summary>
    public Shape Input => _preprocessing.Shape;

    /// <summary>Whether it has seen a picture.</summary>
    public bool HasAnswer { get; private set; }

    /// <summary>The most likely classes, best first; all of them where there are no more than <see cref="MostAnswers"/>.</summary>
    public IReadOnlyList<ClassScore> Answers => _head.Top;

    /// <summary>The part of a picture that the network sees, as a viewer sees it, in pixels.</summary>
    public (double Left, double Top, double Width, double Height) Seen(Size2d upright)
    {
        var mapping = new PictureMapping(upright, default, _preprocessing.Size, _preprocessing.Fit);
        return (mapping.WindowLeft, mapping.WindowTop, mapping.Content.Width * mapping.ScaleX, mapping.Content.Height * mapping.ScaleY);
    }

    public Graph Build(Size2d upright, out LiveOptions options)
    {
        options = new LiveOptions { Preprocessing = _preprocessing };
        HasAnswer = false;
        return _model.Graph;
    }

    public void Release(Graph graph)
    {
        // The model's own, used again when the view comes back.
    }

    public void Read(LiveResult result, Scene scene)
    {
        _head.Read(result.Outputs[0].Span);
        HasAnswer = true;
    }

    public void Dispose() => _model.Dispose();

    private static OnnxModel Load(string path)
    {
        if (!File.Exists(path))
            throw new ModelFileException($"There is no file '{path}', and no model of that name; there are: {string.Join(", ", ShippedModels.Names)}.");
        try
        {
            return OnnxModel.Load(path);
        }
        catch (Exception error) when (error is OnnxException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"'{path}' cannot be used: {error.Message}", error);
        }
    }

    private (Shape Input, Shape Output) Ports(string path)
    {
        if (_model.Inputs is not [{ Shape: { Rank: 4, Batch: 1, Channels: 1 or 3 } input }])
            throw new ModelFileException($"'{path}' takes {string.Join(" and ", _model.Inputs.Select(port => $"'{port.Name}' {port.Shape}"))}; a camera gives one picture, [1, 1 or 3, H, W].");
        var output = _model.Graph.InferShapes()[_model.Graph.Outputs[0]];
        return output.Rank > 1 && output.Count == output.Channels && output.Channels > 1
            ? (input, output)
            : throw new ModelFileException($"'{path}' gives {output}; the demo shows classifiers, [1, classes].");
    }

    private string[]? LabelsOf(string path, string? file, int classes)
    {
        string[] labels = file == null ? [.. _model.Metadata.Labels] : ReadLabels(file);
        if (labels.Length == 0 && file == null)
            return null;
        return labels.Length == classes ? labels
            : throw new ModelFileException($"{(file == null ? $"'{path}' has {labels.Length} labels" : $"'{file}' has {labels.Length} lines")}; the model tells {classes} classes apart.");
    }

    private static string[] ReadLabels(string file)
    {
        try
        {
            return [.. File.ReadAllLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"The labels cannot be read: {error.Message}", error);
        }
    }
}
