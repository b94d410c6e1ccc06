using RealtimeCnn.Fuzz.Guarding;
using RealtimeCnn.Images;
using RealtimeCnn.Regions;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Regions;

public sealed class RegionToTensorTests
{
    [Theory]
    [MemberData(nameof(RegionCases.Numbers), MemberType = typeof(RegionCases))]
    public void Cpu_equals_the_definition(int number)
    {
        var one = RegionCases.All[number];
        var (format, geometry, preprocessing) = (one.Picture.Format, one.Picture.Geometry, one.Picture.Preprocessing);
        using var actual = new Tensor(preprocessing.Shape);
        new RegionToTensor(preprocessing).Run(one.Picture.Pixels(), format, geometry, one.Region, actual);
        var expected = PreprocessingOracle.Compute(preprocessing, one.Picture.Pixels(), format, geometry, one.Region);
        double tolerance = 2e-6 * Math.Max(1, 255 * preprocessing.Scale.B);
        for (int i = 0; i < expected.Values.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual.Span[i]) <= tolerance, $"{one.Name}, {expected.Coordinates(i)}: expected {expected[i]}, got {actual.Span[i]}");
    }

    /// <summary>A region that is not turned and reaches over no edge is made as a crop of the picture is, whose window reaches no further either.</summary>
    [Fact]
    public void What_is_not_turned_equals_a_cropped_picture_inside()
    {
        var format = new FrameFormat(64, 48, PixelFormat.Rgb);
        byte[] pixels = new byte[format.Bytes];
        new Random(3).NextBytes(pixels);
        foreach (int size in (int[])[12, 16, 50])
        {
            var preprocessing = new Preprocessing { Size = size };
            using Tensor whole = new(preprocessing.Shape), region = new(preprocessing.Shape);
            new ImageToTensor(preprocessing).Run(pixels, format, default, whole);
            new RegionToTensor(preprocessing).Run(pixels, format, default, new RegionOfInterest(32, 24, 64, 48), region);
            // The window of a pixel that is not the last one reaches over no edge.
            for (int y = 1; y < size - 1; y++)
            {
                for (int x = 1; x < size - 1; x++)
                    Assert.Equal(whole.Span[(y * size) + x], region.Span[(y * size) + x], 3e-6f);
            }
        }
    }

    [Fact]
    public unsafe void Nothing_is_read_beside_a_frame()
    {
        var memory = new GuardedMemory();
        foreach (var pixels in Enum.GetValues<PixelFormat>())
        {
            var format = new FrameFormat(16, 64, pixels);
            using var tensor = new Tensor(new Shape(1, 3, 20, 13));
            void* frame = memory.Allocate((nuint)format.Bytes);
            new Span<byte>(frame, format.Bytes).Fill(200);
            foreach (float side in (float[])[30, 90, 700])
                new RegionToTensor(new() { Size = new(20, 13) }).Run(new ReadOnlySpan<byte>(frame, format.Bytes), format, default, new RegionOfInterest(8, 32, side, side, 0.5f), tensor);
            memory.Free(frame);
        }
    }

    [Theory]
    [InlineData(float.NaN, 10, 10, 0, "no rectangle")]
    [InlineData(5, float.PositiveInfinity, 10, 0, "no rectangle")]
    [InlineData(5, 0, 10, 0, "no rectangle")]
    [InlineData(5, 10, 10, float.NaN, "no rectangle")]
    [InlineData(1e6f, 10, 10, 0, "reaches further than 65536 pixels")]
    [InlineData(5, 1e8f, 10, 0, "reaches further")]
    public void What_is_no_region_is_refused(float x, float width, float height, float angle, string said)
    {
        var format = new FrameFormat(8, 8, PixelFormat.Gray);
        using var tensor = new Tensor(new Shape(1, 3, 4, 4));
        var preprocessing = new Preprocessing { Size = 4 };
        var region = new RegionOfInterest(x, 4, width, height, angle);
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => new RegionToTensor(preprocessing).Run(new byte[64], format, default, region, tensor)).Message, StringComparison.Ordinal);
        Assert.False(RegionSampling.IsPossible(new Size2d(8, 8), region, preprocessing));
    }

    /// <summary>However large a region is, a pixel of the input reads no more than a few hundred.</summary>
    [Fact]
    public void Windows_are_bounded()
    {
        foreach (float side in (float[])[1, 50, 1000, 5000])
        foreach (float angle in (float[])[0, 0.4f, MathF.PI / 4])
        {
            var sampling = new RegionSampling(new Size2d(1000, 1000), default, new RegionOfInterest(500, 500, side, side, angle), new Preprocessing { Size = 16 });
            double reads = ((2 * sampling.HalfX / sampling.Lattice) + 1) * ((2 * sampling.HalfY / sampling.Lattice) + 1);
            Assert.InRange(reads, 4, 330);
        }
    }
}
