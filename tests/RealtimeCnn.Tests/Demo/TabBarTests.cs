using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Tests.Demo;

/// <summary>Ten modes have room at every size of a window, each with its key.</summary>
public sealed class TabBarTests
{
    private static readonly NamedMode[] Modes = [.. "draw find signs model filters wall why explore doctor teach".Split(' ').Select(name => new NamedMode(name))];

    public static TheoryData<int, int, float> Sizes => new()
    {
        { 320, 240, 1 }, { 640, 360, 1 }, { 640, 480, 1 }, { 854, 480, 1 }, { 1024, 768, 1 }, { 1280, 720, 1 }, { 1920, 1080, 1 }, { 1280, 720, 2 }, { 3840, 2160, 2 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_tab_has_room_and_is_hit_where_it_is(int width, int height, float density)
    {
        float units = width / Screen.ScaleFor(new Size2d(height, width), density);
        foreach (var chosen in Modes)
        {
            Area[] tabs = [.. Enumerable.Range(0, Modes.Length).Select(i => TabBar.AreaOf(Modes, chosen, units, i))];
            for (int i = 0; i < tabs.Length; i++)
            {
                Assert.True(tabs[i].X >= (i == 0 ? Theme.Margin : tabs[i - 1].Right + 1) && tabs[i].Right <= units - Theme.Margin, $"{chosen.Name}: {Modes[i].Name} at {tabs[i]} of {units}");
                Assert.Same(Modes[i], TabBar.At(Modes, chosen, units, tabs[i].X + (tabs[i].Width / 2), tabs[i].Y + (tabs[i].Height / 2)));
            }

            Assert.Null(TabBar.At(Modes, chosen, units, tabs[0].X, tabs[0].Bottom + 1));
        }
    }

    [Fact]
    public void Names_are_shown_from_640_pixels_on_and_below_that_of_the_chosen_mode_alone()
    {
        Assert.All(Modes, mode => Assert.True(WidthAt(640, mode, Modes[0]) > Canvas.TextWidth(mode.Name.Length, Theme.SmallLine)));
        Assert.True(WidthAt(320, Modes[4], Modes[4]) > Canvas.TextWidth(Modes[4].Name.Length, Theme.SmallLine));
        Assert.True(WidthAt(320, Modes[4], Modes[0]) < Canvas.TextWidth(Modes[4].Name.Length, Theme.SmallLine));

        static float WidthAt(int width, Mode mode, Mode chosen) =>
            TabBar.AreaOf(Modes, chosen, width / Screen.ScaleFor(new Size2d(width * 9 / 16, width)), Array.IndexOf(Modes, mode)).Width;
    }

    [Fact]
    public void The_tenth_key_is_0() =>
        Assert.Equal([ConsoleKey.D1, ConsoleKey.D2, ConsoleKey.D9, ConsoleKey.D0], ((int[])[0, 1, 8, 9]).Select(TabBar.KeyOf));

    private sealed class NamedMode(string name) : Mode
    {
        public override string Name => name;

        public override string Purpose => name;

        public override string Hint => name;

        public override ISceneNetwork Network => throw new NotSupportedException();

        public override void Draw(Scene scene, Area where, Surroundings around) => throw new NotSupportedException();
    }
}
