using RealtimeCnn.App;
using RealtimeCnn.Camera;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Tests.App;

public class CameraAppTests
{
    private static readonly CameraAppOptions Headless = new() { Window = false, Size = new Size2d(240, 320), Labels = ["red", "green", "blue"] };

    [Theory]
    [InlineData("gpu", "gpu")]
    [InlineData("cpu", "cpu")]
    public void The_hello_world_shows_the_picture_with_its_label_and_box(string backend, string choice)
    {
        using var graph = MeanColour();
        using var app = CameraApp.Open("pattern:320x240@30", graph, Headless with { Backend = backend });
        Assert.StartsWith(choice, app.Choice, StringComparison.Ordinal);
        int frames = 0;
        var winners = new HashSet<string>();
        app.Run(frame =>
        {
            winners.Add(frame.Prediction.Top1.Name);
            frame.Overlay.Label(frame.Prediction.Top1);
            frame.Overlay.Box(new Detection(4, 4, 12, 12, 0, 1), "here");
            if (++frames == 3)
                frame.Close();
        });
        Assert.Equal(3, frames);
        Assert.All(winners, winner => Assert.Contains(winner, Headless.Labels!));
        var (pixels, format) = app.ReadPicture();
        int white = 0;
        for (int i = 0; i < pixels.Length; i += 4)
            white += Math.Min(pixels[i], Math.Min(pixels[i + 1], pixels[i + 2])) > 180 && i / 4 / format.Width < 40 ? 1 : 0;
        Assert.True(white > 20, $"{white} white pixels where the label should be.");

        // The box's left edge: 4 of 16 input pixels into the centred crop of 240 of 320 pixels.
        int edge = ((120 * format.Width) + 40 + 60 + 1) * 4;
        Assert.True(pixels[edge] > 200 && pixels[edge + 2] < 140, $"the box's edge is ({pixels[edge]}, {pixels[edge + 1]}, {pixels[edge + 2]})");
    }

    [Theory]
    [InlineData(GlClientApi.Desktop, @"^OpenGL \d")]
    [InlineData(GlClientApi.Embedded, @"^OpenGL ES \d")]
    public void The_app_runs_in_the_OpenGL_that_it_is_asked_for(GlClientApi api, string attached)
    {
        var log = new CollectingLogger();
        using var graph = MeanColour();
        using (var app = CameraApp.Open("pattern:320x240@30", graph, Headless with { Backend = "gpu", Gl = new() { Api = api }, Logger = log }))
            app.Run(frame => frame.Close());
        Assert.Contains(log.Entries, entry => System.Text.RegularExpressions.Regex.IsMatch(entry.Text, attached));
    }

