using System.Numerics;
using RealtimeCnn.App;
using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Regions;

namespace RealtimeCnn.Tests.Models;

/// <summary>
/// Two networks that we ship, one behind the other: the digit finder finds digits on a sheet that lies askew, and the digit reader, which
/// knows nothing but single upright digits, reads each. With RTCNN_APPROVE=1 in the environment the picture in docs/images is drawn anew.
/// </summary>
public sealed class TurnedSheetTests
{
    private const float Askew = 20;
    private static readonly FrameFormat Sheet = new(640, 480, PixelFormat.Rgba);

    /// <summary>MNIST's digits are 20 of 28 pixels large.</summary>
    private static readonly RegionOptions Regions = new() { MaximumRegions = 8, Detected = new RegionRule { Scale = 1.4f, TurnDegrees = Askew } };

    [Fact]
    public void The_reader_reads_what_the_finder_finds()
    {
        using OnnxModel finder = ShippedModels.Load(ShippedModels.DigitFinder), reader = ShippedModels.Load(ShippedModels.Digits);
        using CpuNetwork first = new(finder.Graph), second = new(reader.Graph);
        ModelCard finding = ModelCard.Of(finder), reading = ModelCard.Of(reader);
        var (upright, onTheirSides) = (Read(Regions), Read(Regions with { Detected = Regions.Detected! with { TurnDegrees = Askew + 90 } }));
        Assert.True(upright.Found >= 32 && upright.Right >= upright.Found - 1, $"{upright.Right} of {upright.Found} digits that were found are read.");
        // On their sides they are not: it is the turning that does it.
        Assert.True(onTheirSides.Right < onTheirSides.Found / 2, $"On their sides, {onTheirSides.Right} of {onTheirSides.Found} are read.");

        (int Found, int Right) Read(RegionOptions options)
        {
            using var pipeline = new CpuPipeline();
            pipeline.Use(first, new LiveOptions
            {
                Preprocessing = finding.Preprocessing, Head = (DetectionHead)finding.Head!,
                Regions = new LiveRegions(second) { Preprocessing = InkOnPaper(reading.Preprocessing), Head = reading.Head!, Options = options },
            });
            int found = 0, right = 0;
            for (int i = 0; i < 8; i++)
            {
                var (pixels, written) = Draw(i * 131);
                using var pool = new FramePool(1);
                var buffer = pool.TryRent(pixels.Length)!;
                pixels.CopyTo(buffer.Bytes);
                // Each picture is of another scene.
                using var frame = new Frame(buffer, new FrameFormat(Sheet.Width, Sheet.Height, PixelFormat.Rgb), TimeSpan.FromSeconds(10 * i), i);
                Assert.True(pipeline.TrySubmit(frame));
                pipeline.Finish();
                Assert.True(pipeline.TryTake(out var result));
                foreach (var region in result.Regions)
                {
                    var nearest = written.MinBy(digit => Vector2.Distance(digit.Middle, region.Region.Centre));
                    found++;
                    right += nearest.Value == region.Class ? 1 : 0;
                }
            }

            return (found, right);
        }
    }

    [Fact]
    public void An_app_reads_them_and_draws_what_it_sees()
    {
        string picture = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
        Png.Write(picture, Draw(0).Pixels, new FrameFormat(Sheet.Width, Sheet.Height, PixelFormat.Rgb));
        try
        {
            using var reader = ShippedModels.Load(ShippedModels.Digits);
            var card = ModelCard.Of(reader);
            using var app = CameraApp.Open(picture, ShippedModels.DigitFinder, new CameraAppOptions
            {
                Window = false, Backend = "cpu", Size = new Size2d(720, 960), Delivery = FrameDelivery.Every, RegionLabels = card.Labels,
                RegionNetwork = new CameraRegions(reader.Graph) { Preprocessing = InkOnPaper(card.Preprocessing), Head = card.Head!, Options = Regions },
            });
            int seen = 0;
            app.Run(frame =>
            {
                seen = frame.Regions.Count;
                frame.Overlay.Regions(frame.Regions);
                Sample(frame, picture, InkOnPaper(card.Preprocessing));
            });
            Assert.InRange(seen, 4, 5);
            var (pixels, format) = app.ReadPicture();
            var color = ClassColors.Of(0);
            int drawn = Enumerable.Range(0, pixels.Length / 4).Count(i => pixels[4 * i] == (byte)((color.R * 255) + 0.5f) && pixels[(4 * i) + 1] == (byte)((color.G * 255) + 0.5f));
            Assert.InRange(drawn, 300, 20_000);
            if (Environment.GetEnvironmentVariable("RTCNN_APPROVE") == "1")
                Png.Write(Path.Combine(Repository.Root, "docs", "images", "regions.png"), pixels, format);
        }
        finally
        {
            File.Delete(picture);
        }
    }

