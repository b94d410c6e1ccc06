using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Inference;

/// <summary>A model that answers for pictures, by its card: a detector or a classifier.</summary>
internal sealed class PictureModel : IPictureModel
{
    private const int MostAnswers = 5;

    private readonly ModelCard _card;
    private readonly ImageToTensor _reader;
    private readonly Tensor _input;
    private readonly DetectionReader? _detector;
    private readonly Classification? _classifier;

    /// <param name="card">How pictures become its input and outputs become answers.</param>
    /// <exception cref="InputException">It gives neither scores nor boxes.</exception>
    public PictureModel(ModelCard card)
    {
        _card = card;
        if (card.Head == null)
            throw new InputException($"{card.Said} With --input and --output the model gives arrays.");
        if (card.Head is LandmarkHead)
            throw new InputException($"{card.Said} Such a network looks at what a detector finds (LiveOptions.Regions, CameraAppOptions.RegionModel), not at whole pictures; with --input and --output it gives arrays.");
        if (card.Head is DetectionHead)
            _detector = card.NewDetectionReader();
        else
            _classifier = card.NewClassification(MostAnswers);
        (_reader, _input) = (new ImageToTensor(card.Preprocessing), new Tensor(card.Preprocessing.Shape));
    }

    public Detections? Found => _detector?.Found;

    public IReadOnlyList<ClassScore>? Top => _classifier?.Top;

    public string LabelOf(int number) => _card.Labels[number];

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
            return new PictureAnswer(name, upright.Width, upright.Height, [], [.. Enumerable.Range(0, found.Count).Select(i => FoundThing.Of(found[i], found.LandmarksOf(i), LabelOf(found[i].Class), upright))]);
        }

        _classifier!.Read(outputs[0].Span);
        return new PictureAnswer(name, upright.Width, upright.Height, [.. _classifier.Top.Select(score => new LabelScore(score.Name, score.Probability))], []) { Rejected = _classifier.IsRejected };
    }

    public void Dispose() => _input.Dispose();
}
