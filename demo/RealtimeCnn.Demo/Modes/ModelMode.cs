using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes;

/// <summary>Any model from a file, shown as what it is.</summary>
internal sealed class ModelMode : Mode
{
    private const float PictureShare = 0.62f, WidePictureShare = 0.76f;
    private readonly ModelChoice _choice;

    /// <param name="choice">The model that is shown.</param>
    public ModelMode(ModelChoice choice)
    {
        _choice = choice;
        Keys = [new("M", "the next model", [ConsoleKey.M], _ => _choice.Next())];
    }

    public override string Name => "model";

    public override string Purpose => "Any ONNX model: drop a file on the window, or start with --model.";

    public override string Hint => "Drop an ONNX file on the window, or press M for the next model.";

    public override ISceneNetwork Network => _choice.Shown;

    public override PictureContent StandIn => _choice.StandIn;

    /// <summary>The model that is shown.</summary>
    public ShownModel Shown => _choice.Shown;

    public override void Suit(PictureContent content) => _choice.Suit(content);

    public override string? Drop(IReadOnlyList<string> paths) => _choice.Drop(paths);

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        var (left, right) = PictureSplit.Of(where, scene.FrameSize, Shown is ShownDetector ? WidePictureShare : PictureShare);
        var picture = Panels.Frame(scene, left, around.IsMirrored);
        SeenPart.Draw(scene, Shown, picture);
        Panels.SourceBadge(scene, picture, around.IsMirrored);
        switch (Shown)
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
}
