using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>
/// One frozen frame through a network in two places, the CPU and the GPU where there is one: every layer coloured by how far both are
/// apart, the worst element named, the kernels and their times.
/// </summary>
internal sealed class DoctorMode : Mode
{
    private const float LeftShare = 0.26f, ListShare = 0.5f;
    private readonly ModelShelf _models;
    private readonly Func<Scene, NetworkPair> _pairOf;
    private readonly ButtonRow _buttons;
    private readonly Button _liveButton;
    private readonly LayerList _list = new();
    private FrozenInput _input;
    private Examination? _examination;
    private bool _isLive, _isModelChosen;
    private string? _said;

    /// <param name="models">The models that can be examined.</param>
    /// <param name="pairOf">The two places; null for those of the scene. Lets a test bring one that computes wrongly.</param>
    public DoctorMode(ModelShelf models, Func<Scene, NetworkPair>? pairOf = null)
    {
        (_models, _pairOf, _isModelChosen) = (models, pairOf ?? (scene => scene.Pair), models.Own != null);
        _input = new FrozenInput(models.Own ?? models[ShippedModels.Digits]);
        _liveButton = new Button("live (E)", "Lets the picture move; once more freezes it and examines what the network makes of it.", Toggle);
        _buttons = new ButtonRow(
            _liveButton, new Button("model (M)", "The next network.", NextModel), new Button("save (J)", "Saves all that was found as a JSON file.", Save));
        Keys =
        [
            new("E, Enter", "let the picture move; freeze and examine it", [ConsoleKey.E, ConsoleKey.Enter], _ => Toggle()),
            new("M", "the next network", [ConsoleKey.M], _ => NextModel()),
            new("arrows up, down, wheel", "choose a layer", [ConsoleKey.UpArrow, ConsoleKey.DownArrow], key => _list.Move(key == ConsoleKey.DownArrow ? 1 : -1)),
            new("J", "save the report as JSON", [ConsoleKey.J], _ => Save()),
        ];
    }

    public override string Name => "doctor";

    public override string Purpose => "One frozen frame on the CPU and on the GPU: do all layers agree, by which kernels, how fast?";

    public override string Hint => "Rest the mouse on a layer to see where both sides differ; E freezes another picture.";

    public override ISceneNetwork Network => _input;

    public override PictureContent StandIn => _input.Model is ShownDetector ? PictureContent.Numbers : PictureContent.Digit;

    public override bool IsFrozen => !_isLive && _input.HasSeen;

    /// <summary>What was found; null while nothing was or another picture is on its way.</summary>
    public Diagnosis? Diagnosis => _examination?.Diagnosis;

    /// <summary>How far an examination is, in [0, 1].</summary>
    public double Progress => _examination?.Progress ?? 0;

    /// <summary>The layer that is shown in detail; −1 for none.</summary>
    public int Chosen => _list.Chosen;

    /// <summary>Folder for reports.</summary>
    public string ReportFolder { get; set; } = "";

    /// <summary>Where the row of a layer was drawn last; of no size where it has no room.</summary>
    public Area RowOf(int layer) => _list.RowOf(layer);

    private bool WantsExamination => IsFrozen && _examination == null && _said == null;

    public override bool CanDraw(ISceneNetwork? computed) => computed is FrozenInput;

    public override void Suit(PictureContent content)
    {
        if (!_isModelChosen && _models.For(content) is var suited && suited != _input.Model)
            Take(suited);
    }

    // The picture that is there may be another mode's.
    public override void Enter()
    {
        _isLive = false;
        Take(_input.Model);
    }

    public override bool Advance(TimeSpan now) => _examination is { IsOver: false } || WantsExamination;

    public override bool Point(in PointerEvent used) => _buttons.Point(used) || _list.Point(used);

