using System.Text;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Teaching;

namespace RealtimeCnn.Demo.Modes.Teach;

/// <summary>
/// Teaching by showing: while a key is held, each picture is an example of its class. Nearest means answer from the first one on; half a
/// second after the last one, a head is trained beside the pictures, and answers when it is ready.
/// </summary>
internal sealed class TeachMode : Mode, IDisposable
{
    private const float LeftShare = 0.5f, PictureShare = 0.64f, UprightPicture = 0.32f, UprightPlots = 0.18f;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(0.5), SaidFor = TimeSpan.FromSeconds(7);
    private readonly ModelShelf _models;
    private readonly ClassRows _rows = new();
    private readonly NameField _name = new();
    private readonly ButtonRow _buttons;
    private TaughtNetwork _taught;
    private TimeSpan _now, _saidAt;
    private TimeSpan? _trainAt;
    private string? _said, _fileOfThis;
    private int _held = -1, _pointed = -1;
    private bool _isPending, _isSettled, _isNew;
    private long _savedRevision, _mayLose = -1;

    /// <param name="models">Has the backbone: the user's own model, or the shipped one of hand signs.</param>
    public TeachMode(ModelShelf models)
    {
        _models = models;
        _taught = Begin(TaughtNetwork.On(models[ShippedModels.HandSigns]));
        _buttons = new ButtonRow(
            new Button("undo", "Takes back what was shown or named last (Backspace).", Undo), new Button("save (S)", "Writes backbone, head and examples as an ONNX file, which everything that runs such files can run.", Save),
            new Button("open (O)", "Goes on with what was saved before; or drop a file on the window.", Open));
        Keys =
        [
            new("1 … 9, hold", "show a class to the camera", [.. Enumerable.Range(1, 9).Select(number => ConsoleKey.D0 + number)], key => Hold(LabelOf(key))),
            new("N or 0, hold", "show what is none of them", [ConsoleKey.N, ConsoleKey.D0], _ => Hold(TaughtNetwork.Nothing)),
            new("F2, or click it", "give a class a name", [ConsoleKey.F2], _ => Rename(_pointed)),
            new("Backspace", "take back what was shown or named last", [ConsoleKey.Backspace], _ => Undo()),
            new("S", "save as an ONNX file", [ConsoleKey.S], _ => Save()),
            new("O", "open what was saved", [ConsoleKey.O], _ => Open()),
        ];
    }

    public override string Name => "teach";

    public override string Purpose => "Teach it things of yours: hold a key and show them to the camera.";

    public override string Hint => "Hold 1 and show something, then 2 and something else; N for nothing. Tab leaves this mode.";

    public override ISceneNetwork Network => _taught;

    /// <summary>Where what was taught is saved unless it came from another file; the next free name where that is another's.</summary>
    public string File { get; set; } = "taught.onnx";

    /// <summary>What was taught.</summary>
    public FewShotClassifier Classifier => _taught.Classifier;

    /// <summary>What there is to say to the user; null for nothing.</summary>
    public string? Said => _said;

    public override void Enter()
    {
        if (_isSettled)
            return;
        _isSettled = true;
        if (_models.Own is not { } own)
            return;
        if (TaughtModel.IsOne(own.Metadata))
        {
            Load(_models.OwnPath!);
            return;
        }

        try
        {
            Use(TaughtNetwork.On(own), null);
        }
        catch (ArgumentException problem)
        {
            Say($"'{own.Name}' is no backbone: {problem.Message} It is '{ShippedModels.HandSigns}' instead.");
        }
    }

    public override void Leave()
    {
        LetGo();
        EndName();
    }

    public override bool IsTyping => _name.Class >= 0;

    public override void Type(Rune letter)
    {
        _isNew = true;
        if (_name.Type(letter) is { } refusal)
            Say(refusal);
    }

    public override void Edit(ConsoleKey key)
    {
        _isNew = true;
        if (key == ConsoleKey.Escape)
            _name.End();
        else if (key == ConsoleKey.Backspace)
            _name.Erase();
        else if (key == ConsoleKey.Enter && _name.Take(Classifier.Classes) is { } refusal)
            Say(refusal);
    }

    public override void Release(ConsoleKey key)
    {
        if (_held >= 0 && LabelOf(key) == _held)
            LetGo();
    }

