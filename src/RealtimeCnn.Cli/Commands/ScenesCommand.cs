using System.CommandLine;
using System.Globalization;
using RealtimeCnn.Camera;
using RealtimeCnn.Cli.Training;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Data.Scenes;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn scenes</c>: composes scenes as detectors learn from them, and writes them as a folder of PNG files with their boxes: to look at, and to evaluate on.</summary>
internal static class ScenesCommand
{
    public static Command Create()
    {
        var scenes = new Argument<string>("scenes") { Description = "scenes:IMAGES,LABELS,DIR[,held-out], as train and eval take them." };
        var destination = new Option<string>("--output") { Description = "The folder to write; made where there is none.", HelpName = "dir", Required = true };
        var size = SharedOptions.Size();
        var count = SharedOptions.Number("--count", "How many scenes.", 100, 1, 1_000_000);
        var seed = SharedOptions.Number("--seed", "Decides every scene.", 0, int.MinValue, int.MaxValue);
        var command = new Command("scenes", "Compose scenes with boxes around what is to be found, as PNG files and labels.csv.") { scenes, destination, size, count, seed };
        command.SetAction((parsed, cancellation) => Run(
            parsed.GetRequiredValue(scenes), parsed.GetRequiredValue(destination),
            new SceneOptions { Size = parsed.GetValue(size) ?? new SceneOptions().Size, Count = parsed.GetValue(count), Seed = parsed.GetValue(seed) }, parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static int Run(string text, string folder, SceneOptions options, TextWriter output, CancellationToken cancellation)
    {
        var scenes = DataArgument.ReadScenes(text, options, cancellation);
        Directory.CreateDirectory(folder);
        var (height, width) = (options.Size.Height, options.Size.Width);
        float[] sample = new float[scenes.SampleShape.Count], target = new float[scenes.TargetShape.Count];
        byte[] pixels = new byte[sample.Length];
        var boxes = new List<Detection>();
        int total = 0, area = height * width;
        using var table = new StreamWriter(Path.Combine(folder, BoxFolder.TableName));
        table.WriteLine(BoxFolder.Header);
        for (int i = 0; i < scenes.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            scenes.Read(i, sample, target);
            for (int j = 0; j < pixels.Length; j++)
                pixels[j] = (byte)(sample[(j % 3 * area) + (j / 3)] + 0.5f);
            string name = $"{scenes.NameOf(i)}.png";
            Png.Write(Path.Combine(folder, name), pixels, new FrameFormat(width, height, PixelFormat.Rgb));
            BoxTarget.Read(target, boxes);
            foreach (var box in boxes)
                table.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name},{box.Left},{box.Top},{box.Right - box.Left},{box.Bottom - box.Top},{scenes.Classes[box.Class]}"));
            total += boxes.Count;
        }

        output.WriteLine($"{folder}: {scenes.Count} scenes with {total} boxes.");
        return ExitCode.Fine;
    }
}