    [Fact]
    public void A_model_by_its_name_is_the_second_network_and_others_are_refused_with_what_to_do()
    {
        string picture = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
        Png.Write(picture, Draw(0).Pixels, new FrameFormat(Sheet.Width, Sheet.Height, PixelFormat.Rgb));
        try
        {
            var options = new CameraAppOptions { Window = false, Backend = "cpu", Delivery = FrameDelivery.Every };
            using (var app = CameraApp.Open(picture, ShippedModels.DigitFinder, options with { RegionModel = ShippedModels.Digits }))
            {
                int seen = 0;
                app.Run(frame => seen = frame.Regions.Count);
                Assert.Equal((2, 1L), (seen, app.DetectorRuns));
            }

            using (var app = CameraApp.Open(picture, ShippedModels.DigitFinder, options))
                Assert.Contains("RegionModel", Assert.Throws<InvalidOperationException>(() => app.Run(frame => _ = frame.Regions)).Message, StringComparison.Ordinal);
            Assert.Contains("takes landmarks or a classifier", Assert.Throws<OnnxException>(() => CameraApp.Open(picture, ShippedModels.DigitFinder, options with { RegionModel = ShippedModels.DigitFinder })).Message, StringComparison.Ordinal);
            Assert.Contains("no shipped model", Assert.Throws<OnnxException>(() => CameraApp.Open(picture, ShippedModels.DigitFinder, options with { RegionModel = "nobody" })).Message, StringComparison.Ordinal);
            Assert.Contains("Head", Assert.Throws<ArgumentException>(() => CameraApp.Open(picture, ShippedModels.HandSigns, options with { RegionModel = ShippedModels.Digits })).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(picture);
        }
    }

    /// <summary>The reader knows light digits on dark; beyond the sheet there is more paper.</summary>
    private static Preprocessing InkOnPaper(Preprocessing published) => published with { Scale = -published.Scale.R, Border = 220 };

    /// <summary>A sheet that lies askew, and which digit is where.</summary>
    private static (byte[] Pixels, (int Value, Vector2 Middle)[] Written) Draw(long number)
    {
        using var sheet = new WrittenNumbersSource(Sheet.Width, Sheet.Height);
        byte[] flat = new byte[Sheet.Bytes];
        var written = new WrittenDigit[WrittenNumbersSource.Count];
        sheet.Draw(number, flat, written);
        // What is seen of it anticlockwise turned is the sheet, clockwise.
        var region = new RegionOfInterest(Sheet.Width / 2, Sheet.Height / 2, Sheet.Width * 1.2f, Sheet.Height * 1.2f, -Askew * MathF.PI / 180);
        var preprocessing = new Preprocessing { Size = new Size2d(Sheet.Height, Sheet.Width), Border = new(90, 84, 78) };
        using var turned = new Tensor(preprocessing.Shape);
        new RegionToTensor(preprocessing).Run(flat, Sheet, default, region, turned);
        var size = new Vector2(Sheet.Width, Sheet.Height);
        return (PixelTensor.ToPixels(turned).Pixels, [.. written.Select(digit => (digit.Value, region.FromPicture(new Vector2(digit.Left + digit.Right, digit.Top + digit.Bottom) / 2) * size))]);
    }

    /// <summary>What the reader gets of each region, in a row in the upper right corner, where there is no paper.</summary>
    private static void Sample(AppFrame frame, string picture, Preprocessing preprocessing)
    {
        using var photograph = Photograph.Load(picture);
        using var crop = new Tensor(preprocessing.Shape);
        const float Pixel = 3;
        var canvas = frame.Overlay.Canvas;
        for (int i = 0; i < frame.Regions.Count; i++)
        {
            new RegionToTensor(preprocessing).Run(photograph, frame.Regions[i].Seen, crop);
            float left = frame.Overlay.Picture.Right - 8 - ((frame.Regions.Count - i) * ((28 * Pixel) + 2)), top = frame.Overlay.Picture.Y + 8;
            for (int at = 0; at < crop.Span.Length; at++)
            {
                float gray = (crop.Span[at] + 1) / 2;
                canvas.Fill(new Area(left + (at % 28 * Pixel), top + (at / 28 * Pixel), Pixel, Pixel), new Color(gray, gray, gray));
            }
        }
    }
}
