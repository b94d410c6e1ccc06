using System.Globalization;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Cli.Training;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Inference;

/// <summary>A model that answers for pictures: a detector where its file says so, a classifier where its output is a score for each class.</summary>
internal sealed class PictureModel : IPictureModel
{
    private const int MostAnswers = 5;

    private readonly ImageToTensor _reader;
    private readonly Tensor _input;
    private readonly string[] _labels;
    private readonly CentreHead? _detector;
    private readonly Classification? _classifier;
    private readonly List<Detection> _found = [];

    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="labels">A file with its labels; null for its own, or for the numbers of the classes.</param>
    /// <param name="photographs">What the command line says of preparing pictures.</param>
    /// <exception cref="InputException">It takes no picture, gives neither scores nor boxes, or the labels are too many or too few.</exception>
    public PictureModel(OpenedModel model, string? labels, PhotographOptions photographs)
    {
        var shape = ModelData.PictureInput(model.Graph);
        string name = model.File?.Inputs[0].Name ?? model.Graph.Inputs[0].Name;
        var metadata = model.File?.Metadata ?? Published;
        var preprocessing = ModelInputs.PreprocessingFor(new OnnxDeclaration(name, OnnxType.Float, [shape[0], shape[1], shape[2], shape[3]]), metadata, photographs);
        _detector = metadata.Detector;
        int classes = Classes(model, _detector != null);
        _labels = Labels(labels, metadata, classes);
        _classifier = _detector == null ? new Classification(classes, _labels, Math.Min(MostAnswers, classes), Classification.NeedsSoftmax(model.Graph)) : null;
        (_reader, _input) = (new ImageToTensor(preprocessing), new Tensor(preprocessing.Shape));
    }

    /// <summary>What was found in the picture asked about last, in pixels of the network's input; null for a classifier.</summary>
    public List<Detection>? Found => _detector != null ? _found : null;

    /// <summary>The most likely classes of the picture asked about last; null for a detector.</summary>
    public IReadOnlyList<ClassScore>? Top => _classifier?.Top;

    /// <summary>Where the places of the network's input lie in the picture asked about last.</summary>
    public PictureMapping Mapping => _reader.Mapping;

    /// <summary>How the classic networks' authors prepared pictures.</summary>
    private static OnnxMetadata Published
    {
        get
        {
            var preprocessing = Preprocessing.ImageNet(1);
            return new OnnxMetadata
            {
                Fit = "crop", Mean = [(float)preprocessing.Mean.R, (float)preprocessing.Mean.G, (float)preprocessing.Mean.B],
                Scale = [(float)preprocessing.Scale.R, (float)preprocessing.Scale.G, (float)preprocessing.Scale.B],
            };
        }
    }

    /// <summary>Answers for one picture.</summary>
    public PictureAnswer Ask(INetwork network, string name, Frame picture, CancellationToken cancellation)
    {
        _reader.Run(picture, _input);
        var outputs = network.Run([_input], cancellation);
        var upright = _reader.Mapping.Upright;
        if (_detector != null)
        {
            _detector.Decode(outputs, 0, _reader.Mapping.Input, _detector.Threshold, _found);
            return new PictureAnswer(name, upright.Width, upright.Height, [], [.. _found.Select(box => FoundThing.Of(box, _labels[box.Class], _reader.Mapping))]);
        }

        _classifier!.Read(outputs[0].Span);
        return new PictureAnswer(name, upright.Width, upright.Height, [.. _classifier.Top.Select(score => new LabelScore(score.Name, score.Probability))], []);
    }

    /// <summary>What a class is called.</summary>
    public string LabelOf(int number) => _labels[number];

    public void Dispose() => _input.Dispose();

    private static int Classes(OpenedModel model, bool isDetector)
    {
        var shapes = model.Graph.InferShapes();
        Shape[] outputs = [.. model.Graph.Outputs.Select(output => shapes[output])];
        if (isDetector)
        {
            return outputs is [_, { Rank: 4 } classes, _] ? classes.Channels
                : throw new InputException($"The file says that it is a detector of centres, which has three outputs; it gives {string.Join(" and ", outputs)}.");
        }

        return outputs[0].Rank > 1 && outputs[0].Count == outputs[0].Channels ? outputs[0].Channels
            : throw new InputException($"The model gives {string.Join(" and ", outputs)}: no score for each class, and its file names no head. With --input and --output it gives arrays.");
    }

    private static string[] Labels(string? file, OnnxMetadata metadata, int classes)
    {
        string[] labels = file != null ? LabelFile.Read(file) : metadata.Labels.Count > 0 ? [.. metadata.Labels] : [.. Enumerable.Range(0, classes).Select(k => k.ToString(CultureInfo.InvariantCulture))];
        return labels.Length == classes ? labels : throw new InputException($"{(file == null ? "The file has" : $"'{file}' has")} {labels.Length} labels; the model tells {classes} classes apart.");
    }
}
