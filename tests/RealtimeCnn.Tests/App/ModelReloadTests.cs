using Microsoft.Extensions.Logging;
using RealtimeCnn.App;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Tests.OpenGL.Caching;

namespace RealtimeCnn.Tests.App;

/// <summary>A model's file changes while an app shows what it says.</summary>
public sealed class ModelReloadTests
{
    private const int MostFrames = 5000;

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void A_better_file_takes_over_and_a_broken_one_leaves_the_last_good_one(string backend)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "colours.onnx");
        Write(path, 16, "red", "green", "blue");
        var log = new CollectingLogger();
        using var app = CameraApp.Open("pattern:64x48@100", path, new CameraAppOptions { Window = false, Size = new Size2d(60, 80), Backend = backend, Reload = true, Logger = log });
        var steps = new Queue<(Func<string, bool> IsDone, Action Next)>(
        [
            (name => name is "red" or "green" or "blue", () => Write(path, 20, "rot", "gruen", "blau", "gelb")),
            (name => name is "rot" or "gruen" or "blau" or "gelb", () => File.WriteAllText(path, "no model")),
            (name => app.ReloadError?.Contains("colours.onnx", StringComparison.Ordinal) == true && name is "rot" or "gruen" or "blau" or "gelb", () => WriteTwoInputs(path)),
            (name => app.ReloadError?.Contains("fills one input", StringComparison.Ordinal) == true && name is "rot" or "gruen" or "blau" or "gelb", () => Write(path, 16, "rouge", "vert", "bleu")),
            (name => app.ReloadError == null && name is "rouge" or "vert" or "bleu", app.Close),
        ]);
        int frames = 0;
        app.Run(frame =>
        {
            // What never comes is a failure, not a wait without end.
            if (++frames == MostFrames)
                app.Close();
            app.Reload!.Watch.Look();
            if (steps.Count > 0 && steps.Peek().IsDone(frame.Prediction.Top1.Name))
                steps.Dequeue().Next();
        });
        Assert.Empty(steps);
        Assert.Equal(2, log.Entries.Count(entry => entry.Text.Contains("takes the place", StringComparison.Ordinal)));
        Assert.Equal(2, log.Entries.Count(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("the one before goes on", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_has_no_file_cannot_be_looked_after() =>
        Assert.Contains("no file 'digits'", Assert.Throws<OnnxException>(() => CameraApp.Open("pattern", "digits", new CameraAppOptions { Window = false, Reload = true })).Message, StringComparison.Ordinal);

    /// <summary>A classifier of the mean of the picture's channels.</summary>
    private static void Write(string path, int side, params string[] labels)
    {
        var builder = new GraphBuilder(seed: side);
        using var graph = builder.Build(builder.Add(new GlobalAveragePool(), builder.Add(new Conv2d(3, labels.Length, 1), builder.Input("image", new Shape(1, 3, side, side)))));
        OnnxExporter.Write(path, graph, new OnnxMetadata { Labels = labels });
    }

    private static void WriteTwoInputs(string path)
    {
        var builder = new GraphBuilder();
        var shape = new Shape(1, 3, 8, 8);
        using var graph = builder.Build(builder.Add(new Add(), [builder.Input("a", shape), builder.Input("b", shape)]));
        OnnxExporter.Write(path, graph);
    }
}
