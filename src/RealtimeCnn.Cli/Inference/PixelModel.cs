using System.Globalization;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Cli.Training;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Inference;

/// <summary>
/// A model whose first output is of pixels, as its file says: <c>head</c> is <c>segmentation</c> (<c>head.background</c>, a class or <c>none</c>;
/// <c>head.logits</c>, <c>true</c> or <c>false</c>; <c>head.threshold</c>) or <c>picture</c> (<c>head.black</c>, <c>head.white</c>; without them the
/// range of the first picture's numbers).
/// </summary>
internal sealed class PixelModel : IPictureModel
{
    private readonly ImageToTensor _reader;
    private readonly Tensor _input;
    private readonly SegmentationHead? _segmentation;
    private readonly SegmentationMask _mask;
    private readonly string[] _labels;
    private PictureHead? _picture;
    private Tensor? _output;

    private PixelModel(Preprocessing preprocessing, SegmentationHead? segmentation, PictureHead? picture, string[] labels)
    {
        (_segmentation, _picture, _labels) = (segmentation, picture, labels);
        _mask = new SegmentationMask(segmentation);
        (_reader, _input) = (new ImageToTensor(preprocessing), new Tensor(preprocessing.Shape));
    }

    public PictureMapping Mapping => _reader.Mapping;

    /// <summary>The model, if its file says that it answers for pixels.</summary>
    /// <exception cref="InputException">It takes no picture, its output is not what its file says, or its labels are too many or too few.</exception>
    public static PixelModel? Of(OpenedModel model, string? labels, PhotographOptions photographs)
    {
        if (model.File is not { Metadata: { Head: "segmentation" or "picture" } metadata } file)
            return null;
        var shape = ModelData.PictureInput(model.Graph);
        var preprocessing = ModelInputs.PreprocessingFor(new OnnxDeclaration(file.Inputs[0].Name, OnnxType.Float, [shape[0], shape[1], shape[2], shape[3]]), metadata, photographs);
        var output = model.Graph.InferShapes()[model.Graph.Outputs[0]];
        try
        {
            if (metadata.Head == "picture")
            {
                PictureHead.Verify(output);
                bool isDeclared = metadata.Other.ContainsKey("head.black") || metadata.Other.ContainsKey("head.white");
                return new PixelModel(preprocessing, null, isDeclared ? new PictureHead(Number(metadata, "head.black", 0), Number(metadata, "head.white", 1)) : null, []);
            }

            var head = new SegmentationHead
            {
                Background = metadata.Other.GetValueOrDefault("head.background") is "none" ? null : (int)Number(metadata, "head.background", 0),
                AreLogits = Flag(metadata, "head.logits", otherwise: true), Threshold = Number(metadata, "head.threshold", new SegmentationHead().Threshold),
            };
            return new PixelModel(preprocessing, head, null, Labels(labels, metadata, head.ClassesOf(output)));
        }
        catch (ArgumentException problem)
        {
            throw new InputException($"The file says that its head is '{metadata.Head}': {problem.Message}");
        }
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

    private static string[] Labels(string? file, OnnxMetadata metadata, int classes)
    {
        string[] labels = file != null ? LabelFile.Read(file) : metadata.Labels.Count > 0 ? [.. metadata.Labels] : [.. Enumerable.Range(0, classes).Select(k => k.ToString(CultureInfo.InvariantCulture))];
        return labels.Length == classes ? labels : throw new InputException($"{(file == null ? "The file has" : $"'{file}' has")} {labels.Length} labels; the model tells {classes} classes apart.");
    }

    private static float Number(OnnxMetadata metadata, string key, float otherwise) => !metadata.Other.TryGetValue(key, out string? text) ? otherwise
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number) ? number
        : throw new InputException($"The file's '{key}' is '{text}', which is no number.");

    private static bool Flag(OnnxMetadata metadata, string key, bool otherwise) => !metadata.Other.TryGetValue(key, out string? text) ? otherwise
        : text is "true" or "false" ? text == "true" : throw new InputException($"The file's '{key}' is '{text}'; true and false are possible.");
}
