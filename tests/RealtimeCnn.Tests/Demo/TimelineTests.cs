using RealtimeCnn.Camera;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.Camera;

namespace RealtimeCnn.Tests.Demo;

public sealed class TimelineTests : IDisposable
{
    private readonly MediaFiles _media = new();

    public void Dispose() => _media.Dispose();

    [Fact]
    public void The_bar_is_as_long_as_the_part_that_was_seen()
    {
        var canvas = new CpuCanvas();
        canvas.Begin(400, 100, Color.Black);
        Timeline.Draw(canvas, new VideoPosition(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)), new Area(0, 0, 400, 100), new Surroundings());
        // Amber up to a quarter, and gray from there on.
        Assert.Equal([0xF6, 0xF6, 0x22, 0x22], new[] { 2, 97, 103, 390 }.Select(x => (int)canvas.Pixels[((98 * 400) + x) * 4]));
    }

    [Fact]
    public void A_video_of_unknown_length_has_a_bar_that_says_so_and_cannot_be_hit()
    {
        var canvas = new CpuCanvas();
        canvas.Begin(400, 100, Color.Black);
        Surroundings unknown = new() { Pointer = (100, 98) }, known = new() { Pointer = (100, 98) };
        Timeline.Draw(canvas, new VideoPosition(TimeSpan.FromSeconds(15), Length: null), new Area(0, 0, 400, 100), unknown);
        Assert.Equal([0x22, 0x22], new[] { 2, 390 }.Select(x => (int)canvas.Pixels[((98 * 400) + x) * 4]));
        Assert.Equal((0, true), (unknown.Timeline.Width, unknown.Tip!.Contains("does not say", StringComparison.Ordinal)));
        Timeline.Draw(canvas, new VideoPosition(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)), new Area(0, 0, 400, 100), known);
        Assert.True(known.Timeline.Contains(100, 98));
        // Under the mouse it has a handle, which is higher than the bar.
        Assert.Equal(0xF6, canvas.Pixels[((95 * 400) + 100) * 4]);
    }

    [Fact]
    public void Keys_and_a_drag_on_the_bar_choose_a_time()
    {
        using var models = new ModelShelf();
        using var modes = new ModeList(models);
        var controls = new DemoControls(modes, "model") { Around = { Position = new VideoPosition(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60)) } };
        Press(ConsoleKey.RightArrow, ConsoleKey.RightArrow, ConsoleKey.LeftArrow);
        Assert.Equal(25, controls.TakeSeek()?.TotalSeconds);
        Assert.Null(controls.TakeSeek());
        Press(ConsoleKey.End, ConsoleKey.RightArrow);
        Assert.Equal(60, controls.TakeSeek()?.TotalSeconds);
        Press(ConsoleKey.Home);
        Assert.Equal(0, controls.TakeSeek()?.TotalSeconds);
        controls.Around.Timeline = new Area(100, 700, 1000, 10);
        Point(PointerAction.Moved, 200);
        Assert.Null(controls.TakeSeek());
        Point(PointerAction.Pressed, 350);
        Assert.Equal((15, 15), (controls.TakeSeek()?.TotalSeconds, controls.Around.Position?.At.TotalSeconds));
        // Whoever holds it may leave the bar, and the window's edge is an end of the video.
        Point(PointerAction.Moved, 600, 300);
        Assert.Equal(30, controls.TakeSeek()?.TotalSeconds);
        Point(PointerAction.Moved, 5000, 300);
        Assert.Equal(60, controls.TakeSeek()?.TotalSeconds);
        Point(PointerAction.Released, 600, 300);
        Point(PointerAction.Moved, 700);
        Assert.Null(controls.TakeSeek());
        controls.Around.Position = new VideoPosition(TimeSpan.FromSeconds(20), Length: null);
        Press(ConsoleKey.RightArrow);
        Assert.Null(controls.TakeSeek());
        Assert.Contains("does not say how long", controls.Message, StringComparison.Ordinal);

        void Press(params ConsoleKey[] keys) => Assert.All(keys, key => Assert.True(controls.Press(new KeyPress(key, default, false))));

        void Point(PointerAction action, float x, float y = 705) => controls.PointAt(new PointerEvent(action, x, y, action == PointerAction.Moved ? PointerButton.None : PointerButton.Left));
    }

    /// <summary>What is drawn after a jump is, to the last pixel, what a run in turn draws there, boxes and answers included; in a pause, too.</summary>
    [Fact]
    public void A_jump_shows_what_is_there_and_what_the_network_says_of_that()
    {
        string film = _media.PathOf("digits.mkv");
        MediaFiles.Ffmpeg("-i", Written(), "-c:v", "ffv1", "-pix_fmt", "bgra", film);
        string Shot(string name) => _media.PathOf($"{name}.png");
        Area bar = default;
        Play("1f quit");
        (int left, int right, int middle) = ((int)(bar.X + (bar.Width / 4)), (int)(bar.X + (bar.Width / 2)), (int)(bar.Y + (bar.Height / 2)));
        Play("3f key space", $"3f shot {Shot("paused")}", "4f key end", $"5f shot {Shot("end")}", $"6f shot {Shot("still")}", "7f key home", "7f key space", $"8f shot {Shot("start")}",
            $"9f drag {left} {middle} {right} {middle} 0.1", $"12f shot {Shot("dragged")}", "12f quit");
        Play($"8f shot {Shot("half")}", $"15f shot {Shot("last")}", "15f quit");
        Assert.Equal(Picture("last"), Picture("end"));
        Assert.Equal(Picture("last"), Picture("still"));
        Assert.NotEqual(Picture("last"), Picture("paused"));
        Assert.Equal(Picture("half"), Picture("dragged"));
        Assert.NotEqual(Picture("last"), Picture("half"));

        void Play(params string[] script)
        {
            using var run = new Played("find", film, script);
            run.Play(session => bar = session.Controls.Around.Timeline);
        }

        // All but the measurements, the time and the bar.
        string Picture(string name)
        {
            var at = DrawnPixels.Load(Shot(name));
            return string.Join(' ', Enumerable.Range(0, 150 * 100).Select(i => at((i % 150) * 8, 60 + ((i / 150) * 6))));
        }
    }

    [Fact]
    public void A_run_with_jumps_is_recorded_and_replayed_to_the_same_results()
    {
        string film = _media.PathOf("digits.mkv"), take = _media.PathOf("take.rtcnn"), script = _media.PathOf("script.txt");
        MediaFiles.Ffmpeg("-i", Written(), "-c:v", "ffv1", "-pix_fmt", "bgra", film);
        File.WriteAllLines(script, ["2f click 400 678", "4f key space", "5f key left", "6f key space", "8f click 900 678", "10f key end", "10f quit"]);
        Run(0, "--source", film, "--mode", "find", "--script", script, "--record", take, "--window", "none", "--backend", "cpu");
        string log = File.ReadAllText(take + ".jsonl");
        foreach (string place in (string[])["0.4", "1.1", "1.5"])
            Assert.Contains($"\"at\":{place},\"length\":1.6", log, StringComparison.Ordinal);
        Assert.Matches("([5-9]|[0-9]{2}) results, \\1 equal bit for bit", Run(0, "--replay", take, "--window", "none"));

        static string Run(int expected, params string[] arguments)
        {
            using var messages = new StringWriter();
            int code = DemoOptions.Parse(arguments, messages, options => new DemoApp(options, messages).Run(CancellationToken.None));
            Assert.True(code == expected, messages.ToString());
            return messages.ToString();
        }
    }

    [Fact]
    public void A_run_over_a_video_knows_how_far_it_is()
    {
        var options = new DemoOptions { Source = _media.Pattern("two-seconds.mp4", 64, 48, pictures: 20, rate: 10), Mode = "explore", Delivery = FrameDelivery.Every, Frames = 12 };
        using var models = new ModelShelf();
        using var session = new Session(options, models, remembered: null, _ => { });
        using var scene = new CpuScene(new RunStats());
        new HeadlessRun(options, session, new RunStats(), _ => { }).Run(scene, CancellationToken.None);
        var position = session.Controls.Around.Position!.Value;
        Assert.Equal(1.1, position.At.TotalSeconds, 0.11);
        Assert.Equal(2, position.Length!.Value.TotalSeconds, 0.2);
    }

    // Sixteen pictures of a sheet with digits, in which no picture is like another.
    private string Written()
    {
        string path = _media.PathOf("written.nut");
        if (File.Exists(path))
            return path;
        byte[] pixels = new byte[160 * 120 * 4];
        using var numbers = new WrittenNumbersSource(160, 120);
        string raw = _media.PathOf("written.raw");
        using (var file = File.Create(raw))
        {
            for (int i = 0; i < 16; i++)
            {
                numbers.Draw(i * 5, pixels, new WrittenDigit[WrittenNumbersSource.Count]);
                file.Write(pixels);
            }
        }

        MediaFiles.Ffmpeg("-f", "rawvideo", "-pixel_format", "rgba", "-video_size", "160x120", "-framerate", "10", "-i", raw, "-c:v", "rawvideo", path);
        return path;
    }
}
