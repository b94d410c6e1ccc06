using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Tests.Camera;

namespace RealtimeCnn.Tests.Demo;

public sealed class TimelineTests : IDisposable
{
    private readonly MediaFiles _media = new();

    public void Dispose() => _media.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(15, 1.5)]
    [InlineData(29, 2.9)]
    [InlineData(30, 0)]
    [InlineData(3015, 1.5)]
    public void A_video_that_begins_again_is_at_its_beginning(long number, double seconds)
    {
        var position = VideoPosition.Of(number, 10, TimeSpan.FromSeconds(3.02))!.Value;
        Assert.Equal(seconds, position.At.TotalSeconds, 1e-9);
        Assert.Equal(seconds / 3.02, position.Share, 1e-9);
    }

    [Theory]
    [InlineData(null, 3.0)]
    [InlineData(10.0, null)]
    [InlineData(10.0, 0.0)]
    [InlineData(double.NaN, 3.0)]
    public void What_has_no_length_has_no_position(double? rate, double? seconds) =>
        Assert.Null(VideoPosition.Of(4, rate, seconds is { } known ? TimeSpan.FromSeconds(known) : null));

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
    public void A_run_over_a_video_knows_how_far_it_is()
    {
        var options = new DemoOptions { Source = _media.Pattern("two-seconds.mp4", 64, 48, pictures: 20, rate: 10), Mode = "explore", Delivery = FrameDelivery.Every, Frames = 12 };
        using var models = new ModelShelf();
        using var session = new Session(options, models, remembered: null, _ => { });
        using var scene = new CpuScene(new RunStats());
        new HeadlessRun(options, session, new RunStats(), _ => { }).Run(scene, CancellationToken.None);
        var position = session.Controls.Around.Position!.Value;
        Assert.Equal(1.1, position.At.TotalSeconds, 0.11);
        Assert.Equal(2, position.Length.TotalSeconds, 0.2);
    }
}
