using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes;

/// <summary>Digits that a hand shows: which, how sure, when it is none, and what was shown before.</summary>
internal sealed class SignsMode : Mode
{
    private const float PictureShare = 0.62f, StripHeight = 96;
    private const int Remembered = 300;
    private const string Nothing = "no sign";
    private readonly ShownClassifier _model;
    private readonly AnswerHistory _history = new(Remembered);
    private readonly string[] _classes;
    private readonly int _nothing;
    private long _answered;

    /// <param name="model">A classifier of hand signs.</param>
    public SignsMode(ShownClassifier model)
    {
        _model = model;
        _classes = [.. model.Classes ?? []];
        _nothing = Array.IndexOf(_classes, Nothing);
    }

    public override string Name => "signs";

    public override string Purpose => "Show a digit with your hand, as in Turkish sign language.";

    public override string Hint => "Show a digit with one hand, its wrist at the lower edge of the frame.";

    public override ISceneNetwork Network => _model;

    public override PictureContent StandIn => PictureContent.Anything;

    /// <summary>What was shown before.</summary>
    public AnswerHistory History => _history;

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        if (_model.HasAnswer && _model.Answered != _answered)
        {
            _answered = _model.Answered;
            _history.Add(_model.Answers[0].Class, _model.Answers[0].Probability);
        }

        var (left, right) = PictureSplit.Of(where with { Height = where.Height - StripHeight - Theme.Gap }, scene.FrameSize, PictureShare);
        var picture = Panels.Frame(scene, left, around.IsMirrored);
        SeenPart.Draw(scene, _model, picture);
        Panels.SourceBadge(scene, picture, around.IsMirrored);
        Answers.Draw(scene.Canvas, _model, right, _nothing);
        var strip = new Area(where.X, where.Bottom - StripHeight, where.Width, StripHeight);
        HistoryStrip.Draw(scene.Canvas, _history, _classes, _nothing, strip);
        around.Explain(strip, "The last answers: as high as they are likely, amber where they are believed, grey where they are no sign or not sure.");
    }
}
