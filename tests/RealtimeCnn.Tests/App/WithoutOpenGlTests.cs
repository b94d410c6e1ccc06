using System.Diagnostics;
using RealtimeCnn.App;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.App;

/// <summary>The hello world on a machine without any OpenGL: a process that no driver is given to.</summary>
public sealed class WithoutOpenGlTests
{
    [Fact]
    public void An_app_left_to_itself_runs_on_the_CPU_and_says_why()
    {
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(WithoutOpenGlTests).Assembly.Location, "app"]) { RedirectStandardOutput = true };
        start.Environment["__EGL_VENDOR_LIBRARY_FILENAMES"] = "/dev/null";
        using var process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.StartsWith("cpu: No headless OpenGL 4.3 or OpenGL ES 3.1 context could be made.", lines[0], StringComparison.Ordinal);
        Assert.Equal("3 frames", lines[1]);
    }

    /// <summary>In the child: where the app runs, and how many frames it showed.</summary>
    internal static void Run(TextWriter output)
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Relu(), builder.Input("x", new Shape(1, 3, 8, 8))));
        using var app = CameraApp.Open("pattern:64x48@100", graph, new CameraAppOptions { Window = false, Size = new Size2d(48, 64) });
        output.WriteLine(app.Choice);
        int frames = 0;
        app.Run(frame =>
        {
            if (++frames == 3)
                frame.Close();
        });
        output.WriteLine($"{frames} frames");
    }
}
