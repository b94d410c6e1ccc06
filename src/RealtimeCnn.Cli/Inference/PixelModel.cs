using System.Globalization;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Inference;

/// <summary>
/// A model whose first output is of pixels, by its card: a mask, or a picture, with the range of the first picture's numbers where its file
/// does not say which numbers are black and white.
/// </summary>
internal sealed class PixelModel : IPictureModel
{
    private readonly ImageToTensor _reader;
    private readonly Tensor _input;
    private readonly SegmentationHead? _segmentation;
    private readonly SegmentationMask _mask;
    private readonly IReadOnlyList<string> _labels;
    private PictureHead? _picture;
    private Tensor? _output;

    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="card">Its card; the head is <see cref="SegmentationHead"/> or <see cref="PictureHead"/>.</param>
    public PixelModel(OpenedModel model, ModelCard card)
    {
        (_segmentation, _labels) = (card.Head as SegmentationHead, card.Labels);
        bool isDeclared = model.File is { } file && file.Metadata.Other.Keys.Any(key => key is "head.black" or "head.white");
        _picture = isDeclared ? card.Head as PictureHead : null;
        _mask = new SegmentationMask(_segmentation);
        (_reader, _input) = (new ImageToTensor(card.Preprocessing), new Tensor(card.Preprocessing.Shape));
    }

    public string LabelOf(int number) => _labels[number];

    public PictureAnswer Ask(INetwork network, string name, Frame picture, CancellationToken cancellation)
    {
        _reader.Run(picture, _input);
        _output = network.Run([_input], cancellation)[0];
        var upright = _reader.Mapping.Upright;
        var answer = new PictureAnswer(name, upright.Width, upright.Height, [], []);
        if (_segmentation == null)
        {
            // The first picture's range is that of a video's others, too.
            _picture ??= PictureHead.Recognize(_output.Span);
            return answer with { Output = new PictureSize(_output.Shape.Width, _output.Shape.Height) };
        }

        _mask.Read(_output, _reader.Mapping);
        return answer with
        {
            Areas = [.. Enumerable.Range(0, _mask.ClassCount).Where(k => _mask.Percent(k) > 0).OrderByDescending(_mask.Percent).Select(k => new ClassArea(_labels[k], Math.Round(_mask.Percent(k), 3)) { Number = k })],
        };
    }

    public void Draw(CpuCanvas canvas, Frame picture, PictureAnswer answer)
    {
        var output = _output ?? throw new InvalidOperationException("No picture was asked about yet.");
        if (_segmentation == null)
        {
            canvas.Begin(output.Shape.Width, output.Shape.Height, Color.Black);
            canvas.Picture(output, canvas.Bounds, _picture);
            return;
        }

        AnswerPicture.DrawPicture(canvas, picture, answer);
        canvas.Mask(output, canvas.Bounds, _reader.Mapping, _segmentation);
        AnswerPicture.DrawLegend(canvas, [.. answer.Areas!.Where(area => area.Number != _segmentation.Background).OrderBy(area => area.Number).Select(area => (string.Create(CultureInfo.InvariantCulture, $"{area.Label} {area.Percent:0.0} %"), ClassColors.OfMask(area.Number, _segmentation.Background)))]);
    }

    public void Dispose() => _input.Dispose();
}
