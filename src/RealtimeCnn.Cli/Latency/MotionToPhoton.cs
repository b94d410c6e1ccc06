using RealtimeCnn.Camera;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Cli.Latency;

/// <summary>
/// Motion to photon, measured instead of summed: a source in real time writes each picture's number into its pixels, a
/// <see cref="CameraNetwork"/> draws them as in a live loop, and the drawn pixels say which picture is seen when.
/// </summary>
internal static class MotionToPhoton
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs a live loop until some pictures have been drawn.</summary>
    /// <param name="device">Where.</param>
    /// <param name="graph">The network.</param>
    /// <param name="preprocessing">How pictures become its input.</param>
    /// <param name="size">Of the source's pictures and of what is drawn.</param>
    /// <param name="frameRate">Pictures per second of the source.</param>
    /// <param name="count">Pictures to draw.</param>
    /// <exception cref="GlException">No further result came for long.</exception>
    public static IReadOnlyList<DrawnPicture> Measure(GlDevice device, Graph graph, Preprocessing preprocessing, Size2d size, double frameRate, int count)
    {
        using var target = new OffscreenTarget(device, size.Width, size.Height);
        using var pause = new ManualResetEvent(false);
        using var network = new CameraNetwork(graph, new()
        {
            Preprocessing = preprocessing, OpenSource = () => new TestPatternSource(size.Width, size.Height, frameRate), Backend = "gpu", HostState = GlStateGroups.None,
        });
        network.Initialize(device);
        var drawn = new List<DrawnPicture>();
        LiveResult? shown = null;
        Action<Canvas, Area, LiveResult> remember = (_, _, result) => shown = result;
        for (var (before, last) = (FrameClock.Now, FrameClock.Now); drawn.Count < count;)
        {
            var now = FrameClock.Now;
            network.Update((now - before).TotalSeconds);
            before = now;
            if (!network.TryGetLatest(out _))
            {
                if (now - last > Patience)
                    throw new GlException($"No result came for {Patience.TotalSeconds} seconds, after {drawn.Count} pictures.");
                pause.WaitOne(1);
                continue;
            }

            network.Draw(target.Framebuffer, size, remember, background: Color.Black);
            var (pixels, _) = target.Read();
            last = FrameClock.Now;
            drawn.Add(new DrawnPicture(shown!.Sequence, TestPatternSource.ReadNumber(pixels, size.Width), shown.Timestamp, last));
        }

        return drawn;
    }
}
