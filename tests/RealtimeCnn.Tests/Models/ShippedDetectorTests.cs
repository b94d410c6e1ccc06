using RealtimeCnn.App;
using RealtimeCnn.Cli.Training;
using RealtimeCnn.Cpu;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.Onnx;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Data.Scenes;

namespace RealtimeCnn.Tests.Models;

/// <summary>The detector that the demo ships: what its file says, and how well it finds digits in scenes of digits and photographs that it never met.</summary>
[Collection(GlTests.Name)]
public sealed class ShippedDetectorTests(GlFixture gl)
{
    // Scenes looked at, and by what the backends' scores and, in pixels, their boxes may differ.
    private const int Scenes = 80;
    private const float Tolerance = 0.05f;
    private static readonly Size2d Input = new(384, 512);

    [Fact]
    public void The_file_says_how_it_is_fed_and_what_its_outputs_mean()
    {
        string path = Repository.Model(ShippedModels.DigitFinder);
        Assert.InRange(new FileInfo(path).Length, 1, 1_500_000);
        using var model = OnnxModel.Load(path);
        Assert.Equal("0 1 2 3 4 5 6 7 8 9".Split(' '), model.Metadata.Labels);
        Assert.Equal((Input, "letterbox"), (model.Metadata.InputSize, model.Metadata.Fit));
        Assert.IsType<CentreHead>(model.Metadata.ReadHead());
        Assert.InRange(model.Graph.Summary(new Shape(1, 3, 240, 320)).MultiplyAccumulates, 1, 300_000_000);
        Assert.InRange(model.Graph.Summary().MultiplyAccumulates, 1, 300_000_000);
    }

    [SharedDataFact]
    public void Digits_are_found_in_scenes_that_it_never_met()
    {
        using var model = OnnxModel.Load(Repository.Model(ShippedModels.DigitFinder));
        using var network = new CpuNetwork(model.Graph);
        var evaluation = DetectionEvaluation.Of(network, HeldOut(Scenes), (CentreHead)model.Metadata.ReadHead()!, InputStatistics.Range(3));
        Assert.True(evaluation.CountWithoutBoxes > 5);
        Assert.True(evaluation.MeanAveragePrecision >= 0.88, $"{evaluation.MeanAveragePrecision}");
        Assert.True(evaluation.FalseBoxesPerPicture <= 0.15, $"{evaluation.FalseBoxesPerPicture}");
    }

    [SharedDataFact]
    public void Both_backends_find_the_same_boxes()
    {
        using var model = OnnxModel.Load(Repository.Model(ShippedModels.DigitFinder));
        using var loader = new BatchLoader(HeldOut(4), new BatchOptions { Size = 1, IsShuffled = false, Statistics = InputStatistics.Range(3) });
        int boxes = 0;
        foreach (var batch in loader.Epoch(0))
        {
            List<Detection> onCpu = Boxes(() => new CpuNetwork(model.Graph)), onGpu = gl.Run(device => Boxes(() => new GpuNetwork(device, model.Graph)));
            Assert.Equal(onCpu.Count, onGpu.Count);
            foreach (var (cpu, gpu) in onCpu.Zip(onGpu))
            {
                Assert.Equal(cpu.Class, gpu.Class);
                Assert.Equal(cpu.Score, gpu.Score, Tolerance);
                Assert.Equal((cpu.Left, cpu.Top), (gpu.Left, gpu.Top), new Nearly(Tolerance));
                Assert.Equal((cpu.Right, cpu.Bottom), (gpu.Right, gpu.Bottom), new Nearly(Tolerance));
            }

            boxes += onCpu.Count;

            List<Detection> Boxes(Func<INetwork> make)
            {
                using var network = make();
                var reader = ModelCard.Of(model).NewDetectionReader();
                reader.Read(network.Run([batch.Samples]));
                return [.. reader.Found];
            }
        }

        Assert.True(boxes > 4, $"{boxes} boxes were found in four scenes.");
    }

    /// <summary>Three lines of a program of somebody's own.</summary>
    [SharedDataFact]
    public void An_app_draws_what_it_finds()
    {
        string picture = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
        var scenes = HeldOut(4);
        int marks = 0, found = 0;
        try
        {
            for (int i = 0; i < scenes.Count; i++)
            {
                var truth = Write(scenes, i, picture);
                using var app = CameraApp.Open(picture, Repository.Model(ShippedModels.DigitFinder), new CameraAppOptions { Window = false, Backend = "cpu", Size = Input, Delivery = FrameDelivery.Every });
                List<Detection> boxes = [];
                app.Run(frame =>
                {
                    frame.Overlay.Boxes(frame.Detections);
                    boxes = [.. frame.Detections];
                });
                var (pixels, format) = app.ReadPicture();
                Assert.All(boxes, box => Assert.True(IsIn(ClassColors.Of(box.Class), pixels, format, (int)box.Left + 1, (int)(box.Top + box.Bottom) / 2) || box.Left < 1, $"{box} is not drawn."));
                marks += truth.Count;
                found += truth.Count(mark => boxes.Exists(box => box.Class == mark.Class && box.Overlap(mark) > 0.5f));
            }
        }
        finally
        {
            File.Delete(picture);
        }

        Assert.True(marks > 8 && found > 0.45 * marks, $"{found} of {marks} are found.");
    }

    private static List<Detection> Write(SceneSet scenes, int index, string path)
    {
        float[] sample = new float[scenes.SampleShape.Count], target = new float[scenes.TargetShape.Count];
        scenes.Read(index, sample, target);
        int area = Input.Height * Input.Width;
        byte[] pixels = new byte[3 * area];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)MathF.Round(sample[(i % 3 * area) + (i / 3)]);
        Png.Write(path, pixels, new FrameFormat(Input.Width, Input.Height, PixelFormat.Rgb));
        var boxes = new List<Detection>();
        BoxTarget.Read(target, boxes);
        return boxes;
    }

    // Somewhere across the line.
    private static bool IsIn(Color color, byte[] pixels, FrameFormat format, int x, int y) => Enumerable.Range(x - 2, 5).Any(column =>
    {
        int at = ((y * format.Width) + Math.Clamp(column, 0, format.Width - 1)) * 4;
        return Math.Abs(pixels[at] - (color.R * 255)) < 20 && Math.Abs(pixels[at + 1] - (color.G * 255)) < 20 && Math.Abs(pixels[at + 2] - (color.B * 255)) < 20;
    });

    private static SceneSet HeldOut(int count) => DataArgument.ReadScenes(
        $"scenes:{SharedData.Path("mnist", "train-images-idx3-ubyte.gz")},{SharedData.Path("mnist", "train-labels-idx1-ubyte.gz")},{SharedData.Path("photos")},held-out",
        new SceneOptions { Size = Input, Count = count, Seed = 77 }, CancellationToken.None);

    private sealed class Nearly(float tolerance) : IEqualityComparer<(float X, float Y)>
    {
        public bool Equals((float X, float Y) a, (float X, float Y) b) => Math.Abs(a.X - b.X) <= tolerance && Math.Abs(a.Y - b.Y) <= tolerance;

        public int GetHashCode((float X, float Y) point) => 0;
    }
}
