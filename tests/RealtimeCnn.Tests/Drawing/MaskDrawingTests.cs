using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Drawing;

/// <summary>Masks, backdrops and pictures are the same on both canvases, drawn from scores of all kinds.</summary>
[Collection(GlTests.Name)]
public sealed class MaskDrawingTests(GlFixture gl)
{
    private const int Width = 61, Height = 43;
    private static readonly Area Where = new(3, 2, 55, 37);
    private static readonly Color Under = new(0.3f, 0.5f, 0.2f);

    public static TheoryData<int, int, int, FitMode, bool, int> Cases => new()
    {
        { 2, 5, 7, FitMode.Stretch, true, 0 }, { 1, 4, 6, FitMode.Crop, true, 0 }, { 1, 4, 6, FitMode.Stretch, false, 1 }, { 21, 9, 8, FitMode.Letterbox, true, 3 },
        { 5, 1, 1, FitMode.Crop, false, 0 }, { 9, 3, 2, FitMode.Stretch, true, -1 }, { 255, 2, 3, FitMode.Stretch, false, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Masks_and_backdrops_are_equal_on_both_canvases(int channels, int height, int width, FitMode fit, bool areLogits, int background)
    {
        using var scores = Noise.Of(new Shape(1, channels, height, width), seed: 3 * channels);
        foreach (ref float score in scores.Span)
            score *= areLogits ? 20 : 1;
        var head = new SegmentationHead { AreLogits = areLogits, Background = background < 0 ? null : background };
        var mapping = new PictureMapping(new(40, 60), default, new(32, 32), fit);
        Compare(scores, (canvas, tensor) => canvas.Mask(tensor, Where, mapping, head, 0.6f), (canvas, painter) => painter.Mask(canvas, scores, Where, mapping, head, 0.6f));
        var color = new Color(0.9f, 0.1f, 0.4f, 0.8f);
        Compare(scores, (canvas, tensor) => canvas.Backdrop(tensor, null, null, Where, mapping, head, color), (canvas, painter) => painter.Backdrop(canvas, scores, null, [], Where, mapping, head, color), isDrawn: background >= 0);
    }

    [Fact]
    public void Garbage_is_no_class_on_both_canvases()
    {
        float[] numbers = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e38f, -1e38f, 0, 1];
        var mapping = new PictureMapping(new(40, 60), default, new(32, 32), FitMode.Stretch);
        foreach (int channels in (int[])[1, 3, 6])
        {
            using var scores = new Tensor(new Shape(1, channels, 4, 5));
            var random = new Random(channels);
            foreach (ref float value in scores.Span)
                value = numbers[random.Next(numbers.Length)];
            Compare(scores, (canvas, tensor) => canvas.Mask(tensor, Where, mapping, new(), 0.6f), (canvas, painter) => painter.Mask(canvas, scores, Where, mapping, new(), 0.6f), mostWrong: 60);
        }
    }

    [Fact]
    public void The_background_is_blurred_and_what_stands_before_it_is_not()
    {
        // Stripes of a pixel; the right half is foreground.
        var format = new FrameFormat(60, 40, PixelFormat.Rgb);
        byte[] pixels = new byte[format.Bytes];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i / 3 % 60 % 2 * 255);
        using var scores = new Tensor(new Shape(1, 1, 1, 2), [-20, 20]);
        var mapping = new PictureMapping(new(40, 60), default, new(40, 60), FitMode.Stretch);
        var backdrop = Backdrop.Blurred(0.1f);
        var area = new Area(0, 0, 60, 40);
        var onGpu = gl.Run(device =>
        {
            using var pool = new FramePool(1);
            var buffer = pool.TryRent(pixels.Length)!;
            pixels.CopyTo(buffer.Bytes);
            using var frame = new Frame(buffer, format, default, 0);
            using var uploader = new FrameUploader(device);
            var texture = uploader.TryUpload(frame)!;
            using var tensorBuffer = GpuBuffer.Create<float>(device, GpuCanvasTests.Blocked(scores), "test scores");
            using var view = new GpuBufferView(tensorBuffer, 0, tensorBuffer.Bytes);
            using var tensor = new GpuTensor(device, view, scores.Shape);
            using var shrunken = new GpuShrunkenPicture(device);
            using var target = new OffscreenTarget(device, 60, 40);
            using var canvas = new GpuCanvas(device);
            canvas.Begin(target.Framebuffer, 60, 40, Color.Black);
            canvas.Picture(texture, area);
            canvas.Backdrop(tensor, shrunken.Of(texture, backdrop), null, area, mapping, new(), default);
            canvas.End();
            var drawn = target.Read().Pixels;
            texture.Release();
            return drawn;
        });
        var memory = new CpuCanvas();
        memory.Begin(60, 40, Color.Black);
        using var picture = new Tensor(new Shape(1, 3, 40, 60));
        using var small = new Tensor(new Shape(1, 3, 10, 15));
        new ImageToTensor(new Preprocessing { Size = new(40, 60) }).Run(pixels, format, default, picture);
        new ImageToTensor(new Preprocessing { Size = backdrop.GridOf(new(40, 60)) }).Run(pixels, format, default, small);
        memory.Picture(picture, area);
        new MaskPainter().Backdrop(memory, scores, small, [], area, mapping, new(), default);
        for (int i = 0; i < onGpu.Length; i++)
            Assert.True(Math.Abs(onGpu[i] - memory.Pixels[i]) <= 2, $"at {i / 4 % 60}, {i / 4 / 60}: {onGpu[i]} on the GPU, {memory.Pixels[i]} in memory");
        Assert.InRange(memory.Pixels[((20 * 60) + 10) * 4], 100, 155);
        Assert.InRange(memory.Pixels[((20 * 60) + 11) * 4], 100, 155);
        Assert.Equal((0, 255), (memory.Pixels[((20 * 60) + 50) * 4], memory.Pixels[((20 * 60) + 51) * 4]));
    }

