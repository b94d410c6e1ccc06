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
        Press(ConsoleKey.D3);
        Assert.Equal("kernel", _controls.View.Name);
        Press(ConsoleKey.Tab, ConsoleKey.Tab, ConsoleKey.Tab);
        Assert.Equal("overview", _controls.View.Name);
        Assert.Equal("maps", new DemoControls(3).View.Name);
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
        Press(ConsoleKey.RightArrow, ConsoleKey.RightArrow, ConsoleKey.UpArrow);
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
    public void K_goes_through_the_classical_filters()
    {
        Press(ConsoleKey.K);
        Assert.Equal(Filters.Identity.Weights, _controls.Settings.Kernel);
        Press(ConsoleKey.K);
        Assert.Equal(Filters.Emboss.Weights, _controls.Settings.Kernel);
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
        Press(ConsoleKey.D4, ConsoleKey.UpArrow);
        Assert.Equal(4, _controls.Map);
        Press(ConsoleKey.L, ConsoleKey.L, ConsoleKey.L, ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.LeftArrow, ConsoleKey.Enter);
        Assert.Equal((3, 11, true), (_controls.Layer, _controls.Map, _controls.Solo));
        Press(ConsoleKey.L, ConsoleKey.RightArrow);
        Assert.Equal((0, 0), (_controls.Layer, _controls.Map));
    }

    [Fact]
    public void Every_key_of_the_help_means_something_and_others_nothing()
    {
        Assert.Equal(_controls.Help.Select(entry => entry.Keys).Distinct().Count(), _controls.Help.Count());
        Assert.True(_controls.Press(new KeyPress(ConsoleKey.H, default, false)));
        Assert.True(_controls.ShowsHelp);
        Assert.False(_controls.Press(new KeyPress(ConsoleKey.Z, default, false)));
        Assert.False(_controls.TakeScreenshotWish());
        Press(ConsoleKey.C);
        Assert.True(_controls.TakeScreenshotWish());
        Assert.False(_controls.TakeScreenshotWish());
        Press(ConsoleKey.Escape);
        Assert.True(_controls.WantsToQuit);
    }

    private void Press(params ConsoleKey[] keys)
    {
        foreach (var key in keys)
            Assert.True(_controls.Press(new KeyPress(key, default, false)));
    }
}
