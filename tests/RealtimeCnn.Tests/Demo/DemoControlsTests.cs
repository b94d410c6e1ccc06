using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.Demo;

/// <summary>Keys and mouse go in, state comes out.</summary>
public sealed class DemoControlsTests : IDisposable
{
    private readonly ModelShelf _models = new();
    private readonly ModeList _modes;
    private readonly DemoControls _controls;

    public DemoControlsTests() => _controls = new DemoControls(_modes = new ModeList(_models), "model");

    public void Dispose()
    {
        _modes.Dispose();
        _models.Dispose();
    }

    [Fact]
    public void Number_keys_and_tab_choose_the_mode()
    {
        Assert.Equal(("model", false), (_controls.Mode.Name, _controls.HasChosen));
        Press(ConsoleKey.D2);
        Assert.Equal(("find", true), (_controls.Mode.Name, _controls.HasChosen));
        Press(ConsoleKey.Tab);
        Assert.Equal("signs", _controls.Mode.Name);
        Assert.True(_controls.Press(new KeyPress(ConsoleKey.Tab, ConsoleModifiers.Shift, false)));
        Assert.Equal("find", _controls.Mode.Name);
        Assert.Equal(ModeList.Names, _controls.Modes.Select(mode => mode.Name));
    }

    [Fact]
    public void A_click_on_a_tab_chooses_its_mode_and_a_mouse_that_rests_on_it_is_told_what_it_is_for()
    {
        for (int i = 0; i < _controls.Modes.Count; i++)
        {
            var tab = TabBar.AreaOf(_controls.Modes, _controls.Mode, 1280, i);
            _controls.DrawnAt(2, 1280);
            _controls.Point(new PointerEvent(PointerAction.Pressed, 2 * (tab.X + 3), 2 * (tab.Y + 3), PointerButton.Left));
            Assert.Same(_controls.Modes[i], _controls.Mode);
            _controls.Point(new PointerEvent(PointerAction.Released, 2 * (tab.X + 3), 2 * (tab.Y + 3), PointerButton.Left));
            _controls.Advance(_controls.Around.Now + TimeSpan.FromSeconds(1));
            // Who presses something knows it.
            Assert.Null(_controls.Tip);
            _controls.Point(new PointerEvent(PointerAction.Moved, 2 * (tab.X + 4), 2 * (tab.Y + 3)));
            _controls.Around.Begin();
            _controls.Around.Explain(tab, _controls.Mode.Purpose);
            Assert.Null(_controls.Tip);
            _controls.Advance(_controls.Around.Now + TimeSpan.FromSeconds(1));
            Assert.Equal(_controls.Mode.Purpose, _controls.Tip);
            _controls.Advance(_controls.Around.Now + TimeSpan.FromSeconds(6));
            Assert.Null(_controls.Tip);
        }
    }

    [Fact]
    public void A_hint_goes_away_by_itself_or_when_its_mode_is_used_and_a_notice_goes_before_it()
    {
        Press(ConsoleKey.D1);
        Assert.Equal(_controls.Mode.Hint, _controls.Message);
        _controls.Say("news");
        Assert.Equal("news", _controls.Message);
        Assert.True(_controls.Advance(TimeSpan.FromSeconds(8)));
        Assert.Equal(_controls.Mode.Hint, _controls.Message);
        _controls.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(_controls.Message);
        Press(ConsoleKey.D2);
        Assert.NotNull(_controls.Message);
        Press(ConsoleKey.T);
        Assert.Null(_controls.Message);
    }

    [Fact]
    public void A_pause_wants_no_frame_and_a_step_wants_one()
    {
        Assert.True(_controls.TakeFrameWish());
        Press(ConsoleKey.OemPeriod);
        Assert.True(_controls.Paused);
        Assert.True(_controls.TakeFrameWish());
        _controls.KeepFrameWish();
        Assert.True(_controls.TakeFrameWish());
        Assert.False(_controls.TakeFrameWish());
        Press(ConsoleKey.Spacebar);
        Assert.True(_controls.TakeFrameWish());
    }

    [Fact]
    public void Escape_leaves_what_lies_above_the_picture_first()
    {
        Press(ConsoleKey.F11, ConsoleKey.H, ConsoleKey.Escape);
        Assert.Equal((true, false, false), (_controls.WantsFullscreen, _controls.ShowsHelp, _controls.WantsToQuit));
        Press(ConsoleKey.Escape);
        Assert.Equal((false, false), (_controls.WantsFullscreen, _controls.WantsToQuit));
        Press(ConsoleKey.Escape);
        Assert.True(_controls.WantsToQuit);
    }