    [Fact]
    public void A_shrunken_picture_is_enlarged_by_a_spline_that_keeps_sums_and_ramps()
    {
        using var picture = new Tensor(new Shape(1, 3, 6, 8));
        for (int i = 0; i < picture.Span.Length; i++)
            picture.Span[i] = i / 48 == 0 ? 0.7f : i % 8 * 0.1f;
        var row = new CubicRow();
        row.Begin(picture, 0.37f);
        for (double u = 0.3; u < 0.7; u += 0.013)
        {
            var color = row.At((float)u);
            Assert.Equal(0.7, color.R, 1e-5);
            // A cubic B-spline repeats straight lines: the element at u lies at 8u − 1/2.
            Assert.Equal(((8 * u) - 0.5) * 0.1, color.G, 1e-5);
        }
    }

    [Fact]
    public void Pictures_of_any_range_are_equal_on_both_canvases()
    {
        using var output = Noise.Of(new Shape(1, 3, 7, 5), seed: 8);
        var head = new PictureHead(-0.8f, 0.6f);
        Compare(output, (canvas, tensor) => canvas.Picture(tensor, Where, head), (canvas, _) => canvas.Picture(output, Where, head));
    }

    [Fact]
    public void The_colours_of_classes_are_the_same_in_shaders()
    {
        // One row of 42 classes, each a column: all rounds of the colours.
        using var scores = new Tensor(new Shape(1, 42, 1, 42));
        scores.Span.Clear();
        for (int i = 0; i < 42; i++)
            scores[0, i, 0, i] = 9;
        var mapping = new PictureMapping(new(1, 42), default, new(1, 42), FitMode.Stretch);
        var head = new SegmentationHead { Background = null };
        var area = new Area(0, 0, Width, Height);
        Compare(scores, (canvas, tensor) => canvas.Mask(tensor, area, mapping, head, 1), (canvas, painter) => painter.Mask(canvas, scores, area, mapping, head, 1));
    }

    private void Compare(Tensor scores, Action<GpuCanvas, GpuTensor> onGpu, Action<CpuCanvas, MaskPainter> inMemory, bool isDrawn = true, int mostWrong = 3)
    {
        var drawn = gl.Run(device =>
        {
            using var buffer = GpuBuffer.Create<float>(device, GpuCanvasTests.Blocked(scores), "test scores");
            using var view = new GpuBufferView(buffer, 0, buffer.Bytes);
            using var tensor = new GpuTensor(device, view, scores.Shape);
            using var target = new OffscreenTarget(device, Width, Height);
            using var canvas = new GpuCanvas(device);
            canvas.Begin(target.Framebuffer, Width, Height, Under);
            onGpu(canvas, tensor);
            canvas.End();
            return target.Read().Pixels;
        });
        var memory = new CpuCanvas();
        memory.Begin(Width, Height, Under);
        byte[] before = memory.Pixels.ToArray();
        inMemory(memory, new MaskPainter());
        int changed = 0, wrong = 0;
        for (int i = 0; i < drawn.Length; i += 4)
        {
            bool differs = false;
            for (int part = 0; part < 3; part++)
                differs |= Math.Abs(drawn[i + part] - memory.Pixels[i + part]) > 2;
            wrong += differs ? 1 : 0;
            changed += memory.Pixels.Slice(i, 3).SequenceEqual(before.AsSpan(i, 3)) ? 0 : 1;
        }

        // Where two classes are as likely as each other, the last bit decides; of infinities many are.
        Assert.True(wrong <= mostWrong, $"{wrong} of {Width * Height} pixels differ");
        Assert.True(isDrawn ? changed > 50 : changed == 0, $"{changed} pixels were drawn");
    }
}
