using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scripts;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.Demo;

/// <summary>A script's lines become what a user would do, in time.</summary>
public sealed class ScriptTests
{
    [Fact]
    public void Lines_become_deeds_in_their_order()
    {
        var script = Script.Parse(["# a tour", "", "0 mode find   # with a remark", "0.5 key t", "15f wheel 10 20 -1", "1 shot a b.png", "1 scene shift", "1 say Look at this.", "1 type cup 2", "2 say", "2 quit"]);
        Assert.Equal(
            [
                new ScriptAction.Mode(new ScriptTime(0, false), "find"), new ScriptAction.Key(new ScriptTime(0.5, false), new KeyPress(ConsoleKey.T, default, false)),
                new ScriptAction.Pointer(new ScriptTime(15, true), new PointerEvent(PointerAction.Scrolled, 10, 20, Wheel: -1)),
                new ScriptAction.Shot(new ScriptTime(1, false), "a b.png"), new ScriptAction.Scene(new ScriptTime(1, false), "shift"),
                new ScriptAction.Say(new ScriptTime(1, false), "Look at this."), new ScriptAction.Type(new ScriptTime(1, false), "cup 2"), new ScriptAction.Say(new ScriptTime(2, false), ""), new ScriptAction.Quit(new ScriptTime(2, false)),
            ],
            script.Actions);
    }

    [Theory]
    [InlineData("1 hold 3 0.5", 1, false, 1.5)]
    [InlineData("30f hold 3 15f", 30, true, 45)]
    [InlineData("30f hold 3 0.5", 30, true, 45)]
    [InlineData("1 hold 3 15f", 1, false, 1.5)]
    public void A_key_that_is_held_goes_up_after_its_time(string line, double from, bool areFrames, double to) =>
        Assert.Equal([new ScriptAction.Hold(new ScriptTime(from, areFrames), ConsoleKey.D3), new ScriptAction.Release(new ScriptTime(to, areFrames), ConsoleKey.D3)], Script.Parse([line]).Actions);

    [Fact]
    public void A_drag_presses_goes_along_its_way_in_its_time_and_lets_go()
    {
        var pointers = Script.Parse(["1 drag 0 0 30 60 0.1 right"]).Actions.Cast<ScriptAction.Pointer>().ToList();
        Assert.Equal(
            [PointerAction.Moved, PointerAction.Pressed, PointerAction.Moved, PointerAction.Moved, PointerAction.Moved, PointerAction.Released],
            pointers.Select(pointer => pointer.Used.Action));
        Assert.Equal((10f, 20f), (pointers[2].Used.X, pointers[2].Used.Y));
        Assert.Equal((30f, 60f, PointerButton.Right), (pointers[^1].Used.X, pointers[^1].Used.Y, pointers[^1].Used.Button));
        Assert.Equal(1.1, pointers[^1].Time.Amount, 1e-9);
    }

    [Theory]
    [InlineData("soon key t", "line 2", "in seconds, 1.5, or in pictures, 45f")]
    [InlineData("-1 key t", "line 2", "in seconds")]
    [InlineData("2 jump", "line 2", "possible are: key NAME, hold NAME SECONDS, click X Y")]
    [InlineData("2", "line 2", "possible are")]
    [InlineData("2 key hyper", "line 2", "key NAME, a letter, a digit, or one of: space")]
    [InlineData("2 hold 3", "line 2", "hold NAME SECONDS")]
    [InlineData("2 hold 3 0f", "line 2", "hold NAME SECONDS")]
    [InlineData("2 type", "line 2", "type LETTERS")]
    [InlineData("2 mode sleep", "line 2", "one of: draw, find")]
    [InlineData("2 scene sleep", "line 2", "one of: stack, dilation")]
    [InlineData("2 click 1", "line 2", "click X Y")]
    [InlineData("2 drag 1 2 3", "line 2", "drag X Y X Y")]
    [InlineData("2 drag 1 2 3 4 0", "line 2", "drag X Y X Y")]
    [InlineData("2 move NaN 3", "line 2", "move X Y")]
    [InlineData("2 shot a.jpg", "line 2", "shot FILE.png")]
    [InlineData("0.5 quit", "line 2", "before the line above")]
    public void A_line_that_says_nothing_that_can_be_done_is_named_with_what_is_possible(string line, params string[] mentions)
    {
        string message = Assert.Throws<ScriptException>(() => Script.Parse(["1 key a", line], "tour.txt")).Message;
        Assert.All([.. mentions, "tour.txt", $"'{line}'"], mention => Assert.Contains(mention, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Deeds_are_done_when_their_time_has_come_and_once()
    {
        using var models = new ModelShelf();
        using var modes = new ModeList(models);
        var controls = new DemoControls(modes, "model");
        var player = new ScriptPlayer(Script.Parse(["1 key space", "40f mode find", "2 shot a.png", "2 quit"]));
        Assert.False(player.Play(TimeSpan.FromSeconds(0.9), 27, controls));
        Assert.True(player.Play(TimeSpan.FromSeconds(1.1), 33, controls));
        Assert.Equal((true, "model"), (controls.Paused, controls.Mode.Name));
        // Seconds that have come do not overtake the pictures before them.
        player.Play(TimeSpan.FromSeconds(3), 39, controls);
        Assert.Equal((false, "model"), (controls.WantsToQuit, controls.Mode.Name));
        player.Play(TimeSpan.FromSeconds(3), 40, controls);
        Assert.Equal((true, true, "find", true), (controls.WantsToQuit, player.IsOver, controls.Mode.Name, controls.Paused));
        Assert.Equal(("a.png", null), (player.TakeShot(), player.TakeShot()));
    }
}
