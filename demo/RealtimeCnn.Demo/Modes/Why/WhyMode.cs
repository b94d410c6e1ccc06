using System.Globalization;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Modes.Why;

/// <summary>Where in the picture a network sees a class, asked in several ways beside the frames: by its feature maps, or by covering the picture.</summary>
internal sealed class WhyMode : Mode, IDisposable
{
    private const float SideWidth = 372, ClassLine = 54, BarHeight = 14, Step = 24;
    private readonly ModelChoice _choice;
    private readonly WhyStudy _study = new();
    private readonly Dictionary<ShownModel, WhyNetwork> _networks = [];
    private readonly ButtonRow _buttons;
    private readonly Button _follow;
    private ShownModel? _asked;
    private WhyMethod? _method;
    // Below 0 for the top answer.
    private int _class = -1;
    private int _label = -1;

    /// <param name="choice">The model that is shown.</param>
    public WhyMode(ModelChoice choice)
    {
        _choice = choice;
        _follow = new Button("top answer (T)", "Explains whatever the network finds likeliest.", () => _class = -1);
        _buttons = new ButtonRow(new Button("other method (N)", "Another way to ask why.", NextMethod), _follow);
        Keys =
        [
            new("M", "the next model", [ConsoleKey.M], _ => _choice.Next()),
            new("N", "the next method", [ConsoleKey.N], _ => NextMethod()),
            new("arrows up, down", "explain another class", [ConsoleKey.UpArrow, ConsoleKey.DownArrow], key => ChooseClass(key == ConsoleKey.DownArrow ? 1 : -1)),
            new("T", "explain the top answer", [ConsoleKey.T], _ => _class = -1),
        ];
    }

    public override string Name => "why";

    public override string Purpose => "Where in the picture the network sees its answer: by its feature maps, or by covering the picture bit by bit.";

    public override string Hint => "Amber speaks for the class, blue against it. N asks in another way, the arrows up and down ask about another class.";

    public override ISceneNetwork Network
    {
        get
        {
            if (_networks.TryGetValue(_choice.Shown, out var network))
                return network;
            return _networks[_choice.Shown] = new WhyNetwork(_choice.Shown, _study);
        }
    }

    public override PictureContent StandIn => _choice.StandIn;

    /// <summary>What is known.</summary>
    public WhyMap Map => _study.Map;

    /// <summary>How it is asked; null before that is known.</summary>
    public WhyMethod? Method => _method;

    /// <summary>The class that is asked about; below 0 for none yet.</summary>
    public int Label => _label;

    public override bool CanDraw(ISceneNetwork? computed) => computed is WhyNetwork network && network.Model == _choice.Shown;

    public override void Suit(PictureContent content) => _choice.Suit(content);

    public override string? Drop(IReadOnlyList<string> paths) => _choice.Drop(paths);

    public override bool GoesOnInPause => true;

    public override bool Advance(TimeSpan now)
    {
        var model = _choice.Shown;
        if (!ReferenceEquals(model, _asked))
            (_asked, _method, _class, _label) = (model, null, -1, -1);
        _label = _class >= 0 ? _class : TopOf(model, _label);
        if (_method is not { } chosen || !IsPossible(model, chosen))
            _method = HasHeat(model) ? WhyMethod.Heat : _study.Methods.Count > 0 ? _study.Methods[0] : null;
        _study.Ask(model, _method ?? WhyMethod.Heat, _label);
        return _study.Advance(now);
    }

    public override void Reset() => _asked = null;

    public override void Finish() => _study.Wait();

