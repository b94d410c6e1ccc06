using RealtimeCnn.App;
using RealtimeCnn.Camera;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.OpenGL;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.Tests.App;

/// <summary>The app in a window that it did not open.</summary>
[Collection(WindowTests.Name)]
public sealed class CameraAppHostTests(DisplayFixture display)
{
    private static readonly WindowOptions Small = new() { Size = new(120, 160), VerticalSync = false };

    [Fact]
    public void A_host_that_was_handed_in_is_drawn_into_and_stays_the_callers() => InHost((host, graph, source) =>
    {
        SetViewport(host);
        int frames = 0;
        for (int run = 0; run < 2; run++)
        {
            using var app = CameraApp.Open(source, graph, new CameraAppOptions { Host = host });
            app.Run(frame =>
            {
                frames++;
                frame.Close();
            });
            Assert.Throws<InvalidOperationException>(() => app.ReadPicture());
        }

        Assert.True(frames >= 2);
        Assert.False(host.IsClosing);
        host.MakeCurrent();
        Assert.Equal([1, 2, 3, 4], Viewport(host));
        host.SwapBuffers();
    });

    [Fact]
    public void Closing_the_callers_window_ends_the_run() => InHost((host, graph, source) =>
    {
        using var app = CameraApp.Open(source, graph, new CameraAppOptions { Host = host });
        app.Run(_ => host.Close());
        Assert.True(host.IsClosing);
    });

    [Fact]
    public void A_host_and_no_window_contradict_each_other() => InHost((host, graph, source) =>
        Assert.Contains("Host", Assert.Throws<ArgumentException>(() => CameraApp.Open(source, graph, new CameraAppOptions { Host = host, Window = false })).Message, StringComparison.Ordinal));

    private void InHost(Action<GlfwHost, Graph, IFrameSource> test) => DisplayFixture.OnThread(() =>
    {
        _ = display.Display;
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Relu(), builder.Input("x", new Shape(1, 3, 16, 16))));
        using var source = new TestPatternSource(64, 48, 100);
        using var host = GlfwHost.Create(Small);
        test(host, graph, source);
        host.MakeCurrent();
        host.Device.ThrowOnError("finish a test without errors");
    });

    private static unsafe void SetViewport(GlfwHost host) => host.Device.Gl.Viewport(1, 2, 3, 4);

    private static unsafe int[] Viewport(GlfwHost host)
    {
        var rectangle = new int[4];
        fixed (int* pointer = rectangle)
            host.Device.Gl.GetIntegerv(GL_VIEWPORT, pointer);
        return rectangle;
    }
}
