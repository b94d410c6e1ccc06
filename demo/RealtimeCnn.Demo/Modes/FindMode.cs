using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes;

/// <summary>Finds written digits in the picture: boxes, what they are, and how hot the network finds each place.</summary>
internal sealed class FindMode : Mode
{
    private const float PictureShare = 0.76f;
    private readonly ShownDetector _model;
    private readonly Button _heatButton;
    private readonly ButtonRow _buttons;
    // −1 for all classes.
    private int _class = -1;

    /// <param name="model">Finds digits.</param>
    public FindMode(ShownDetector model)
    {
        _model = model;
        _heatButton = new Button("heat (T)", "Colours each place by how sure the network is that the middle of something is there.", ToggleHeat);
        _buttons = new ButtonRow(_heatButton);
        Keys =
        [
            new("T", "the network's heat over the picture, or not", [ConsoleKey.T], _ => ToggleHeat()),
            new("arrows up, down", "the heat of one class, or of all", [ConsoleKey.UpArrow, ConsoleKey.DownArrow], key => ChooseClass(key == ConsoleKey.DownArrow ? 1 : -1)),
        ];
    }

    public override string Name => "find";

    public override string Purpose => "Hold up a sheet with written digits: a network finds each of them.";

    public override string Hint => "Hold a sheet with written digits before the camera. T shows where the network looks.";

    public override ISceneNetwork Network => _model;

    public override PictureContent StandIn => PictureContent.Numbers;

    /// <summary>Whether the heat is shown.</summary>
    public bool ShowsHeat => _heatButton.IsOn;

    public override void Reset() => (_heatButton.IsOn, _class) = (false, -1);

    public override bool Point(in PointerEvent used) => _buttons.Point(used);

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        var (left, right) = PictureSplit.Of(where, scene.FrameSize, PictureShare);
        var picture = Panels.Frame(scene, left, around.IsMirrored);
        if (ShowsHeat && _model.Heat is { } heat)
            HeatOverlay.Draw(scene, heat, _class, picture, around);
        SeenPart.Draw(scene, _model, picture);
        Detections.DrawBoxes(scene, _model, picture, around.IsMirrored);
        Panels.SourceBadge(scene, picture, around.IsMirrored);
        Detections.Draw(scene.Canvas, _model, right with { Height = right.Height - ButtonRow.Height - Theme.Gap - Theme.SmallLine - 6 });
        string shown = !ShowsHeat ? "" : _class < 0 ? "heat of all digits" : _model.HeatTitles[_class];
        Panels.Line(scene.Canvas, shown, right.X, right.Bottom - ButtonRow.Height - Theme.SmallLine - 6, Theme.SmallLine, right.Width, Theme.Muted);
        _buttons.Draw(scene.Canvas, new Area(right.X, right.Bottom - ButtonRow.Height, right.Width, ButtonRow.Height), around);
    }

    private void ToggleHeat() => _heatButton.IsOn = !_heatButton.IsOn;

    private void ChooseClass(int step)
    {
        _class = ((_class + 1 + step + _model.Names.Count + 1) % (_model.Names.Count + 1)) - 1;
        _heatButton.IsOn = true;
    }
}
