using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.OpenGL.Hosts;
using LivePages = RealtimeCnn.Textbook.LivePages;

namespace RealtimeCnn.Demo.Modes.Explore;

/// <summary>The textbook live: scenes, each of which shows what some pages of <c>rtcnn explain</c> say.</summary>
internal sealed class ExploreMode : Mode
{
    private readonly ExploreScene[] _scenes = NewScenes();
    private readonly Button[] _buttons;
    private readonly ButtonRow _row;
    private readonly string[] _pages;
    private readonly IReadOnlyList<KeyBinding>[] _keys = new IReadOnlyList<KeyBinding>[SceneNames.Count];
    private readonly KeyBinding _next;
    private int _scene;

    public ExploreMode()
    {
        _buttons = [.. _scenes.Select((scene, i) => new Button(scene.Name, scene.Purpose, () => _scene = i))];
        _row = new ButtonRow(_buttons);
        _pages = [.. _scenes.Select(scene => $"rtcnn explain {string.Join(", ", LivePages.All.Where(page => page.Scene == scene.Name).Select(page => page.Claim))}")];
        _next = new KeyBinding("N", "the next scene", [ConsoleKey.N], _ => _scene = (_scene + 1) % _scenes.Length);
        Reset();
    }

    /// <summary>The names of all scenes.</summary>
    public static IReadOnlyList<string> SceneNames { get; } = ["stack", "dilation", "pooling", "shift", "count", "loupe"];

    public override string Name => "explore";

    public override string Purpose => "The textbook live: stride, padding, pooling, dilation, shifts, costs, and one pixel in numbers.";

    public override string Hint => Shown.Purpose;

    public override ISceneNetwork Network => Shown.Network;

    public override PictureContent StandIn => Shown.StandIn;

    public override IReadOnlyList<KeyBinding> Keys => _keys[_scene];

    public override bool IsStale
    {
        get => Shown.IsStale;
        set => Shown.IsStale = value;
    }

    /// <summary>All scenes, in the order of their buttons.</summary>
    public IReadOnlyList<ExploreScene> Scenes => _scenes;

    /// <summary>The scene that is shown.</summary>
    public ExploreScene Shown => _scenes[_scene];

    /// <summary>Takes a scene.</summary>
    /// <param name="name">One of <see cref="SceneNames"/>.</param>
    public void Choose(string name) => _scene = Math.Max(Array.FindIndex(_scenes, scene => scene.Name == name), 0);

    public override void Reset()
    {
        NewScenes().CopyTo(_scenes, 0);
        _scene = 0;
        for (int i = 0; i < _scenes.Length; i++)
            _keys[i] = [_next, .. _scenes[i].Keys];
    }

    public override bool CanDraw(ISceneNetwork? computed) => Shown.CanDraw(computed);

    public override bool Advance(TimeSpan now) => Shown.Advance(now);

    public override bool Point(in PointerEvent used) => _row.Point(used) || Shown.Point(used);

    public override void Draw(Scene scene, Area where, Surroundings around)
    {
        for (int i = 0; i < _buttons.Length; i++)
            _buttons[i].IsOn = i == _scene;
        float width = _row.Draw(scene.Canvas, where.Top(ButtonRow.Height), around);
        var pages = where with { X = where.X + width + Theme.Gap, Width = where.Width - width - Theme.Gap, Height = ButtonRow.Height };
        Panels.Line(scene.Canvas, _pages[_scene], pages.X, pages.Y + ((ButtonRow.Height - Theme.SmallLine) / 2), Theme.SmallLine, pages.Width, Theme.Muted);
        around.Explain(pages, "The pages of the textbook that this scene belongs to: each is measured and drawn by this command.");
        Shown.Draw(scene, where.Below(ButtonRow.Height + Theme.Gap), around);
    }

    // In the order of their names.
    private static ExploreScene[] NewScenes() => [new StackScene(), new DilationScene(), new PoolingScene(), new ShiftScene(), new CountScene(), new LoupeScene()];
}
