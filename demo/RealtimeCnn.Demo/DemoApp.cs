using System.Globalization;
using RealtimeCnn.Camera;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Demo;

/// <summary>Runs the demo from its options to its exit code, and writes the files that were asked for.</summary>
internal static class DemoApp
{
    /// <returns>0 when the run came to its end, 2 when what was asked for is impossible (one line says why).</returns>
    public static int Run(DemoOptions options, TextWriter messages, CancellationToken interrupted)
    {
        try
        {
            VerifyWritable(options.Screenshot);
            VerifyWritable(options.Stats);
            var stats = new RunStats();
            new HeadlessRun(options, stats, Say).Run(interrupted);
            if (options.Stats is { } file)
                File.WriteAllText(file, stats.ToJson());
            var network = stats.Quantiles(Stage.Network);
            Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{stats.FramesShown} frames shown, {stats.Source.FramesDropped} dropped; network {network.P50:0.00} ms (p99 {network.P99:0.00}) on {stats.Renderer}."));
            return 0;
        }
        catch (Exception problem) when (problem is CameraException or GlException or IOException or UnauthorizedAccessException)
        {
            Say(problem.Message);
            return 2;
        }

        void Say(string text) => messages.WriteLine($"demo: {text.ReplaceLineEndings(" ")}");
    }

    // Finding out after a long run that its result has nowhere to go would be late.
    private static void VerifyWritable(string? path)
    {
        if (path is null)
            return;
        bool existed = File.Exists(path);
        File.Open(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        if (!existed)
            File.Delete(path);
    }
}
