using RealtimeCnn.Fuzz.Guarding;
using RealtimeCnn.Images;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Images;

public class ImageToTensorTests
{
    [Theory]
    [MemberData(nameof(PreprocessingCases.Names), MemberType = typeof(PreprocessingCases))]
    public void Cpu_equals_the_definition(string name) => AssertDefinition(PreprocessingCases.Get(name));

    /// <summary>Rows that are blended in several pieces, windows wider than a piece, and pieces that end inside a vector.</summary>
    [Theory]
    [InlineData(1301, 3, 2, 2, FitMode.Stretch)]
    [InlineData(1030, 5, 37, 4, FitMode.Stretch)]
    [InlineData(530, 9, 611, 3, FitMode.Stretch)]
    [InlineData(1100, 40, 31, 29, FitMode.Crop)]
    [InlineData(600, 7, 40, 40, FitMode.Letterbox)]
    public void Wide_frames_equal_the_definition(int width, int height, int inputWidth, int inputHeight, FitMode fit)
    {
        foreach (var pixels in Enum.GetValues<PixelFormat>())
        foreach (bool mirrored in (bool[])[false, true])
        {
            bool paired = pixels is PixelFormat.Yuyv or PixelFormat.Nv12;
            var format = new FrameFormat(paired ? width & ~1 : width, pixels == PixelFormat.Nv12 ? (height + 1) & ~1 : height, pixels);
            var crop = new PictureRegion(3, 0, format.Width - 6, format.Height);
            foreach (var geometry in (FrameGeometry[])[new(Rotation.None, mirrored), new(Rotation.Clockwise90, mirrored) { Crop = crop }])
                AssertDefinition(new("wide", format, geometry, new() { Size = new(inputHeight, inputWidth), Fit = fit, Border = 7 }));
        }
    }

    /// <summary>A stray access ends the process: the frame begins and ends at pages that nobody may touch.</summary>
    [Fact]
    public unsafe void Nothing_is_read_beside_a_frame()
    {
        var memory = new GuardedMemory();
        foreach (var pixels in Enum.GetValues<PixelFormat>())
        foreach (int width in (int[])[2, 14, 16, 18, 64])
        {
            var format = new FrameFormat(width, 64, pixels);
            var converter = new ImageToTensor(new() { Size = new(20, 13) });
            using var tensor = new Tensor(new Shape(1, 3, 20, 13));
            Assert.Equal(0, format.Bytes % 64);
            void* frame = memory.Allocate((nuint)format.Bytes);
            new Span<byte>(frame, format.Bytes).Fill(200);
            foreach (var rotation in Enum.GetValues<Rotation>())
                converter.Run(new ReadOnlySpan<byte>(frame, format.Bytes), format, new(rotation, Mirrored: false), tensor);
            memory.Free(frame);
        }
    }

