using System.Numerics;
using RealtimeCnn.App;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.Tests.App;

/// <summary>What a camera's app says of things that are followed, and how it draws them.</summary>
public sealed class TrackedAppTests
{
    [Fact]
    public void A_thing_that_stays_is_one_track_and_is_drawn_in_its_colour()
    {
        using var graph = OneBox();
        using var app = CameraApp.Open("pattern:128x128@60", graph, new CameraAppOptions { Window = false, Size = new Size2d(128, 128), Backend = "cpu", Detector = new CentreHead(), Labels = ["cat", "dog"] });
        long allocated = long.MaxValue;
        int frames = 0;
        app.Run(frame =>
        {
            var track = Assert.Single(frame.Tracks);
            Assert.Equal((1L, 0, 0), (track.Id, track.Missed, track.Box.Class));
            Assert.Equal(frame.Detections[0].Left, track.Box.Left, 1e-3f);
            Assert.Same(graph, frame.Result.Network.Source);
            long before = GC.GetAllocatedBytesForCurrentThread();
            frame.Overlay.Tracks(frame.Tracks);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            if (++frames == 20)
                frame.Close();
        });
        Assert.Equal(0, allocated);
        var (pixels, format) = app.ReadPicture();

        // The box's left edge, at 12 of 32 pixels of the input, between 4 and 20.
        int edge = ((60 * format.Width) + 48 + 1) * 4;
        var color = ClassColors.Of(0);
        Assert.Equal((Byte(color.R), Byte(color.G), Byte(color.B)), (pixels[edge], pixels[edge + 1], pixels[edge + 2]));

        static byte Byte(float part) => (byte)((part * 255) + 0.5f);
    }

    [Fact]
    public void Landmarks_of_a_track_are_drawn_and_paler_while_it_is_lost()
    {
        var canvas = new CpuCanvas();
        canvas.Begin(100, 100, Color.Black);
        var overlay = new Overlay(null, null);
        overlay.Begin(canvas, new Area(0, 0, 100, 100), new PictureMapping(new(50, 50), default, new(50, 50), FitMode.Stretch), null);
        overlay.Tracks([Track(1, missed: 0, new Vector2(10, 20)), Track(2, missed: 3, new Vector2(40, 30))]);
        Assert.Equal(255, canvas.Pixels[((40 * 100) + 20) * 4]);
        Assert.InRange(canvas.Pixels[((60 * 100) + 80) * 4], 100, 130);

        static Track Track(long id, int missed, Vector2 point) => new(id, new Detection(2, 2, 48, 48, 0, 1), 0, default, default, 1, missed, 0, 0, new[] { point });
    }

    /// <summary>The same call draws from where things are found: here, in memory.</summary>
    [Fact]
    public void Boxes_are_drawn_from_where_they_are_found()
    {
        byte[] listed = Draw(frame => frame.Overlay.Boxes(frame.Detections)), found = Draw(frame => frame.Overlay.Boxes(frame.Found)), nothing = Draw(_ => { });
        Assert.Equal(listed, found);
        Assert.NotEqual(listed, nothing);

        static byte[] Draw(Action<AppFrame> draw)
        {
            using var graph = OneBox();
            using var app = CameraApp.Open("pattern:128x128@60", graph, new CameraAppOptions { Window = false, Size = new Size2d(128, 128), Backend = "cpu", Detector = new CentreHead(), DrawsFound = true });
            app.Run(frame =>
            {
                frame.Overlay.Canvas.Fill(frame.Overlay.Picture, Color.Black);
                draw(frame);
                frame.Close();
            });
            return app.ReadPicture().Pixels;
        }
    }

    [Fact]
    public void A_network_that_finds_nothing_has_no_tracks()
    {
        var builder = new GraphBuilder(1);
        using var graph = builder.Build(builder.Start(new Shape(1, 3, 16, 16), "x").GlobalAveragePool());
        using var app = CameraApp.Open("pattern:64x64@60", graph, new CameraAppOptions { Window = false, Backend = "cpu" });
        Assert.Contains("Detector", Assert.Throws<InvalidOperationException>(() => app.Run(frame => _ = frame.Tracks)).Message, StringComparison.Ordinal);
    }

    /// <summary>Finds a cat at 20, 12 with sides of 16, whatever it sees: where all places are alike, the first is the peak.</summary>
    private static Graph OneBox()
    {
        var builder = new GraphBuilder(1);
        var places = builder.Start(new Shape(1, 3, 32, 32), "picture").AveragePool2d(4);
        var graph = builder.Build(places.Conv2d(1, kernel: 1, name: "heat"), places.Conv2d(2, kernel: 1, name: "classes"), places.Conv2d(4, kernel: 1, name: "boxes"));
        foreach (var (name, biases) in new (string, float[])[] { ("heat", [4]), ("classes", [9, 0]), ("boxes", [5, 3, 0, 0]) })
        {
            using (var weights = graph[name].Parameters[0].Edit())
                weights.Values.Clear();
            using var edit = graph[name].Parameters[1].Edit();
            biases.CopyTo(edit.Values);
        }

        return graph;
    }
}
