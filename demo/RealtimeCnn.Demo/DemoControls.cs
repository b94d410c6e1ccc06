using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo;

/// <summary>What the user has chosen so far, and the table of keys that choose. Knows no window: keys go in, state comes out.</summary>
internal sealed class DemoControls
{
    private static readonly string[] Presets = [.. Filters.All.Where(filter => filter.Size == 3).Select(filter => filter.Name)];
    private readonly Binding[] _bindings;
    private int _view;
    private int _preset = -1;
    private bool _step;
    private int _steps;
    private int _turns;
    private bool _screenshot;

    private readonly ModelShelf _models;

    /// <param name="view">Number of the view to begin with.</param>
    /// <param name="models">The models that can be shown; null for those that lie beside the program.</param>
    public DemoControls(int view = 0, ModelShelf? models = null)
    {
        (_view, _models) = (view, models ?? new ModelShelf());
        _bindings = Bindings();
    }

    /// <summary>The views, in the order of their number keys.</summary>
    public static IReadOnlyList<IView> Views { get; } = [new RecognitionView(), new Overview(), new FilterView(), new KernelView(), new MapsView(), new LiveView()];

    /// <summary>What is shown.</summary>
    public IView View => Views[_view];

    /// <summary>The model that is shown.</summary>
    public ShownModel Model => _models.Shown;

    /// <summary>What is to be computed for the view.</summary>
    public ISceneNetwork Wanted => View.NetworkFor(this);

    /// <summary>What the network is built with; another object whenever something changed.</summary>
    public NetworkSettings Settings { get; private set; } = NetworkSettings.Default;

    /// <summary>Whether the picture stands still.</summary>
    public bool Paused { get; private set; }

    /// <summary>Whether the help is shown.</summary>
    public bool ShowsHelp { get; private set; }

    /// <summary>Whether the user has had enough.</summary>
    public bool WantsToQuit { get; private set; }

    /// <summary>The chosen weight of the kernel, row by row.</summary>
    public int Cell { get; private set; } = 4;

    /// <summary>The chosen layer of <see cref="DemoNetwork.Stack"/>.</summary>
    public int Layer { get; private set; }

    /// <summary>The chosen feature map of that layer; may exceed the channels of a smaller one.</summary>
    public int Map { get; private set; }

    /// <summary>Whether the chosen map is shown alone.</summary>
    public bool Solo { get; private set; }

    /// <summary>What each key does.</summary>
    public IEnumerable<(string Keys, string Meaning)> Help => _bindings.Select(binding => (binding.Name, binding.Meaning));

    /// <summary>Handles a key.</summary>
    /// <returns>Whether it means something.</returns>
    public bool Press(KeyPress press)
    {
        var binding = _bindings.FirstOrDefault(binding => binding.Keys.Contains(press.Key));
        binding?.Do(press.Key);
        return binding is not null;
    }

    /// <summary>Steps since the last call: frames wanted in a pause, one for each press.</summary>
    public int TakeSteps()
    {
        int steps = _steps;
        _steps = 0;
        return steps;
    }

    /// <summary>Pictures of a folder to turn over since the last call; below 0 backwards.</summary>
    public int TakeTurns()
    {
        int turns = _turns;
        _turns = 0;
        return turns;
    }

    /// <summary>Of a source that cannot be held: whether a frame is wanted now. Always, but for a pause, and then once for each step.</summary>
    public bool TakeFrameWish()
    {
        bool wanted = !Paused || _step;
        _step = false;
        return wanted;
    }

    /// <summary>Gives back a step that found no frame yet.</summary>
    public void KeepFrameWish() => _step = Paused;

    /// <summary>Whether a picture is to be saved; once for each wish.</summary>
    public bool TakeScreenshotWish()
    {
        bool wanted = _screenshot;
        _screenshot = false;
        return wanted;
    }