    [Fact]
    public void A_picture_is_shown_and_the_app_ends_with_its_source()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
        byte[] pixels = new byte[24 * 24 * 3];
        for (int i = 1; i < pixels.Length; i += 3)
            pixels[i] = 200;
        Png.Write(path, pixels, new FrameFormat(24, 24, PixelFormat.Rgb));
        try
        {
            using var graph = MeanColour();
            using var app = CameraApp.Open(path, graph, Headless with { Delivery = FrameDelivery.Every });
            string winner = "";
            app.Run(frame => winner = frame.Prediction.Top1.Name);
            Assert.Equal("green", winner);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Left_to_itself_an_app_says_in_one_line_where_it_runs_and_why()
    {
        using var graph = MeanColour();
        using var app = CameraApp.Open("pattern:320x240@30", graph, Headless);
        int results = 0;
        app.ResultArrived += (_, _) => results++;
        app.Run(frame => frame.Close());
        Assert.True(results > 0);
        Assert.Matches("^(gpu|cpu).*: .*[.]$", app.Choice);
        Assert.DoesNotContain('\n', app.Choice);
        Assert.Contains("'tpu' is no backend", Assert.Throws<ArgumentException>(() => CameraApp.Open("pattern", graph, Headless with { Backend = "tpu" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_cancelled_ends()
    {
        using var graph = MeanColour();
        using var enough = new CancellationTokenSource();
        using var app = CameraApp.Open("pattern:320x240@100", graph, Headless with { Backend = "cpu" });
        int frames = 0;
        app.Run(
            _ =>
            {
                if (++frames == 3)
                    enough.Cancel();
            },
            enough.Token);
        Assert.Equal(3, frames);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu")]
    public async Task A_feed_gives_results_until_it_is_left(string backend)
    {
        using var graph = MeanColour();
        long before = -1;
        int count = 0;
        await foreach (var result in CameraFeed.Open("pattern:64x48@100", graph, Headless with { Backend = backend }))
        {
            Assert.True(result.Sequence > before);
            Assert.Equal(3, result.Outputs[0].Shape.Count);
            before = result.Sequence;
            if (++count == 3)
                break;
        }

        Assert.Equal(3, count);
    }

    [Fact]
    public async Task A_feed_ends_with_its_source_and_throws_what_went_wrong()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
        Png.Write(path, new byte[24 * 24 * 3], new FrameFormat(24, 24, PixelFormat.Rgb));
        try
        {
            using var graph = MeanColour();
            var results = new List<long>();
            await foreach (var result in CameraFeed.Open(path, graph, Headless with { Delivery = FrameDelivery.Every, Backend = "cpu" }))
                results.Add(result.Sequence);
            Assert.Equal([0], results);

            var missing = await Assert.ThrowsAsync<CameraException>(async () => await CameraFeed.Open("no-such-file.mp4", graph).GetAsyncEnumerator().MoveNextAsync());
            Assert.Contains("no-such-file.mp4", missing.Message, StringComparison.Ordinal);
            using var cancelled = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var result in CameraFeed.Open("pattern:64x48@100", graph, Headless with { Backend = "cpu" }, cancelled.Token))
                    cancelled.Cancel();
            });
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_source_that_does_not_exist_is_named()
    {
        using var graph = MeanColour();
        Assert.Contains("no-such-file.mp4", Assert.Throws<CameraException>(() => CameraApp.Open("no-such-file.mp4", graph, Headless)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_no_classifier_s_says_so()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Relu(), builder.Input("x", new Shape(1, 3, 16, 16))));
        using var app = CameraApp.Open("pattern:320x240@30", graph, Headless);
        Assert.Contains("[1, 3, 16, 16]", Assert.Throws<InvalidOperationException>(() => app.Run(frame => _ = frame.Prediction)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_was_handed_in_stays_the_callers()
    {
        using var graph = MeanColour();
        using var source = new TestPatternSource(320, 240, 30);
        for (int run = 0; run < 2; run++)
        {
            using var app = CameraApp.Open(source, graph, Headless);
            app.Run(frame => frame.Close());
            Assert.True(app.FramesProcessed > 0);
        }

        Assert.Equal(SourceState.Streaming, source.Status.State);
        using var frame = source.Take(TimeSpan.FromSeconds(30));
        Assert.NotNull(frame);
    }

    [Fact]
    public void Without_a_window_the_loop_waits_for_pictures_instead_of_spinning()
    {
        using var graph = MeanColour();
        using var source = new SilentSource();
        using var app = CameraApp.Open(source, graph, Headless);
        using var end = new Timer(_ => app.Close(), null, TimeSpan.FromMilliseconds(500), Timeout.InfiniteTimeSpan);
        app.Run(_ => { });
        Assert.InRange(source.Asked, 1, 2000); // Half a second of naps; spinning asks tens of thousands of times.
    }

    /// <summary>A camera that never has a picture, and counts how often it was asked.</summary>
    private sealed class SilentSource : IFrameSource
    {
        public event EventHandler<SourceStatus>? StatusChanged;

        public int Asked { get; private set; }

        public string Name => "silent";

        public SourceStatus Status { get; private set; }

        public void Start(FrameDelivery delivery = FrameDelivery.Latest, IFrameAllocator? allocator = null)
        {
            Status = Status with { State = SourceState.Streaming, Reason = "" };
            StatusChanged?.Invoke(this, Status);
        }

        public Frame? TryTake()
        {
            Asked++;
            return null;
        }

        public Frame? Take(TimeSpan timeout, CancellationToken cancellation = default) => null;

        public void Dispose()
        {
        }
    }

    /// <summary>A classifier whose logits are the picture's mean red, green and blue.</summary>
    private static Graph MeanColour()
    {
        var builder = new GraphBuilder();
        var weight = new Tensor(new Shape(3, 1, 16, 16));
        weight.Span.Fill(1 / 256f);
        var x = builder.Input("image", new Shape(1, 3, 16, 16));
        return builder.Build(builder.Add(new DepthwiseConv2d(3, 16) { HasBias = false }, x, [weight], "scores"));
    }
}
