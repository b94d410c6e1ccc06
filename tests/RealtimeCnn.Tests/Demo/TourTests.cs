using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Demo.Modes.Filter;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Scripts;
using RealtimeCnn.Demo.Tours;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.Demo;

/// <summary>The guided tour does what it says, in its time, and stops when it is told to.</summary>
public sealed class TourTests : IDisposable
{
    private readonly ModelShelf _models = new();
    private readonly ModeList _modes;
    private readonly DemoControls _controls;

    public TourTests() => _controls = new DemoControls(_modes = new ModeList(_models), "signs");

    public void Dispose()
    {
        _modes.Dispose();
        _models.Dispose();
    }

    [Fact]
    public void It_takes_three_minutes_and_saves_and_quits_nothing()
    {
        Assert.Equal(180, Tour.Script.Actions[^1].Time.Amount, 1e-9);
        Assert.DoesNotContain(Tour.Script.Actions, action => action is ScriptAction.Shot or ScriptAction.Quit or ScriptAction.Drop || action.Time.IsFrames);
        // Every caption stands for at least six seconds, and fits two lines of the narrowest canvas of a window of 640 pixels.
        var said = Tour.Script.Actions.OfType<ScriptAction.Say>().ToList();
        for (int i = 1; i < said.Count; i++)
            Assert.True(said[i].Time.Amount - said[i - 1].Time.Amount >= 6, said[i].Text);
        float letters = (640 / Screen.ScaleFor(new Size2d(360, 640)) / Canvas.TextWidth(1, Theme.Line)) - 10;
        Assert.All(said, one => Assert.True(one.Text.Length < 2 * letters, one.Text));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    public void What_it_says_is_what_is_shown_whatever_was_chosen_before(int begin)
    {
        // Somebody has played with everything.
        _controls.Choose("find");
        Press(ConsoleKey.T);
        _controls.Choose("filters");
        Press(ConsoleKey.K, ConsoleKey.K, ConsoleKey.L);
        _controls.ChooseScene("stack");
        Press(ConsoleKey.S, ConsoleKey.S, ConsoleKey.O);
        _controls.ChooseScene("dilation");
        Press(ConsoleKey.RightArrow);
        Play(begin - 1, begin);
        Press(ConsoleKey.Spacebar, ConsoleKey.G);
        Assert.True(_controls.IsTouring && !_controls.Paused);
        Play(begin, begin + 10);
        Says("draw", "what each of its layers makes");
        Play(begin + 10, begin + 25);
        Says("find", "Its heat");
        Assert.True(((FindMode)_controls.Mode).ShowsHeat);
        Play(begin + 25, begin + 41);
        Says("filters", "a Gaussian, blurs");
        Assert.Equal(("gaussian", 1), (((FiltersMode)_controls.Mode).Window.Name, MathF.Round(((FiltersMode)_controls.Mode).Window.Sum, 4)));
        Play(begin + 41, begin + 48);
        Says("filters", "add up to 0");
        Assert.Equal(0, ((FiltersMode)_controls.Mode).Window.Sum, 1e-4f);
        Play(begin + 48, begin + 57);
        Says("explore", "nine pixels times nine weights");
        Assert.IsType<LoupeScene>(Explore.Shown);
        Play(begin + 57, begin + 74);
        Says("explore", "Stride 2");
        Assert.Equal((2, Pooling.Max2), (((StackScene)Explore.Shown).Settings.Stride, ((StackScene)Explore.Shown).Settings.Pooling));
        Play(begin + 74, begin + 81);
        Says("explore", "Average pooling");
        Assert.Equal(Pooling.Average2, ((StackScene)Explore.Shown).Settings.Pooling);
        Play(begin + 81, begin + 88);
        Says("explore", "dilation of 4 they reach 9×9");
        Assert.Equal((4, 9), (((DilationScene)Explore.Shown).Dilation, DilationNetwork.Reach(4)));
        Play(begin + 88, begin + 97);
        Says("explore", "one value of 4×4");
        var pooling = (PoolingScene)Explore.Shown;
        Assert.Equal((4, 3f), (pooling.Window, pooling.Exponent));
        Play(begin + 97, begin + 104);
        Says("explore", "the larger its exponent");
        Assert.True(pooling.Exponent > 10);
        Play(begin + 104, begin + 112);
        Says("explore", "it is the same");
        Assert.Equal(ShiftedStep.Convolution, ((ShiftScene)Explore.Shown).Through);
        Play(begin + 112, begin + 120);
        Says("explore", "With a stride of 2");
        Assert.Equal(ShiftedStep.Stride2, ((ShiftScene)Explore.Shown).Through);
        Play(begin + 120, begin + 128);
        Says("explore", "What layers cost");
        Assert.Contains(((CountScene)Explore.Shown).Counted.Blocks, block => block.Kind == BlockKind.Convolution);
        Play(begin + 128, begin + 135);
        Says("explore", "separable convolutions");
        Assert.DoesNotContain(((CountScene)Explore.Shown).Counted.Blocks, block => block.Kind == BlockKind.Convolution);
        Play(begin + 135, begin + 142);
        Says("wall", "Every map");
        Play(begin + 142, begin + 150);
        Says("why", "Why this answer");
        Play(begin + 150, begin + 157);
        Says("why", "a gray patch");
        Play(begin + 157, begin + 165);
        Says("doctor", "One frozen picture");
        Play(begin + 165, begin + 172);
        Says("teach", "hold 1");
        Play(begin + 172, begin + 181);
        Assert.Equal((false, null, "teach"), (_controls.IsTouring, _controls.Caption, _controls.Mode.Name));
    }

    [Fact]
    public void A_key_a_click_or_a_wheel_ends_it_and_does_nothing_else_and_a_pushed_mouse_does_not()
    {
        Action[] deeds =
        [
            () => Press(ConsoleKey.Q), () => _controls.PointAt(new PointerEvent(PointerAction.Pressed, 5, 5, PointerButton.Left)),
            () => _controls.PointAt(new PointerEvent(PointerAction.Scrolled, 5, 5, Wheel: 1)),
        ];
        foreach (var deed in deeds)
        {
            Press(ConsoleKey.G);
            Play(0, 32);
            _controls.PointAt(new PointerEvent(PointerAction.Moved, 300, 300));
            Assert.True(_controls.IsTouring);
            deed();
            Assert.Equal((false, null, false, "filters"), (_controls.IsTouring, _controls.Caption, _controls.WantsToQuit, _controls.Mode.Name));
            _controls.Advance(_controls.Around.Now + TimeSpan.FromSeconds(100));
            Assert.Equal("filters", _controls.Mode.Name);
            Back();
        }

        void Back() => _controls.Advance(TimeSpan.Zero);
    }

    [Fact]
    public void Captions_are_drawn_large_and_the_tour_runs_without_a_window()
    {
        var options = new DemoOptions { Source = "pattern", Tour = true, Delivery = FrameDelivery.Every, Frames = 20 };
        using var session = new Session(options, _models, remembered: null, _ => { });
        using var scene = new CpuScene(new RunStats());
        Assert.True(session.Controls.IsTouring);
        new HeadlessRun(options, session, new RunStats(), _ => { }).Run(scene, CancellationToken.None);
        Assert.StartsWith("Draw a digit", session.Controls.Caption, StringComparison.Ordinal);
        byte[] pixels = scene.ReadPicture().Pixels;
        // Amber edges above and below letters as bright as text.
        int bright = 0, amber = 0;
        for (int i = 1280 * 660 * 4; i < 1280 * 718 * 4; i += 4)
        {
            bright += pixels[i] > 225 && pixels[i + 2] > 235 ? 1 : 0;
            amber += pixels[i] == 0xF6 && pixels[i + 1] == 0xBE ? 1 : 0;
        }

        Assert.True(bright > 600 && amber > 800, $"{bright} bright, {amber} amber");
    }

    private ExploreMode Explore => Assert.IsType<ExploreMode>(_controls.Mode);

    private void Says(string mode, string words)
    {
        Assert.Equal(mode, _controls.Mode.Name);
        Assert.Contains(words, _controls.Caption, StringComparison.Ordinal);
    }

    private void Play(double from, double to)
    {
        for (double t = from; t < to; t += 0.1)
            _controls.Advance(TimeSpan.FromSeconds(t));
        _controls.Advance(TimeSpan.FromSeconds(to));
    }

    private void Press(params ConsoleKey[] keys)
    {
        foreach (var key in keys)
            Assert.True(_controls.Press(new KeyPress(key, default, false)));
    }
}
