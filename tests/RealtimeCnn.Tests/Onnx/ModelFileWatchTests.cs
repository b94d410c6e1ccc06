using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Tests.OpenGL.Caching;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>A model's file is loaded anew when it has changed; each look is one that the test asks for.</summary>
public sealed class ModelFileWatchTests
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    [Fact]
    public void A_file_that_has_changed_and_come_to_rest_is_loaded_once()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.onnx");
        Write(path, channels: 3);
        using var watch = new ModelFileWatch(path, every: Never);
        Look(watch, 3);
        Assert.False(watch.TryTake(out _));

        Write(path, channels: 5);
        watch.Look();
        Assert.False(watch.TryTake(out _));
        watch.Look();
        Assert.True(watch.TryTake(out var newer));
        using (newer)
            Assert.Equal(5, newer.Inputs[0].Shape.Channels);
        Look(watch, 3);
        Assert.False(watch.TryTake(out _));
        Assert.Null(watch.Error);
    }

    [Fact]
    public void A_broken_file_is_an_error_until_a_better_one_takes_its_place()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.onnx");
        Write(path, channels: 3);
        using var watch = new ModelFileWatch(path, every: Never);
        File.WriteAllText(path, "half a mod");
        Look(watch, 3);
        Assert.False(watch.TryTake(out _));
        Assert.Contains("model.onnx", watch.Error, StringComparison.Ordinal);

        // Gone, and there again, as when it is written anew.
        File.Delete(path);
        Look(watch, 3);
        Write(path, channels: 4);
        Look(watch, 2);
        Assert.True(watch.TryTake(out var newer));
        newer.Dispose();
        Assert.Null(watch.Error);
    }

    [Fact]
    public void Of_several_changes_the_newest_is_taken_and_what_nobody_takes_is_freed()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.onnx");
        Write(path, channels: 3);
        using (var watch = new ModelFileWatch(path, every: Never))
        {
            foreach (int channels in (int[])[4, 5])
            {
                Write(path, channels);
                Look(watch, 2);
            }

            Assert.True(watch.TryTake(out var newest));
            using (newest)
                Assert.Equal(5, newest.Inputs[0].Shape.Channels);
            Assert.False(watch.TryTake(out _));
            Write(path, 6);
            Look(watch, 2);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelFileWatch(path, every: TimeSpan.Zero));
    }

    private static void Look(ModelFileWatch watch, int times)
    {
        for (int i = 0; i < times; i++)
            watch.Look();
    }

    private static void Write(string path, int channels)
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Relu(), builder.Input("x", new Shape(1, channels, 4, 4))));
        OnnxExporter.Write(path, graph);
        // Further than any file system's clock is coarse.
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(channels));
    }
}
