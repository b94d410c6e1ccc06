using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>Pausing, stepping, browsing and looping.</summary>
public sealed class PlaybackTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(150);
    private readonly MediaFiles _media = new();

    public void Dispose() => _media.Dispose();

    [Theory]
    [InlineData("film.mkv", FrameDelivery.Latest)]
    [InlineData("film.mkv", FrameDelivery.Every)]
    [InlineData("take.rtcnn", FrameDelivery.Latest)]
    [InlineData("take.rtcnn", FrameDelivery.Every)]
    [InlineData("pattern:64x48@100", FrameDelivery.Latest)]
    public void Paused_nothing_comes_and_each_advance_brings_exactly_the_next(string word, FrameDelivery delivery)
    {
        using var source = FrameSources.Open(Prepare(word));
        var playback = source.Playback!;
        source.Start(delivery);
        long last = Take(source);
        playback.Pause();
        Assert.True(playback.IsPaused);
        Assert.Null(source.Take(Moment));
        // One may have been on its way when the pause came; from the first step on, none is left out.
        playback.Advance();
        long next = Take(source);
        Assert.InRange(next, last + 1, delivery == FrameDelivery.Every ? last + 1 : long.MaxValue);
        long dropped = source.Status.FramesDropped;
        for (int i = 1; i <= 20; i++)
        {
            playback.Advance();
            Assert.Equal(next + i, Take(source));
            Assert.Null(source.TryTake());
        }

        Assert.Null(source.Take(Moment));
        Assert.Equal(dropped, source.Status.FramesDropped);
        playback.Play();
        Assert.Equal(next + 21, Take(source));
    }

    [Fact]
    public void A_pause_takes_no_time_of_the_film()
    {
        using var source = FrameSources.Open(Prepare("film.mkv"));
        source.Start();
        Take(source);
        source.Playback!.Pause();
        long before = source.Status.FramesIn;
        Assert.Null(source.Take(TimeSpan.FromMilliseconds(800)));
        Assert.InRange(source.Status.FramesIn, before, before + 1);
        source.Playback.Play();
        // At 100 pictures a second, a film that went on behind would be 80 further.
        Assert.InRange(Take(source), before - 1, before + 40);
    }

    [Fact]
    public void Started_while_paused_it_waits_for_the_first_step()
    {
        using var source = FrameSources.Open(Prepare("film.mkv"));
        source.Playback!.Pause();
        source.Start();
        Assert.Null(source.Take(TimeSpan.FromMilliseconds(500)));
        source.Playback.Advance();
        Assert.Equal(0, Take(source));
    }

    [Fact]
    public void Steps_that_come_faster_than_they_are_taken_add_up()
    {
        using var source = new TestPatternSource(64, 48, 30);
        source.Playback!.Pause();
        source.Start();
        for (int i = 0; i < 3; i++)
            source.Playback.Advance();
        Assert.Equal([0L, 1, 2], [Take(source), Take(source), Take(source)]);
        Assert.Null(source.Take(Moment));
    }

    [Fact]
    public void A_paused_film_ends_only_when_it_is_stepped_over_its_end()
    {
        using var source = new TestPatternSource(64, 48, 30, pictures: 2);
        source.Playback!.Pause();
        source.Start();
        source.Playback.Advance();
        Assert.Equal(0, Take(source));
        source.Playback.Advance();
        Assert.Equal(1, Take(source));
        Assert.Null(source.Take(Moment));
        Assert.Equal(SourceState.Streaming, source.Status.State);
        source.Playback.Advance();
        Assert.Null(source.Take(Patience));
        Assert.Equal(SourceState.Ended, source.Status.State);
    }

    [Fact]
    public void Disposal_does_not_wait_for_the_end_of_a_pause()
    {
        var source = FrameSources.Open(Prepare("film.mkv"));
        source.Start(FrameDelivery.Every);
        Take(source);
        source.Playback!.Pause();
        source.Dispose();
        Assert.Equal("closed", source.Status.Reason);
    }

    [Fact]
    public void Live_sources_cannot_wait()
    {
        using var camera = FrameSources.Open("camera:0");
        using var stream = FrameSources.Open("http://127.0.0.1:1/stream");
        using var film = FrameSources.Open("http://127.0.0.1:1/film.mp4");
        Assert.Null(camera.Playback);
        Assert.Null(stream.Playback);
        Assert.NotNull(film.Playback);
        Assert.Null(camera.Album);
    }

    [Theory]
    [InlineData("film.mkv")]
    [InlineData("take.rtcnn")]
    public void A_file_begins_again_in_live_use_and_ends_when_each_picture_is_wanted(string word)
    {
        string path = Prepare(word, pictures: 5);
        using (var live = FrameSources.Open(path))
        {
            live.Start();
            while (Take(live) < 12)
            {
            }
        }

        foreach (var (delivery, loop) in ((FrameDelivery, bool?)[])[(FrameDelivery.Every, null), (FrameDelivery.Latest, false)])
        {
            using var once = FrameSources.Open(path, new CameraOptions { Loop = loop });
            once.Start(delivery);
            while (once.Take(Patience) is { } frame)
                frame.Dispose();
            Assert.Equal((SourceState.Ended, 5L), (once.Status.State, once.Status.FramesIn));
        }
    }

    [Fact]
    public void A_photograph_stays_as_long_as_it_is_looked_at_and_is_not_made_in_vain()
    {
        using var source = FrameSources.Open(Picture("one.png", 10));
        source.Start();
        for (int i = 0; i < 4; i++)
            Assert.Equal(i, Take(source));
        Assert.Null(Record.Exception(() => Assert.True(SpinWait.SpinUntil(() => source.Status.FramesIn == 5, Patience))));
        using var later = new ManualResetEventSlim();
        later.Wait(500);
        Assert.Equal((SourceState.Streaming, 5, 0), (source.Status.State, source.Status.FramesIn, source.Status.FramesDropped));
    }

    [Fact]
    public void A_folder_is_browsed_round_and_round_past_what_is_damaged()
    {
        string folder = Directory.CreateDirectory(_media.PathOf("album")).FullName;
        foreach (var (name, size) in ((string, int)[])[("a.png", 10), ("b.png", 20), ("d.png", 40)])
            Picture(Path.Combine("album", name), size);
        File.WriteAllText(Path.Combine(folder, "c.png"), "no picture");
        using var source = FrameSources.Open(folder);
        var album = source.Album!;
        source.Start();
        Assert.Equal((10, "a.png", 4), (Width(source), album.CurrentName, album.Count));
        Assert.Equal(10, Width(source));
        album.ShowNext();
        AwaitWidth(source, 20);
        album.ShowNext();
        AwaitWidth(source, 40);
        Assert.Equal((3, "d.png"), (album.Index, album.CurrentName));
        Assert.Contains("c.png", source.Status.Damage, StringComparison.Ordinal);
        album.ShowNext();
        AwaitWidth(source, 10);
        album.ShowPrevious();
        AwaitWidth(source, 40);
        album.ShowPrevious();
        AwaitWidth(source, 20);

        source.Playback!.Pause();
        while (source.TryTake() is { } waiting)
            waiting.Dispose();
        Assert.Null(source.Take(Moment));
        album.ShowPrevious();
        AwaitWidth(source, 10);
        Assert.Null(source.Take(Moment));
        source.Playback.Advance();
        AwaitWidth(source, 20);
        Assert.Equal(1, source.Status.FramesCorrupt);
    }

    private string Prepare(string word, int pictures = 400)
    {
        if (word.StartsWith("pattern", StringComparison.Ordinal))
            return word;
        if (!word.EndsWith(FrameRecorder.Extension, StringComparison.Ordinal))
            return _media.Pattern(word, 64, 48, pictures, 100, "-c:v", "ffv1", "-pix_fmt", "bgra");
        using var recorder = new FrameRecorder(_media.PathOf(word));
        using var pattern = new TestPatternSource(64, 48, 100, pictures);
        pattern.Start(FrameDelivery.Every);
        while (pattern.Take(Patience) is { } frame)
        {
            using (frame)
                recorder.Add(frame);
        }

        return _media.PathOf(word);
    }

    private string Picture(string name, int size)
    {
        Png.Write(_media.PathOf(name), new byte[size * size * 3], new FrameFormat(size, size, PixelFormat.Rgb));
        return _media.PathOf(name);
    }

    private static long Take(IFrameSource source)
    {
        using var frame = source.Take(Patience);
        Assert.True(frame is not null, $"{source.Status}");
        return frame.Sequence;
    }

    private static int Width(IFrameSource source)
    {
        using var frame = source.Take(Patience);
        return frame!.Format.Width;
    }

    // Pictures of the one before may wait to be taken when the move comes.
    private static void AwaitWidth(IFrameSource source, int width)
    {
        int seen = Width(source);
        for (int tries = 0; seen != width && tries < 10 && source.Playback!.IsPaused == false; tries++)
            seen = Width(source);
        Assert.Equal(width, seen);
    }
}