    public override bool Point(in PointerEvent used)
    {
        if (used.Action is PointerAction.Released or PointerAction.Left)
        {
            _pointed = used.Action == PointerAction.Left ? -1 : _pointed;
            LetGo();
            return true;
        }

        _pointed = _rows.At(used.X, used.Y);
        if (used is not { Action: PointerAction.Pressed, Button: PointerButton.Left })
            return false;
        EndName();
        if (_buttons.Point(used))
            return true;
        if (_rows.NameAt(used.X, used.Y) is >= 0 and var named)
            Rename(named);
        else if (_pointed >= 0)
            Hold(_pointed);
        return _pointed >= 0;
    }

    public override bool Advance(TimeSpan now)
    {
        _now = now;
        bool isNew = _isNew || Classifier.IsTraining;
        _isNew = false;
        if (_said != null && now - _saidAt > SaidFor)
            (_said, isNew) = (null, true);
        if (_trainAt is { } time && now >= time && _held < 0)
        {
            _trainAt = null;
            Classifier.Train();
        }

        return TakeHead() || isNew;
    }

    public override void Finish()
    {
        Classifier.Finish();
        _taught.AnswerAgain();
    }

    public override string? Drop(IReadOnlyList<string> paths)
    {
        try
        {
            if (!Path.GetExtension(paths[0]).Equals(".onnx", StringComparison.OrdinalIgnoreCase) || !TaughtModel.IsOne(OnnxModel.ReadMetadata(paths[0])))
                return null;
        }
        catch (Exception problem) when (problem is OnnxException or IOException or UnauthorizedAccessException)
        {
            return problem.Message;
        }

        Load(paths[0]);
        return _said;
    }

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        var (frame, below, right) = Parts(where);
        var picture = Panels.Frame(scene, frame, around.IsMirrored);
        SeenPart.Draw(scene, ShownModel.SeenBy(_taught.Preprocessing, scene.FrameSize), !Classifier.IsRejected, picture);
        Panels.SourceBadge(scene, picture, around.IsMirrored);
        TrainingPlot.Draw(scene.Canvas, Classifier, below.Cell(2, 1, 0, Theme.Gap), around);
        ConfusionTable.Draw(scene.Canvas, Classifier, below.Cell(2, 1, 1, Theme.Gap), around);
        scene.Canvas.Fill(right, Theme.Panel, 6);
        var room = right.Inset(14);
        TaughtAnswer.Draw(scene.Canvas, _taught, _held, room.Top(TaughtAnswer.Height), around);
        float foot = ButtonRow.Height + Theme.SmallLine + 14;
        _rows.Draw(scene.Canvas, Classifier, _held, _name, room.Below(TaughtAnswer.Height + 6) with { Height = room.Height - TaughtAnswer.Height - 6 - foot }, around);
        if (_said is { } said)
            Panels.Line(scene.Canvas, said, room.X, room.Bottom - foot + 5, Theme.SmallLine, room.Width, Theme.Accent);
        _buttons.Draw(scene.Canvas, new Area(room.X, room.Bottom - ButtonRow.Height, room.Width, ButtonRow.Height), around);
    }

    public void Dispose() => _taught.Dispose();

    // Picture, plots below it, and answers at their right; in a room that is higher than wide, answers between them.
    private static (Area Picture, Area Plots, Area Answers) Parts(Area where)
    {
        if (PictureSplit.IsUpright(where))
        {
            float upper = MathF.Round(where.Height * UprightPicture), lower = MathF.Round(where.Height * UprightPlots);
            var rest = where.Below(upper + Theme.Gap);
            return (where.Top(upper), where.Below(where.Height - lower), rest with { Height = rest.Height - lower - Theme.Gap });
        }

        float left = MathF.Round(where.Width * LeftShare), height = MathF.Round(where.Height * PictureShare);
        return (new Area(where.X, where.Y, left, height), new Area(where.X, where.Y + height + Theme.Gap, left, where.Height - height - Theme.Gap),
            new Area(where.X + left + Theme.Gap, where.Y, where.Width - left - Theme.Gap, where.Height));
    }


    private static int LabelOf(ConsoleKey key) => key is >= ConsoleKey.D1 and <= ConsoleKey.D9 ? key - ConsoleKey.D0 : key is ConsoleKey.N or ConsoleKey.D0 ? TaughtNetwork.Nothing : -1;

    private TaughtNetwork Begin(TaughtNetwork network)
    {
        network.Seen = OnPicture;
        return network;
    }

    private void OnPicture()
    {
        _isNew = true;
        if (_held >= 0)
            Shoot();
    }

    private void Hold(int label)
    {
        if (_held == label)
            return;
        LetGo();
        Classifier.Classes.BeginTake();
        (_held, _isPending) = (label, true);
    }

    // Where the picture stood still meanwhile, it is the example.
    private void LetGo()
    {
        if (_held >= 0 && _isPending)
            Shoot();
        (_held, _isPending) = (-1, false);
    }

    private void Shoot()
    {
        _isPending = false;
        if (_taught.TakeShot(_held) is { } refusal)
            Say(refusal);
        else
            _trainAt = _now + Rest;
    }

    private bool TakeHead()
    {
        if (!Classifier.Update())
            return false;
        _taught.AnswerAgain();
        return true;
    }

    // Without a row under the mouse, the class that was shown last.
    private void Rename(int label)
    {
        LetGo();
        EndName();
        var classes = Classifier.Classes;
        if (label < 0 && classes.Shots.Count > 0)
            label = classes.Shots[^1].Class;
        if (label >= 0)
            _name.Begin(label, classes.Names[label]);
        else
            Say("Show something first: what was shown last gets the name, or the row under the mouse.");
        _isNew = true;
    }

    // Who turns to something else has named it, where that is a name.
    private void EndName()
    {
        if (IsTyping)
            _name.Take(Classifier.Classes);
        _name.End();
    }

    private void Undo()
    {
        LetGo();
        int label = Classifier.Classes.Undo(out int undone);
        Say(label < 0 ? "There is nothing to take back." : undone == 0 ? $"'{Classifier.Classes.Names[label]}' has its name again." : $"{undone} {(undone == 1 ? "example" : "examples")} of '{Classifier.Classes.Names[label]}' taken back.");
        _taught.AnswerAgain();
        _trainAt = undone == 0 ? _trainAt : _now + Rest;
    }

    private void Save()
    {
        if (Classifier.Classes.Shots.Count == 0)
        {
            Say("There is nothing to save yet: hold 1 and show something.");
            return;
        }

        string path = _fileOfThis ?? FreeName(File);
        try
        {
            _taught.Save(path);
            (_fileOfThis, _savedRevision) = (path, Classifier.Classes.Revision);
            Say($"Saved as {Path.GetFileName(path)}.");
        }
        catch (Exception problem) when (problem is OnnxException or IOException or UnauthorizedAccessException)
        {
            Say($"Not saved: {problem.Message}");
        }
    }

    private void Open() => Load(_fileOfThis ?? File);

    // Asked twice, what was not saved may go.
    private bool IsKept()
    {
        var classes = Classifier.Classes;
        if (classes.Shots.Count == 0 || classes.Revision == _savedRevision || classes.Revision == _mayLose)
            return true;
        _mayLose = classes.Revision;
        Say($"{classes.Shots.Count} examples are not saved: S saves them, the same again opens in their place.");
        return false;
    }

    private void Load(string path)
    {
        if (!IsKept())
            return;
        try
        {
            var loaded = TaughtNetwork.Load(path);
            Use(loaded, path);
            Say($"{Path.GetFileName(path)}: {loaded.Classifier.Classes.Shots.Count} examples of {loaded.Classifier.Classes.TaughtCount} classes.");
        }
        catch (Exception problem) when (problem is OnnxException or IOException or UnauthorizedAccessException)
        {
            Say(problem.Message);
        }
    }

    private void Use(TaughtNetwork network, string? path)
    {
        LetGo();
        _name.End();
        _taught.Dispose();
        (_taught, _fileOfThis, _trainAt, _savedRevision, _mayLose) = (Begin(network), path, null, network.Classifier.Classes.Revision, -1);
    }

    // What another session has saved is not overwritten.
    private static string FreeName(string path)
    {
        string free = path;
        for (int number = 2; System.IO.File.Exists(free); number++)
            free = Path.Combine(Path.GetDirectoryName(path) ?? string.Empty, $"{Path.GetFileNameWithoutExtension(path)}-{number}{Path.GetExtension(path)}");
        return free;
    }

    private void Say(string text) => (_said, _saidAt, _isNew) = (text, _now, true);
}