    public override bool Point(in PointerEvent used) => _buttons.Point(used);

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        var model = _choice.Shown;
        var (left, side) = PictureSplit.Of(where, scene.FrameSize, (where.Width - SideWidth - Theme.Gap) / where.Width);
        var picture = Panels.Frame(scene, left, around.IsMirrored);
        bool isHeat = _method == WhyMethod.Heat;
        bool isShown = !isHeat && Map.IsThere && Map.Method == _method && Map.Label == _label;
        if (isHeat && model is ShownDetector { Heat: { } heat } detector && detector.HasAnswer)
            HeatOverlay.Draw(scene, heat, _class, picture, around);
        else if (isShown)
            WhyOverlay.Draw(scene, Map, picture, around);
        SeenPart.Draw(scene, model, picture);
        if (model is ShownDetector found)
            Detections.DrawBoxes(scene, found, picture, around.IsMirrored);
        Panels.SourceBadge(scene, picture, around.IsMirrored);
        var room = Panels.Model(scene.Canvas, model, side);
        float y = DrawClass(scene.Canvas, model, room) + 10;
        y = DrawMethod(scene.Canvas, room.Below(y - room.Y)) + 10;
        if (isShown)
            DrawNumbers(scene, room.Below(y - room.Y), around);
        else if (!isHeat)
            Panels.Line(scene.Canvas, _label < 0 ? "nothing to explain yet" : "…", room.X, y, Theme.SmallLine, room.Width, Theme.Muted);
        _follow.IsOn = _class < 0;
        _buttons.Draw(scene.Canvas, new Area(room.X, room.Bottom - ButtonRow.Height, room.Width, ButtonRow.Height), around);
    }

    public void Dispose() => _study.Dispose();

    // Which class, and how likely the network finds it.
    private float DrawClass(Canvas canvas, ShownModel model, Area where)
    {
        if (_label < 0)
            return where.Y + ClassLine + Step;
        string name = model.Classes[_label];
        float letter = Canvas.TextWidth(1, 1), line = Math.Max(Math.Min(ClassLine, where.Width / (name.Length * letter)), Theme.Line);
        Panels.Line(canvas, name, where.X, where.Y + ((ClassLine - line) / 2), line, where.Width, Theme.Accent);
        Span<char> text = stackalloc char[64];
        int length;
        if (_class < 0)
            text.TryWrite($"the top answer", out length);
        else
            text.TryWrite(CultureInfo.InvariantCulture, $"class {_class + 1} of {model.Classes.Count}", out length);
        canvas.Text(text[..length], where.X, where.Y + ClassLine, Theme.SmallLine, Theme.Muted);
        if (model is ShownClassifier { HasAnswer: true } classifier)
        {
            float probability = float.NaN;
            for (int i = 0; i < classifier.Answers.Count; i++)
                probability = classifier.Answers[i].Class == _label ? classifier.Answers[i].Probability : probability;
            if (!float.IsNaN(probability))
            {
                text.TryWrite(CultureInfo.InvariantCulture, $"{probability * 100:0.0} %", out length);
                canvas.Text(text[..length], where.Right - Canvas.TextWidth(length, Theme.SmallLine), where.Y + ClassLine, Theme.SmallLine, Theme.Text);
            }
        }

        return where.Y + ClassLine + Step;
    }

    private float DrawMethod(Canvas canvas, Area where)
    {
        var (title, meaning) = _method switch
        {
            WhyMethod.Cam => ("class activation (CAM)", "The last feature maps, each times its weight for the class: they add up to the class's score."),
            WhyMethod.GradCam => ("class activation (Grad-CAM)", "The last feature maps, each times the mean gradient of the class's score: what speaks for it."),
            WhyMethod.Occlusion => ("occlusion", "A gray patch slides over the picture: how much the probability drops where it lies."),
            WhyMethod.Heat => ("heat of the detector", "How sure the network is that the middle of something lies at each place."),
            _ => ("", ""),
        };
        canvas.Text(title, where.X, where.Y, Theme.SmallLine, Theme.Text);
        float y = Notes.Paragraph(canvas, meaning, where.Below(Step + 2), Theme.Muted);
        return _method == WhyMethod.Occlusion && _study.Problem is { } problem ? Notes.Paragraph(canvas, problem, where.Below(y + 8 - where.Y), Theme.Muted) : y;
    }

    // The colours with their numbers, of which picture they are, and how far the patch has come.
    private void DrawNumbers(Scene scene, Area where, Surroundings around)
    {
        const int Parts = 64;
        var canvas = scene.Canvas;
        var (least, greatest) = Map.Range;
        float far = Map.Farthest;
        var bar = where.Top(BarHeight);
        for (int i = 0; i < Parts; i++)
        {
            float left = around.BetweenPixels(bar.X + (bar.Width * i / Parts)), right = around.BetweenPixels(bar.X + (bar.Width * (i + 1) / Parts));
            canvas.Fill(new Area(left, bar.Y, right - left, bar.Height), WhyOverlay.ColorOf((2 * (i + 0.5f) / Parts) - 1));
        }

        around.Explain(bar with { Height = BarHeight + Step }, "Amber speaks for the class, blue against it; dark does neither.");
        bool isPercent = Map.Method == WhyMethod.Occlusion;
        float y = bar.Bottom + 3;
        Number(-far, 0);
        Number(0, 0.5f);
        Number(far, 1);
        y += Step + 6;
        Span<char> text = stackalloc char[64];
        int length;
        if (isPercent)
            text.TryWrite(CultureInfo.InvariantCulture, $"drops by {greatest * 100:0.0} % at most, of {Map.Score * 100:0.0} %", out length);
        else
            text.TryWrite(CultureInfo.InvariantCulture, $"{greatest:+0.00;-0.00} at most, {least:+0.00;-0.00;0.00} at least", out length);
        Panels.Line(canvas, text[..length], where.X, y, Theme.SmallLine, where.Width, Theme.Text);
        y += Step;
        if (isPercent)
        {
            text.TryWrite(CultureInfo.InvariantCulture, $"position {Map.Done} of {Map.Values.Length}", out length);
            Panels.Line(canvas, text[..length], where.X, y, Theme.SmallLine, where.Width, Theme.Muted);
            canvas.Fill(new Area(where.X, y + Step, where.Width, 4), Theme.Background, 2);
            canvas.Fill(new Area(where.X, y + Step, where.Width * Map.Done / Map.Values.Length, 4), Theme.Accent, 2);
            y += Step + 10;
        }
        else
        {
            text.TryWrite(CultureInfo.InvariantCulture, $"{Map.Grid.Height}×{Map.Grid.Width} places", out length);
            Panels.Line(canvas, text[..length], where.X, y, Theme.SmallLine, where.Width, Theme.Muted);
            y += Step;
        }

        if (Map.Number == scene.FrameNumber)
            text.TryWrite($"of this picture", out length);
        else
            text.TryWrite(CultureInfo.InvariantCulture, $"of the picture {Math.Max((around.Now - Map.Time).TotalSeconds, 0):0.0} s ago", out length);
        Panels.Line(canvas, text[..length], where.X, y, Theme.SmallLine, where.Width, Theme.Muted);

        void Number(float value, float place)
        {
            Span<char> written = stackalloc char[24];
            int count;
            if (isPercent)
                written.TryWrite(CultureInfo.InvariantCulture, $"{value * 100:+0.0;-0.0;0} %", out count);
            else
                written.TryWrite(CultureInfo.InvariantCulture, $"{value:+0.00;-0.00;0}", out count);
            canvas.Text(written[..count], where.X + ((where.Width - Canvas.TextWidth(count, Theme.SmallLine)) * place), y, Theme.SmallLine, Theme.Text);
        }
    }

    private static bool HasHeat(ShownModel model) => model is ShownDetector { Heat: not null };

    private bool IsPossible(ShownModel model, WhyMethod method) => method == WhyMethod.Heat ? HasHeat(model) : _study.Methods.Count == 0 || Has(method);

    private bool Has(WhyMethod method)
    {
        for (int i = 0; i < _study.Methods.Count; i++)
        {
            if (_study.Methods[i] == method)
                return true;
        }

        return false;
    }

    private static int TopOf(ShownModel model, int before) => model switch
    {
        ShownClassifier { HasAnswer: true } classifier => classifier.Answers[0].Class,
        ShownDetector { HasAnswer: true, Found.Count: > 0 } detector => detector.Found[0].Class,
        _ => before,
    };

    private void NextMethod()
    {
        WhyMethod[] all = [.. HasHeat(_choice.Shown) ? [WhyMethod.Heat] : (WhyMethod[])[], .. _study.Methods];
        if (all.Length > 0)
            _method = all[(Array.IndexOf(all, _method ?? all[0]) + 1) % all.Length];
    }

    private void ChooseClass(int step)
    {
        int count = _choice.Shown.Classes.Count;
        _class = ((_class < 0 ? Math.Max(_label, 0) : _class) + step + count) % count;
    }
}
