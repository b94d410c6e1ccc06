using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Heads;

/// <summary>Masks against the definition, spelled out in double for one pixel after the other; and what garbage becomes.</summary>
public sealed class SegmentationMaskTests
{
    public static TheoryData<int, int, int, FitMode> Cases => new()
    {
        { 2, 5, 7, FitMode.Stretch }, { 5, 3, 2, FitMode.Crop }, { 21, 9, 8, FitMode.Letterbox }, { 1, 4, 6, FitMode.Crop }, { 3, 1, 1, FitMode.Stretch }, { 1, 1, 5, FitMode.Letterbox }, { 255, 2, 3, FitMode.Stretch },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_pixel_has_the_class_with_the_largest_interpolated_score(int channels, int height, int width, FitMode fit)
    {
        using var scores = Noise.Of(new Shape(1, channels, height, width), seed: channels);
        var head = new SegmentationHead { AreLogits = false, Threshold = 0.1f };
        var mapping = new PictureMapping(new(37, 53), new FrameGeometry(Rotation.Clockwise90, false), new(64, 48), fit);
        foreach (Size2d? size in (Size2d?[])[null, new Size2d(31, 17)])
        {
            var mask = new SegmentationMask(head);
            mask.Read(scores, mapping, size);
            var picture = size ?? mapping.Upright;
            Assert.Equal((picture, Math.Max(channels, 2)), (mask.Size, mask.ClassCount));
            int[] counts = new int[256];
            int near = 0;
            for (int y = 0; y < picture.Height; y++)
            {
                for (int x = 0; x < picture.Width; x++)
                {
                    var (expected, lead) = Oracle(scores, mapping, (x + 0.5) / picture.Width, (y + 0.5) / picture.Height, 0.1);
                    byte found = mask.Classes[(y * picture.Width) + x];
                    counts[found]++;
                    if (lead > 1e-5)
                        Assert.True(expected == found, $"at {x}, {y}: class {found} instead of {expected}");
                    else
                        near++;
                }
            }

            Assert.True(near < 5, $"{near} pixels are too near to tell");
            Assert.All(Enumerable.Range(0, 256), k => Assert.Equal(100.0 * counts[k] / (picture.Height * picture.Width), mask.Percent(k), 1e-9));
        }
    }

    [Fact]
    public void What_was_not_seen_or_is_no_number_belongs_to_no_class()
    {
        // The left half of the scores is garbage; a crop of a wide picture leaves out its sides.
        using var scores = new Tensor(new Shape(1, 3, 2, 4));
        scores.Span.Clear();
        for (int i = 0; i < scores.Span.Length; i++)
            scores.Span[i] = i % 4 < 2 ? float.NaN : i / 8;
        var mask = new SegmentationMask();
        mask.Read(scores, new PictureMapping(new(8, 32), default, new(8, 16), FitMode.Crop));
        Assert.Equal(Enumerable.Repeat((byte)SegmentationHead.None, 8 + 8), mask.Classes[..16].ToArray());
        Assert.Equal(2, mask.Classes[23]);
        Assert.Equal(SegmentationHead.None, mask.Classes[24]);
        Assert.Equal(100, mask.Percent(2) + mask.Percent(SegmentationHead.None), 1e-9);

        // Infinities are large numbers.
        for (int i = 0; i < 24; i++)
            scores.Span[i] = i / 8 == 1 ? float.PositiveInfinity : float.NegativeInfinity;
        mask.Read(scores, new PictureMapping(new(2, 4), default, new(2, 4), FitMode.Stretch), new Size2d(1, 1));
        Assert.Equal([1], mask.Classes.ToArray());
        using var one = new Tensor(new Shape(1, 1, 1, 1), [float.NaN]);
        mask.Read(one, new PictureMapping(new(2, 4), default, new(2, 4), FitMode.Stretch));
        Assert.All(mask.Classes.ToArray(), k => Assert.Equal(SegmentationHead.None, k));
    }

    [Fact]
    public void One_score_is_the_foreground_from_its_threshold_on()
    {
        float[] values = [-2, -0.1f, 0.1f, 2];
        using var scores = new Tensor(new Shape(1, 1, 1, 4), values);
        Assert.Equal([0, 0, 1, 1], Read(new SegmentationHead()));
        Assert.Equal([0, 0, 0, 1], Read(new SegmentationHead { Threshold = 0.8f }));
        Assert.Equal([0, 0, 0, 1], Read(new SegmentationHead { AreLogits = false }));

        byte[] Read(SegmentationHead head)
        {
            var mask = new SegmentationMask(head);
            mask.Read(scores, new PictureMapping(new(1, 4), default, new(1, 4), FitMode.Stretch));
            return mask.Classes.ToArray();
        }
    }

    [Fact]
    public void What_cannot_be_is_named()
    {
        Assert.Contains("[1, 2]", Refused(new(), new Shape(1, 2)), StringComparison.Ordinal);
        Assert.Contains("255", Refused(new(), new Shape(1, 256, 2, 2)), StringComparison.Ordinal);
        Assert.Contains("threshold", Refused(new() { Threshold = 1 }, new Shape(1, 2, 2, 2)), StringComparison.Ordinal);
        Assert.Contains("class 4", Refused(new() { Background = 4 }, new Shape(1, 2, 2, 2)), StringComparison.Ordinal);
        using var scores = new Tensor(new Shape(1, 2, 2, 2));
        Assert.Throws<ArgumentException>(() => new SegmentationMask().Read(scores, new PictureMapping(new(2, 2), default, new(2, 2), FitMode.Stretch), new Size2d(0, 4)));

        static string Refused(SegmentationHead head, Shape shape) => Assert.Throws<ArgumentException>(() => head.ClassesOf(shape)).Message;
    }

    [Fact]
    public void Pictures_are_written_from_any_range()
    {
        using var output = new Tensor(new Shape(1, 3, 1, 2), [-1, 1, 0, 2, -3, float.NaN]);
        byte[] rgb = new byte[6];
        new PictureHead(-1).Write(output, rgb);
        Assert.Equal([0, 128, 0, 255, 255, 0], rgb);
        using var gray = new Tensor(new Shape(1, 1, 1, 2), [51, 300]);
        new PictureHead(0, 255).Write(gray, rgb);
        Assert.Equal([51, 51, 51, 255, 255, 255], rgb);
        Assert.Equal(new PictureHead(0, 255), PictureHead.Recognize([0, 30, 200, -4]));
        Assert.Equal(new PictureHead(-1), PictureHead.Recognize([-0.9f, 0.3f, 1.1f, float.NaN]));
        Assert.Equal(new PictureHead(), PictureHead.Recognize([0, 0.3f, 1.1f, -0.05f]));
        Assert.Throws<ArgumentException>(() => new PictureHead(2, 2).Write(gray, rgb));
        Assert.Throws<ArgumentException>(() => new PictureHead().Write(gray, new byte[5]));
        Assert.Throws<ArgumentException>(() => PictureHead.Verify(new Shape(1, 2, 4, 4)));
    }

    private static (int Class, double Lead) Oracle(Tensor scores, PictureMapping mapping, double u, double v, double threshold)
    {
        var input = mapping.FromUpright(new(u * mapping.Upright.Width, v * mapping.Upright.Height));
        double inputU = input.X / mapping.Input.Width, inputV = input.Y / mapping.Input.Height;
        double outside = Math.Max(Math.Max(-inputU, inputU - 1), Math.Max(-inputV, inputV - 1));
        if (outside > 0)
            return (SegmentationHead.None, outside);
        var shape = scores.Shape;
        double x = (inputU * shape.Width) - 0.5, y = (inputV * shape.Height) - 0.5, best = double.NegativeInfinity, second = double.NegativeInfinity;
        int number = 0;
        for (int k = 0; k < shape.Channels; k++)
        {
            double sum = 0;
            for (int row = 0; row < shape.Height; row++)
            {
                for (int column = 0; column < shape.Width; column++)
                    sum += scores[0, k, row, column] * Hat(y, row, shape.Height) * Hat(x, column, shape.Width);
            }

            if (sum > best)
                (number, second, best) = (k, best, sum);
            else
                second = Math.Max(second, sum);
        }

        return shape.Channels == 1 ? (best >= threshold ? 1 : 0, Math.Abs(best - threshold)) : (number, Math.Min(best - second, -outside + 1));
    }

    /// <summary>Weight of an element at a place: a triangle around its centre, and all of it beyond the border's.</summary>
    private static double Hat(double place, int element, int count) => Math.Max(0, 1 - Math.Abs(Math.Clamp(place, 0, count - 1) - element));
}
