using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes.Teach;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Recordings;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>
/// One run of the demo for as long as is wanted, with a faulty camera and somebody who tries everything (<see cref="RandomUser"/>): in each round
/// all modes, a fault of the camera and another size of the window in each, a recording that begins and ends; then a rest, after which all is
/// as before, and what the process holds is looked at.
/// </summary>
internal sealed class DemoSoak : IDisposable
{
    private static readonly (Size2d Size, float Density)[] Sizes = [(new(720, 1280), 1), (new(480, 640), 1), (new(900, 700), 1), (new(1080, 1920), 2), (new(720, 1280), 1.5f)];
    private readonly DemoSoakOptions _options;
    private readonly SoakFolder _folder = new();
    private readonly SoakCamera _camera;
    private readonly EglHost? _host;
    private readonly Random _random;
    private readonly RunStats _stats = new();
    private readonly ModelShelf _models = new();
    private readonly Session _session;
    private readonly Scene _scene;
    private readonly SoakWindow _window;
    private readonly DemoOptions _demo;
    private readonly List<Footprint> _samples = [];
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, TimeSpan> _longest = [];
    private Action<int, Footprint>? _sampled;
    private RunRecorder? _recorder;
    private TimeSpan? _begun;
    private TimeSpan _turnBegan;
    private int _halves, _fault;
    private bool _isFreed;
    private long _turns;

    /// <exception cref="GlException">The GPU was asked for, and there is none with compute shaders.</exception>
    public DemoSoak(DemoSoakOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        _camera = new SoakCamera(options.IsStream, options.FrameRate);
        _host = options.Backend == "gpu" ? EglHost.Create() : null;
        _demo = new DemoOptions { Source = "camera", OpenSource = _camera.Open, Mode = "find", Size = options.Size };
        _session = new Session(_demo, _models, remembered: null, Hear);
        _scene = _host == null ? new CpuScene(_stats) : new GpuScene(_host.Device, _stats);
        _window = new SoakWindow(options.Size, Turn);
    }

    private DemoControls Controls => _session.Controls;

    private int PeriodsOfARound => Controls.Modes.Count + 1;

    /// <summary>Plays all rounds.</summary>
    /// <param name="sampled">Gets the process at the end of each.</param>
    /// <param name="cancellation">Ends it.</param>
    public DemoSoakReport Run(Action<int, Footprint> sampled, CancellationToken cancellation = default)
    {
        _sampled = sampled;
        var user = new RandomUser(_options.Seed, Controls.Modes, Controls.Keys, _folder.Files);
        var demo = _demo with { Script = user.Play(_options.Rounds, _options.Period, _options.Deeds) };
        try
        {
            new WindowRun(demo, _session, _stats, Hear).Run(_window, _scene, Show, cancellation);
        }
#pragma warning disable CA1031 // Whatever it is, it is what is looked for here.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            _problems.Add($"mode {Controls.Mode.Name}, round {_samples.Count + 1}, seed {_options.Seed}: {problem}");
        }

        if (_samples.Count < _options.Rounds && _problems.Count == 0 && !cancellation.IsCancellationRequested)
            _problems.Add($"the demo ended in round {_samples.Count + 1} of {_options.Rounds}, in mode {Controls.Mode.Name}");
        EndRecording();
        Free();
        return new DemoSoakReport(_samples, [.. _problems, .. _host?.Device.Leaks.Select(leak => $"not disposed with the demo: {leak}") ?? []], _longest, _stats.FramesShown, _turns, _folder.Saved);
    }

    public void Dispose()
    {
        Free();
        _folder.Dispose();
    }

    private void Free()
    {
        if (_isFreed)
            return;
        _isFreed = true;
        _scene.Dispose();
        _session.Dispose();
        _models.Dispose();
        _camera.Dispose();
        _host?.Dispose();
    }

    private void Hear(string notice)
    {
        // A person would read it.
    }

    // A window's driver ends a picture before it takes the next.
    private void Show() => _host?.Device.Finish();

    private void Turn()
    {
        var now = FrameClock.Now;
        if (_begun != null && now - _turnBegan is var taken && taken > _longest.GetValueOrDefault(Controls.Mode.Name))
            _longest[Controls.Mode.Name] = taken;
        _turns++;
        _begun ??= now;
        for (; _begun.Value + (_options.Period * (_halves / 2.0)) <= now; _halves++)
            Happen(_halves / 2, isEnd: _halves % 2 != 0);
        _turnBegan = FrameClock.Now;
    }

    // At the beginning of each period, and in its middle.
    private void Happen(int period, bool isEnd)
    {
        int place = period % PeriodsOfARound;
        if (place == 0 && period > 0 && !isEnd)
            Sample();
        if (_samples.Count == _options.Rounds)
        {
            Controls.Quit();
            return;
        }

        if (place == Controls.Modes.Count)
        {
            if (!isEnd)
                Rest();
            return;
        }

        if (isEnd)
        {
            _camera.End(_fault);
            _window.IsMinimized = false;
            return;
        }

        _camera.Begin(_fault = _random.Next(_camera.Faults));
        var (size, density) = Sizes[_random.Next(Sizes.Length)];
        _window.Resize(size, density);
        _window.IsMinimized = _random.Next(12) == 0;
        if (place == 2)
            _recorder ??= RunRecorder.Begin(_demo with { Record = "soak.rtcnn" }, Controls, _scene, _stats, Hear);
        else if (place == 5)
            EndRecording();
    }

    private void Rest()
    {
        EndRecording();
        // With the tour all modes begin anew, and a key ends it. What was taught is kept even then, and is more in each round.
        Controls.StartTour();
        Press(ConsoleKey.H);
        while (Controls.Modes.OfType<TeachMode>().Single().Classifier.Classes.Undo(out _) >= 0)
        {
        }

        Controls.Choose("find");
        if (Controls.Paused)
            Press(ConsoleKey.Spacebar);
        if (Controls.ShowsHelp)
            Press(ConsoleKey.H);
        if (Controls.ShowsTimes)
            Press(ConsoleKey.B);
        Controls.WantsFullscreen = _window.IsFullscreen = false;
        _window.Resize(_options.Size, 1);
    }

    private void Press(ConsoleKey key) => Controls.Press(new KeyPress(key, default, IsRepeat: false));

    private void EndRecording()
    {
        _recorder?.Dispose();
        _recorder = null;
    }

    private void Sample()
    {
        _options.EachRound?.Invoke(_host?.Device);
        _folder.Clear();
        _samples.Add(Footprint.Now(_host?.Device, _folder.Temporary));
        _sampled!(_samples.Count - 1, _samples[^1]);
    }
}