    /// <summary>Each key in the table changes what it says; a key that does nothing, or two that do the same, would show.</summary>
    [Theory]
    [InlineData("number keys, Tab", ConsoleKey.D1, ConsoleKey.D2, ConsoleKey.D3, ConsoleKey.D5, ConsoleKey.D6, ConsoleKey.D7, ConsoleKey.D8, ConsoleKey.D9, ConsoleKey.Tab)]
    [InlineData("Space", ConsoleKey.Spacebar)]
    [InlineData(".", ConsoleKey.OemPeriod)]
    [InlineData("arrows, PgUp PgDn", ConsoleKey.PageUp, ConsoleKey.PageDown, ConsoleKey.LeftArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow)]
    [InlineData("Home, End", ConsoleKey.Home, ConsoleKey.End)]
    [InlineData("X", ConsoleKey.X)]
    [InlineData("F, F11", ConsoleKey.F, ConsoleKey.F11)]
    [InlineData("B", ConsoleKey.B)]
    [InlineData("G", ConsoleKey.G)]
    [InlineData("C", ConsoleKey.C)]
    [InlineData("V", ConsoleKey.V)]
    [InlineData("H, F1", ConsoleKey.H, ConsoleKey.F1)]
    [InlineData("Q, Esc", ConsoleKey.Q, ConsoleKey.Escape)]
    public void Every_key_of_all_modes_does_something(string entry, params ConsoleKey[] keys)
    {
        Assert.Single(_controls.Keys, binding => binding.Name == entry);
        foreach (var key in keys)
        {
            var controls = new DemoControls(_modes, "model") { Around = { Position = new VideoPosition(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60)) } };
            var before = State(controls);
            Assert.True(controls.Press(new KeyPress(key, default, false)));
            Assert.NotEqual(before, State(controls));
        }
    }

    [Fact]
    public void The_help_lists_the_keys_that_the_test_above_presses_and_no_others()
    {
        Assert.Equal(HelpedKeys, _controls.Keys.Select(binding => binding.Name));
        Assert.All(_controls.Modes, mode => Assert.All(mode.Keys, binding => Assert.NotEmpty(binding.Meaning)));
        Assert.False(_controls.Press(new KeyPress(ConsoleKey.F9, default, false)));
    }

    [Fact]
    public void Steps_add_up_and_are_taken_once()
    {
        Press(ConsoleKey.OemPeriod, ConsoleKey.OemPeriod);
        Assert.Equal((true, 2, 0), (_controls.Paused, _controls.TakeSteps(), _controls.TakeSteps()));
    }

    [Fact]
    public void Pictures_are_turned_over_by_page_keys_in_every_mode_and_by_arrows_where_they_choose_nothing_else()
    {
        Press(ConsoleKey.PageDown, ConsoleKey.RightArrow, ConsoleKey.DownArrow, ConsoleKey.LeftArrow);
        Assert.Equal((2, 0), (_controls.TakeTurns(), _controls.TakeTurns()));
        foreach (string mode in (string[])["filters", "explore"])
        {
            _controls.Choose(mode);
            Press(ConsoleKey.RightArrow);
        }

        Assert.Equal(0, _controls.TakeTurns());
        Press(ConsoleKey.PageUp);
        Assert.Equal(-1, _controls.TakeTurns());
    }

    [Fact]
    public void A_screenshot_is_wanted_once()
    {
        Assert.False(_controls.TakeScreenshotWish());
        Press(ConsoleKey.C);
        Assert.True(_controls.TakeScreenshotWish());
        Assert.False(_controls.TakeScreenshotWish());
    }

    [Fact]
    public void A_model_that_is_dropped_anywhere_is_shown_by_the_mode_for_any_model()
    {
        Press(ConsoleKey.D5);
        _controls.Drop([Repository.Model(ShippedModels.Digits)]);
        Assert.Equal(("model", "digits.onnx is shown."), (_controls.Mode.Name, _controls.Message));
    }

    private static readonly string[] HelpedKeys = [.. typeof(DemoControlsTests).GetMethod(nameof(Every_key_of_all_modes_does_something))!
        .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().SelectMany(row => row.GetData(null!)).Select(row => (string)row[0])];

    // Everything that a key may change. Wishes are taken by asking for them, once.
    private static (string, bool, bool, bool, bool, bool, bool, bool, bool, bool, int, int, TimeSpan?) State(DemoControls controls) => (
        controls.Mode.Name, controls.Paused, controls.ShowsHelp, controls.WantsToQuit, controls.WantsFullscreen, controls.Around.IsMirrored, controls.ShowsTimes,
        controls.IsTouring, controls.TakeScreenshotWish(), controls.TakeClipWish(), controls.TakeSteps(), controls.TakeTurns(), controls.TakeSeek());

    private void Press(params ConsoleKey[] keys)
    {
        foreach (var key in keys)
            Assert.True(_controls.Press(new KeyPress(key, default, false)));
    }
}