    private Binding[] Bindings() =>
    [
        new("1 … 6, Tab", "choose a view", [ConsoleKey.D1, ConsoleKey.D2, ConsoleKey.D3, ConsoleKey.D4, ConsoleKey.D5, ConsoleKey.D6, ConsoleKey.Tab], ChooseView),
        new("M", "next model of the recognition view", [ConsoleKey.M], _ => _models.Next()),
        new("Space", "pause and go on", [ConsoleKey.Spacebar], _ => Paused = !Paused),
        new(".", "pause and step to the next frame", [ConsoleKey.OemPeriod], _ => Step()),
        new("PgUp PgDn", "previous and next picture of a folder", [ConsoleKey.PageUp, ConsoleKey.PageDown], key => _turns += key == ConsoleKey.PageDown ? 1 : -1),
        new("arrows", "choose a weight, or a map; else as PgUp and PgDn", [ConsoleKey.LeftArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow], Move),
        new("+ -", "change the weight", [ConsoleKey.OemPlus, ConsoleKey.Add, ConsoleKey.OemMinus, ConsoleKey.Subtract], ChangeWeight),
        new("K", "load a classical filter into the kernel", [ConsoleKey.K], _ => LoadPreset()),
        new("L", "next layer of the stack", [ConsoleKey.L], _ => Layer = (Layer + 1) % DemoNetwork.Stack.Count),
        new("Enter", "one feature map alone, or all", [ConsoleKey.Enter], _ => Solo = !Solo),
        new("S", "stride of the first convolution", [ConsoleKey.S], _ => Settings = Settings with { Stride = (Settings.Stride % 3) + 1 }),
        new("P", "padding: zero or replicate", [ConsoleKey.P], _ => TogglePadding()),
        new("O", "pooling: max 2, max 3, average 2", [ConsoleKey.O], _ => Settings = Settings with { Pooling = (Pooling)(((int)Settings.Pooling + 1) % 3) }),
        new("R", "reset kernel, stride, padding and pooling", [ConsoleKey.R], _ => Settings = NetworkSettings.Default),
        new("C", "save what is shown as a PNG file", [ConsoleKey.C], _ => _screenshot = true),
        new("H", "show and hide this help", [ConsoleKey.H, ConsoleKey.F1], _ => ShowsHelp = !ShowsHelp),
        new("Q, Esc", "quit", [ConsoleKey.Q, ConsoleKey.Escape], _ => WantsToQuit = true),
    ];

    private void Step()
    {
        Paused = _step = true;
        _steps++;
    }

    private void ChooseView(ConsoleKey key) => _view = key == ConsoleKey.Tab ? (_view + 1) % Views.Count : key - ConsoleKey.D1;

    private void Move(ConsoleKey key)
    {
        var (x, y) = key switch
        {
            ConsoleKey.LeftArrow => (-1, 0),
            ConsoleKey.RightArrow => (1, 0),
            ConsoleKey.UpArrow => (0, -1),
            _ => (0, 1),
        };
        if (View is MapsView)
        {
            int channels = DemoNetwork.ChannelsOf(DemoNetwork.Stack[Layer]);
            Map = (Math.Min(Map, channels - 1) + x + (y * MapsView.Columns) + channels) % channels;
        }
        else if (View is not KernelView)
        {
            _turns += x + y;
        }
        else
        {
            Cell = ((Cell / 3 + y + 3) % 3 * 3) + ((Cell % 3 + x + 3) % 3);
        }
    }

    private void ChangeWeight(ConsoleKey key)
    {
        float[] kernel = [.. Settings.Kernel];
        kernel[Cell] = Math.Clamp(kernel[Cell] + (key is ConsoleKey.OemPlus or ConsoleKey.Add ? 0.5f : -0.5f), -16, 16);
        Settings = Settings with { Kernel = kernel };
    }

    private void LoadPreset()
    {
        _preset = (_preset + 1) % Presets.Length;
        Settings = Settings with { Kernel = Filters.Find(Presets[_preset])!.Weights };
    }

    private void TogglePadding() =>
        Settings = Settings with { Padding = Settings.Padding == PaddingMode.Zero ? PaddingMode.Replicate : PaddingMode.Zero };

    private sealed record Binding(string Name, string Meaning, ConsoleKey[] Keys, Action<ConsoleKey> Do);
}
