using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.Demo;

/// <summary>What the keys do to a source: hold, step, turn over.</summary>
public sealed class PlaybackTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-playback-").FullName;
    private readonly ModelShelf _models = new();
    private readonly ModeList _modes;
    private readonly DemoControls _controls;
    private readonly List<string> _notices = [];

    [Fact]
    public void A_pause_loses_no_frame_and_a_step_shows_the_next_one()
    {
        using var playback = Open("pattern:64x48@100", FrameDelivery.Every);
        long before = Take(playback).Sequence;
        Press(ConsoleKey.Spacebar);
        Assert.True(playback.Obey(_controls));
        using (var extra = playback.Take(TimeSpan.FromMilliseconds(300), CancellationToken.None))
            Assert.Null(extra);
        for (int step = 0; step < 3; step++)
        {
            Press(ConsoleKey.OemPeriod);
            playback.Obey(_controls);
            long stepped = Take(playback).Sequence;
            Assert.Equal(before + 1, stepped);
            before = stepped;
        }

        Press(ConsoleKey.Spacebar);
        playback.Obey(_controls);
        Assert.Equal(before + 1, Take(playback).Sequence);
        Assert.Equal(0, playback.Status.FramesDropped);
    }

    [Fact]
    public void A_folder_stays_at_a_picture_and_is_turned_over()
    {
        for (int i = 0; i < 3; i++)
            Write($"{i}.png", 64 + (8 * i));
        using var playback = Open(_folder, FrameDelivery.Latest);
        Assert.Equal(64, Take(playback).Width);
        Assert.Equal("1 / 3 0.png", playback.Name);
        Turn(playback, ConsoleKey.PageDown, 72);
        Assert.Equal("2 / 3 1.png", playback.Name);
        Turn(playback, ConsoleKey.RightArrow, 80);
        Turn(playback, ConsoleKey.LeftArrow, 72);
        Assert.False(playback.HasEnded);
    }

    [Fact]
    public void A_damaged_picture_of_a_folder_is_named()
    {
        Write("a.png", 64);
        File.WriteAllText(Path.Combine(_folder, "broken.png"), "no picture");
        Write("c.png", 80);
        using var playback = Open(_folder, FrameDelivery.Every, loop: false);
        Assert.Equal(64, Take(playback).Width);
        Assert.Equal(80, Take(playback).Width);
        Assert.Contains("broken.png", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_pictures_beside_each_other_are_each_named_once()
    {
        File.WriteAllText(Path.Combine(_folder, "a.png"), "no picture");
        File.WriteAllText(Path.Combine(_folder, "b.png"), "none either");
        Write("c.png", 64);
        Write("d.png", 72);
        using var playback = Open(_folder, FrameDelivery.Every, loop: false);
        Assert.Equal(64, Take(playback).Width);
        Assert.Equal(72, Take(playback).Width);
        Assert.Collection(
            _notices,
            notice => Assert.Contains("a.png", notice, StringComparison.Ordinal),
            notice => Assert.Contains("b.png", notice, StringComparison.Ordinal));
    }

    public PlaybackTests() => _controls = new DemoControls(_modes = new ModeList(_models), "model");

    public void Dispose()
    {
        _modes.Dispose();
        _models.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Playback Open(string source, FrameDelivery delivery, bool? loop = null) =>
        new(new DemoOptions { Source = source, Delivery = delivery }, null, _notices.Add, loop);

    private void Write(string name, int width) => Png.Write(Path.Combine(_folder, name), new byte[width * 48 * 3], new FrameFormat(width, 48, PixelFormat.Rgb));

    private void Press(ConsoleKey key) => Assert.True(_controls.Press(new KeyPress(key, default, false)));

    // Pictures that were on their way when the key went down may come first.
    private void Turn(Playback playback, ConsoleKey key, int width)
    {
        Press(key);
        playback.Obey(_controls);
        var deadline = FrameClock.Now + Patience;
        while (Take(playback).Width != width)
            Assert.True(FrameClock.Now < deadline, $"The picture of {width} pixels never came.");
    }

    private static (long Sequence, int Width) Take(Playback playback)
    {
        using var frame = playback.Take(Patience, CancellationToken.None);
        Assert.NotNull(frame);
        return (frame.Sequence, frame.Format.Width);
    }
}
