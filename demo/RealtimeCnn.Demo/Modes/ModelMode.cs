using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Models;

namespace RealtimeCnn.Demo.Modes;

/// <summary>Any model from a file, shown as what it is. Until the user chooses, a source gets the one that suits it.</summary>
internal sealed class ModelMode : Mode
{
    private const float PictureShare = 0.62f, WidePictureShare = 0.76f;
    private readonly ModelShelf _models;
    private ShownModel _shown;
    private bool _isChosen;

    /// <param name="models">The models that can be shown.</param>
    public ModelMode(ModelShelf models)
    {
        _models = models;
        _isChosen = models.Own != null;
        _shown = models.Own ?? models[ShippedModels.HandSigns];
        Keys = [new("M", "the next model", [ConsoleKey.M], _ => Next())];
    }

    public override string Name => "model";

    public override string Purpose => "Any ONNX model: drop a file on the window, or start with --model.";

    public override string Hint => "Drop an ONNX file on the window, or press M for the next model.";

    public override ISceneNetwork Network => _shown;

    public override PictureContent StandIn => _shown is ShownDetector ? PictureContent.Numbers : PictureContent.Digit;

    /// <summary>The model that is shown.</summary>
    public ShownModel Shown => _shown;

    public override void Suit(PictureContent content)
    {
        if (!_isChosen)
            _shown = _models.For(content);
    }

    public override string? Drop(IReadOnlyList<string> paths)
    {
        if (paths.FirstOrDefault(path => Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase)) is not { } file)
            return $"A model is a file that ends in .onnx; '{Path.GetFileName(paths[0])}' is none.";
        try
        {
            (_shown, _isChosen) = (_models.Take(file), true);
            return $"{Path.GetFileName(file)} is shown.";
        }
        catch (ModelFileException problem)
        {
            return problem.Message;
        }
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        float width = MathF.Round(where.Width * (_shown is ShownDetector ? WidePictureShare : PictureShare));
        var picture = Panels.Frame(scene, where with { Width = width }, around.IsMirrored);
        SeenPart.Draw(scene, _shown, picture);
        Panels.SourceBadge(scene, picture, around.IsMirrored);
        var right = where with { X = where.X + width + Theme.Gap, Width = where.Width - width - Theme.Gap };
        switch (_shown)
        {
            case ShownClassifier classifier:
                Answers.Draw(scene.Canvas, classifier, right);
                break;
            case ShownDetector detector:
                Detections.DrawBoxes(scene, detector, picture, around.IsMirrored);
                Detections.Draw(scene.Canvas, detector, right);
                break;
        }
    }

    private void Next() => (_shown, _isChosen) = (_models.Next(_shown), true);
}