    public override void Work(Scene scene)
    {
        try
        {
            // All pictures on their way have come back: the one that is shown is the one that is held.
            if (WantsExamination && scene.IsIdle && ReferenceEquals(scene.Network, _input))
                Begin(scene);
            if (_examination is { IsOver: false } examination && examination.Advance(scene.SwapBudget))
            {
                _list.Show(examination.Diagnosis!);
                // Its networks are needed no more; what was found stays.
                scene.SideWork = null;
            }
        }
        catch (Exception problem) when (problem is ShapeException or NotSupportedException or InsufficientMemoryException or GlException)
        {
            // A network that cannot be made somewhere is news of this mode, not the end of the demo.
            (_examination, _said) = (null, $"This network cannot be examined here: {problem.Message}");
        }
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        _liveButton.IsOn = _isLive;
        var canvas = scene.Canvas;
        var (frame, summary, middle, right) = Parts(where);
        var picture = Panels.Frame(scene, frame, around.IsMirrored);
        SeenPart.Draw(scene, _input.Model, picture);
        Panels.Badge(canvas, _isLive ? "live" : "frozen", picture, _isLive ? Theme.Text : Theme.Accent);
        Summary.Draw(canvas, _input.Model, _examination, _said, summary with { Height = summary.Height - ButtonRow.Height - Theme.Gap });
        _buttons.Draw(canvas, summary with { Y = summary.Bottom - ButtonRow.Height, Height = ButtonRow.Height }, around);
        canvas.Fill(middle, Theme.Panel, 6);
        canvas.Fill(right, Theme.Panel, 6);
        if (Diagnosis is not { } found)
            return;
        _list.Draw(canvas, found, middle.Inset(8), around);
        if (_list.Chosen >= 0)
            LayerDetails.Draw(canvas, found, found.Layers[_list.Chosen], right.Inset(12), around);
    }

    // Picture and summary, the layers, one of them in detail: from the left; in a room that is higher than wide, from the top.
    private static (Area Picture, Area Summary, Area Layers, Area Details) Parts(Area where)
    {
        if (PictureSplit.IsUpright(where))
        {
            var (top, rest) = (where.Cell(1, 3, 0, Theme.Gap), where.Below(where.Cell(1, 3, 1, Theme.Gap).Y - where.Y));
            return (top.Cell(2, 1, 0, Theme.Gap), top.Cell(2, 1, 1, Theme.Gap), rest.Cell(1, 2, 0, Theme.Gap), rest.Cell(1, 2, 1, Theme.Gap));
        }

        float leftWidth = MathF.Round(where.Width * LeftShare), upper = MathF.Round(where.Height * 0.4f);
        var left = where with { Width = leftWidth };
        var middle = where with { X = left.Right + Theme.Gap, Width = MathF.Round(where.Width * ListShare) };
        return (left.Top(upper), left.Below(upper + Theme.Gap), middle, where with { X = middle.Right + Theme.Gap, Width = where.Right - middle.Right - Theme.Gap });
    }

    private void Toggle()
    {
        _isLive = !_isLive;
        Forget();
    }

    private void NextModel()
    {
        _isModelChosen = true;
        Take(_models.Next(_input.Model));
    }

    // Another object is another network, which computes the picture that is there again.
    private void Take(ShownModel model)
    {
        _input = new FrozenInput(model);
        Forget();
    }

    // What is under way is disposed by the scene when the next begins.
    private void Forget()
    {
        (_examination, _said, _input.IsHeld) = (null, null, false);
        _list.Clear();
    }

    private void Save()
    {
        if (Diagnosis is not { } found)
            return;
        string file = Path.Combine(ReportFolder, $"realtimecnn-doctor-{found.Model}.json");
        try
        {
            File.WriteAllText(file, found.ToJson());
            _said = $"Saved as {file}.";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _said = $"The report cannot be saved: {problem.Message}";
        }
    }

    private void Begin(Scene scene)
    {
        _input.IsHeld = true;
        var examination = new Examination(_pairOf(scene), _input.Model.Graph, _input.Model.Name, scene.FrameNumber, _input.Copy());
        scene.SideWork = examination;
        _examination = examination;
    }
}
