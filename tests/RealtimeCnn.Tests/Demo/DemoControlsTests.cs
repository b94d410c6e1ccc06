using RealtimeCnn.Demo;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.Demo;

public sealed class DemoControlsTests
{
    private readonly DemoControls _controls = new();

    [Fact]
    public void Number_keys_and_tab_choose_the_view()
    {
        Assert.Equal("recognition", _controls.View.Name);
        Press(ConsoleKey.D4);
        Assert.Equal("kernel", _controls.View.Name);
        Press(ConsoleKey.Tab, ConsoleKey.Tab, ConsoleKey.Tab, ConsoleKey.Tab);
        Assert.Equal("overview", _controls.View.Name);
        Assert.Equal("maps", new DemoControls(4).View.Name);
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
    public void Arrows_walk_the_kernel_around_its_edges_and_plus_and_minus_change_a_weight()
    {
        Press(ConsoleKey.D4, ConsoleKey.RightArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow);
        Assert.Equal(0, _controls.Cell);
        var before = _controls.Settings;
        Press(ConsoleKey.OemPlus, ConsoleKey.OemPlus, ConsoleKey.OemMinus);
        Assert.Equal(-0.5f, _controls.Settings.Kernel[0]);
        Assert.NotSame(before, _controls.Settings);
        Assert.Equal(-1, before.Kernel[0]);
        for (int i = 0; i < 100; i++)
            Press(ConsoleKey.OemPlus);
        Assert.Equal(16, _controls.Settings.Kernel[0]);
        Press(ConsoleKey.R);
        Assert.Equal(NetworkSettings.Default.Kernel, _controls.Settings.Kernel);
    }

    [Fact]
    public void K_goes_through_the_classical_filters_and_names_each()
    {
        Assert.Null(_controls.Settings.KernelName);
        var expected = Filters.All.Where(filter => filter.Size == 3).ToList();
        foreach (var filter in expected.Append(expected[0]))
        {
            Press(ConsoleKey.K);
            Assert.Equal(filter.Weights, _controls.Settings.Kernel);
            Assert.Equal(filter.Name, _controls.Settings.KernelName);
        }

        Press(ConsoleKey.OemPlus);
        Assert.Null(_controls.Settings.KernelName);
    }

    [Fact]
    public void Stride_padding_and_pooling_go_round()
    {
        Press(ConsoleKey.S, ConsoleKey.P, ConsoleKey.O);
        Assert.Equal((2, PaddingMode.Zero, Pooling.Max3), (_controls.Settings.Stride, _controls.Settings.Padding, _controls.Settings.Pooling));
        Press(ConsoleKey.S, ConsoleKey.S, ConsoleKey.P, ConsoleKey.O, ConsoleKey.O);
        Assert.Equal((1, PaddingMode.Replicate, Pooling.Max2), (_controls.Settings.Stride, _controls.Settings.Padding, _controls.Settings.Pooling));
    }

    [Fact]
    public void Arrows_walk_the_maps_of_the_chosen_layer()
    {
        Press(ConsoleKey.D5, ConsoleKey.UpArrow);
        Assert.Equal(4, _controls.Map);
        Press(ConsoleKey.L, ConsoleKey.L, ConsoleKey.L, ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.LeftArrow, ConsoleKey.Enter);
        Assert.Equal((3, 11, true), (_controls.Layer, _controls.Map, _controls.Solo));
        Press(ConsoleKey.L, ConsoleKey.RightArrow);
        Assert.Equal((0, 0), (_controls.Layer, _controls.Map));
    }

    /// <summary>Each key in the table changes what it says, from a state in which it can; a key that does nothing, or two that do the same, would show.</summary>
    [Theory]
    [InlineData("1 … 6, Tab", ConsoleKey.D2, ConsoleKey.D3, ConsoleKey.D4, ConsoleKey.D5, ConsoleKey.D6, ConsoleKey.Tab)]
    [InlineData("M", ConsoleKey.M)]
    [InlineData("Space", ConsoleKey.Spacebar)]
    [InlineData(".", ConsoleKey.OemPeriod)]
    [InlineData("PgUp PgDn", ConsoleKey.PageUp, ConsoleKey.PageDown)]
    [InlineData("arrows", ConsoleKey.LeftArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow)]
    [InlineData("+ -", ConsoleKey.OemPlus, ConsoleKey.Add, ConsoleKey.OemMinus, ConsoleKey.Subtract)]
    [InlineData("K", ConsoleKey.K)]
    [InlineData("L", ConsoleKey.L)]
    [InlineData("Enter", ConsoleKey.Enter)]
    [InlineData("S", ConsoleKey.S)]
    [InlineData("P", ConsoleKey.P)]
    [InlineData("O", ConsoleKey.O)]
    [InlineData("R", ConsoleKey.R)]
    [InlineData("C", ConsoleKey.C)]
    [InlineData("H", ConsoleKey.H, ConsoleKey.F1)]
    [InlineData("Q, Esc", ConsoleKey.Q, ConsoleKey.Escape)]
    public void Every_key_of_the_help_does_something(string entry, params ConsoleKey[] keys)
    {
        Assert.Single(_controls.Help, help => help.Keys == entry);
        foreach (var key in keys)
        {
            var controls = new DemoControls();
            if (key == ConsoleKey.R)
                controls.Press(new KeyPress(ConsoleKey.S, default, false));
            var before = State(controls);
            Assert.True(controls.Press(new KeyPress(key, default, false)));
            Assert.NotEqual(before, State(controls));
        }
    }

    [Fact]
    public void The_help_lists_the_keys_that_the_test_above_presses_and_no_others()
    {
        Assert.Equal(HelpedKeys, _controls.Help.Select(entry => entry.Keys));
        Assert.All(_controls.Help, entry => Assert.NotEmpty(entry.Meaning));
        Assert.False(_controls.Press(new KeyPress(ConsoleKey.Z, default, false)));
    }

    [Fact]
    public void Steps_add_up_and_are_taken_once()
    {
        Press(ConsoleKey.OemPeriod, ConsoleKey.OemPeriod);
        Assert.Equal((true, 2, 0), (_controls.Paused, _controls.TakeSteps(), _controls.TakeSteps()));
    }

    [Fact]
    public void Pictures_are_turned_over_by_page_keys_in_every_view_and_by_arrows_where_they_choose_nothing_else()
    {
        Press(ConsoleKey.PageDown, ConsoleKey.RightArrow, ConsoleKey.DownArrow, ConsoleKey.LeftArrow);
        Assert.Equal((2, 0, 4), (_controls.TakeTurns(), _controls.TakeTurns(), _controls.Cell));
        Press(ConsoleKey.D4, ConsoleKey.RightArrow, ConsoleKey.D5, ConsoleKey.RightArrow);
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

    private static readonly string[] HelpedKeys = [.. typeof(DemoControlsTests).GetMethod(nameof(Every_key_of_the_help_does_something))!
        .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().SelectMany(row => row.GetData(null!)).Select(row => (string)row[0])];

    // Everything that a key may change. Wishes are taken by asking for them, once.
    private static (string, bool, bool, bool, int, int, int, bool, NetworkSettings, string, bool, int, int) State(DemoControls controls) => (
        controls.View.Name, controls.Paused, controls.ShowsHelp, controls.WantsToQuit, controls.Cell, controls.Layer, controls.Map, controls.Solo,
        controls.Settings, controls.Model.Name, controls.TakeScreenshotWish(), controls.TakeSteps(), controls.TakeTurns());

    private void Press(params ConsoleKey[] keys)
    {
        foreach (var key in keys)
            Assert.True(_controls.Press(new KeyPress(key, default, false)));
    }
}
