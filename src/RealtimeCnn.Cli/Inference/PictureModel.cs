using RealtimeCnn.Cli.Models;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Inference;

/// <summary>A model that answers for pictures, by its card: a detector or a classifier.</summary>
internal sealed class PictureModel : IDisposable
{
    private const int MostAnswers = 5;

    private readonly ImageToTensor _reader;
    private readonly Tensor _input;
    private readonly DetectionReader? _detector;
    private readonly Classification? _classifier;

    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="labels">A file with its labels; null for its own, or for the numbers of the classes.</param>
    /// <param name="photographs">What the command line says of preparing pictures.</param>
    /// <exception cref="InputException">It gives neither scores nor boxes.</exception>
    /// <exception cref="OnnxException">It takes no picture, or its labels are too many or too few.</exception>
    public PictureModel(OpenedModel model, string? labels, PhotographOptions photographs)
    {
        Card = model.Card(photographs, labels == null ? null : LabelFile.Read(labels));
        if (Card.Head == null)
            throw new InputException($"{Card.Said} With --input and --output the model gives arrays.");
        if (Card.Head is DetectionHead)
            _detector = Card.NewDetectionReader();
        else
            _classifier = Card.NewClassification(MostAnswers);
        (_reader, _input) = (new ImageToTensor(Card.Preprocessing), new Tensor(Card.Preprocessing.Shape));
    }

    /// <summary>How pictures become its input and outputs become answers.</summary>
    public ModelCard Card { get; }

    /// <summary>Answers for one picture.</summary>
    public PictureAnswer Ask(INetwork network, string name, Frame picture, CancellationToken cancellation)
    {
        _reader.Run(picture, _input);
        var outputs = network.Run([_input], cancellation);
        var upright = _reader.Mapping.Upright;
        if (_detector != null)
        {
            _detector.Read(outputs);
            var found = _detector.Found;
            found.ToUpright(_reader.Mapping);
            return new PictureAnswer(name, upright.Width, upright.Height, [], [.. Enumerable.Range(0, found.Count).Select(i => FoundThing.Of(found, i, Card.Labels, upright))]);
        }

        _classifier!.Read(outputs[0].Span);
        return new PictureAnswer(name, upright.Width, upright.Height, [.. _classifier.Top.Select(score => new LabelScore(score.Name, score.Probability))], []) { Rejected = _classifier.IsRejected };
    }

    public void Dispose() => _input.Dispose();
}