    private static void AssertDefinition(PreprocessingCase one)
    {
        using var actual = new Tensor(one.Preprocessing.Shape);
        new ImageToTensor(one.Preprocessing).Run(one.Pixels(), one.Format, one.Geometry, actual);
        var expected = PreprocessingOracle.Compute(one.Preprocessing, one.Pixels(), one.Format, one.Geometry);
        double tolerance = 1e-6 * Math.Max(1, 255 * one.Preprocessing.Scale.B);
        for (int i = 0; i < expected.Values.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual.Span[i]) <= tolerance, $"{one.Format} {one.Geometry}, {expected.Coordinates(i)}: expected {expected[i]}, got {actual.Span[i]}");
    }

    // torch 1.13: x = torch.tensor([[(37*(y*11+i)+11*y*y) % 256 for i in range(11)] for y in range(7)]).double()[None,None]/255
    //             F.interpolate(x, size=size, mode='bilinear', align_corners=False, antialias=True).flatten()
    [Theory]
    [InlineData(3, 4, new[]
    {
        0.474655, 0.4687675, 0.4733053, 0.5088495, 0.3585886, 0.6020723, 0.3855786, 0.4615233, 0.2175744, 0.5805882,
        0.5205882, 0.3314452,
    })]
    [InlineData(10, 5, new[]
    {
        0.1174603, 0.3990196, 0.6853333, 0.2571895, 0.3295985, 0.4668721, 0.4033333, 0.5046745, 0.4915686, 0.4686648,
        0.6821662, 0.4931373, 0.356549, 0.6127451, 0.6074697, 0.4845191, 0.7347059, 0.3556706, 0.415098, 0.677535,
        0.3429505, 0.6245098, 0.5152784, 0.2735294, 0.5550887, 0.2358917, 0.517451, 0.6471529, 0.2396732, 0.4480299,
        0.1633427, 0.444902, 0.7312157, 0.3030719, 0.3754809, 0.1468721, 0.4284314, 0.7147451, 0.2866013, 0.3590103,
        0.169225, 0.4507843, 0.737098, 0.3089542, 0.3813632, 0.2037348, 0.4852941, 0.7716078, 0.3434641, 0.415873,
    })]
    public void Resizing_is_that_of_PyTorch(int height, int width, double[] expected)
    {
        var pixels = new byte[7 * 11];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(((37 * i) + (11 * (i / 11) * (i / 11))) % 256);
        using var actual = new Tensor(new Shape(1, 3, height, width));
        new ImageToTensor(new() { Size = new(height, width) }).Run(pixels, new(11, 7, PixelFormat.Gray), default, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual.Span[i], 1e-6);
    }

    [Fact]
    public void An_input_of_the_frames_size_is_the_frame()
    {
        var format = new FrameFormat(13, 7, PixelFormat.Rgb);
        var pixels = new byte[format.Bytes];
        new Random(3).NextBytes(pixels);
        using var actual = new Tensor(new Shape(2, 3, 7, 13));
        new ImageToTensor(new() { Size = new(7, 13) }).Run(pixels, format, default, actual, item: 1);
        for (int i = 0; i < 7 * 13; i++)
        {
            for (int c = 0; c < 3; c++)
                Assert.Equal((float)(1 / 255.0) * pixels[(i * 3) + c], actual.Span[((3 + c) * 7 * 13) + i]);
        }

        Assert.All(actual.Span[..(3 * 7 * 13)].ToArray(), value => Assert.Equal(0, value));
    }

    // torchvision: Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]) on colours in [0, 1].
    [Fact]
    public void ImageNet_is_PyTorchs_normalisation()
    {
        using var actual = new Tensor(new Shape(1, 3, 1, 1));
        new ImageToTensor(Preprocessing.ImageNet(1)).Run([255, 128, 0], new(1, 1, PixelFormat.Rgb), default, actual);
        double[] expected = [(1 - 0.485) / 0.229, ((128 / 255.0) - 0.456) / 0.224, -0.406 / 0.225];
        for (int c = 0; c < 3; c++)
            Assert.Equal(expected[c], actual.Span[c], 1e-6);
    }

    [Fact]
    public void Mean_scale_and_border_count_in_pixels()
    {
        var format = new FrameFormat(1, 2, PixelFormat.Rgb);
        using var actual = new Tensor(new Shape(1, 3, 2, 2));
        new ImageToTensor(new() { Size = 2, Fit = FitMode.Letterbox, Mean = new(10, 20, 30), Scale = new(1, 2, -1), Border = new(11, 21, 31) })
            .Run([100, 110, 120, 100, 110, 120], format, default, actual);
        // One column is the picture, the other is border.
        Assert.Equal([1f, 90, 2, 180, -90, -1], actual.Span.ToArray().Chunk(4).SelectMany(plane => plane.Distinct().Order()).Select(value => MathF.Round(value, 3)));
    }

    [Fact]
    public void Nothing_is_allocated_while_the_format_stays()
    {
        var format = new FrameFormat(64, 48, PixelFormat.Yuyv);
        var pixels = new byte[format.Bytes];
        using var tensor = new Tensor(new Shape(1, 3, 32, 32));
        var converter = new ImageToTensor(new() { Size = 32, Fit = FitMode.Letterbox });
        for (int i = 0; i < 50; i++) // Past the runtime's own allocations when it compiles again.
            converter.Run(pixels, format, default, tensor);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            converter.Run(pixels, format, default, tensor);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Impossible_requests_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ImageToTensor(new() { Size = new(0, 3) }));
        Assert.Contains("scale", Assert.Throws<ArgumentException>(() => new ImageToTensor(new() { Size = 3, Scale = new(1, 0, 1) })).Message, StringComparison.Ordinal);
        Assert.Contains("mean", Assert.Throws<ArgumentException>(() => new ImageToTensor(new() { Size = 3, Mean = double.NaN })).Message, StringComparison.Ordinal);
        Assert.Contains("border", Assert.Throws<ArgumentException>(() => new ImageToTensor(new() { Size = 3, Border = double.PositiveInfinity })).Message, StringComparison.Ordinal);
        var converter = new ImageToTensor(new() { Size = 3 });
        using var wrong = new Tensor(new Shape(1, 1, 3, 3));
        using var right = new Tensor(new Shape(1, 3, 3, 3));
        var format = new FrameFormat(2, 2, PixelFormat.Rgb);
        Assert.Contains("[1, 1, 3, 3]", Assert.Throws<ArgumentException>(() => converter.Run(new byte[12], format, default, wrong)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => converter.Run(new byte[12], format, default, right, item: 1));
        Assert.Contains("needs 12 bytes", Assert.Throws<ArgumentException>(() => converter.Run(new byte[11], format, default, right)).Message, StringComparison.Ordinal);
    }
}
