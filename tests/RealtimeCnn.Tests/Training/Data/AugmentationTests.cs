using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Tests.Training.Data;

/// <summary>Each number of an augmentation does what it says and nothing else, and 0 does nothing.</summary>
public sealed class AugmentationTests
{
    private const int Side = 21, Area = Side * Side;
    private static readonly Shape Picture = new(3, Side, Side);

    [Fact]
    public void Nothing_is_changed_where_nothing_is_asked_for() => Assert.Equal(Gradient(), Apply(new Augmentation(), Gradient()));

    [Fact]
    public void A_flip_mirrors_left_and_right()
    {
        float[] picture = Gradient(), flipped = Apply(new Augmentation { Flip = 1 }, picture);
        for (int i = 0; i < picture.Length; i++)
            Assert.Equal(picture[i - (i % Side) + (Side - 1 - (i % Side))], flipped[i], 1e-3f);
    }

    [Fact]
    public void A_shift_moves_the_picture_and_repeats_its_edge()
    {
        // A ramp of 4 a column, moved by at most 0.2 · 21 pixels.
        float[] picture = Filled((_, _, x) => 4 * x), moved = Apply(new Augmentation { Shift = 0.2f }, picture);
        float by = moved[10] - picture[10];
        Assert.InRange(Math.Abs(by), 0.01f, 4 * 0.2f * Side);
        for (int x = 0; x < Side; x++)
            Assert.Equal(Math.Clamp((4 * x) + by, 0, 4 * (Side - 1)), moved[x], 1e-3f);
    }

    [Fact]
    public void A_turn_keeps_the_middle_and_the_distances_from_it()
    {
        float[] picture = Filled((_, y, x) => 10 * MathF.Sqrt(((x - 10) * (x - 10)) + ((y - 10) * (y - 10)))), turned = Apply(new Augmentation { Rotation = 180 }, picture);
        // Bilinear interpolation of a cone, away from its tip and from the corners that turn out of the picture.
        for (int i = 0; i < Area; i++)
        {
            if (picture[i] is > 30 and < 95)
                Assert.Equal(picture[i], turned[i], 0.6f);
        }

        float[] ramp = Filled((_, _, x) => 4 * x);
        Assert.NotEqual(ramp, Apply(new Augmentation { Rotation = 180 }, ramp));
        Assert.Equal(ramp[(10 * Side) + 10], Apply(new Augmentation { Rotation = 180 }, ramp)[(10 * Side) + 10], 1e-3f);
    }

    [Fact]
    public void Scale_is_the_same_along_both_axes_and_axis_scale_is_not()
    {
        var (x, y) = Slopes(new Augmentation { Scale = 0.5f });
        Assert.Equal(x, y, 1e-3f);
        Assert.InRange(x / 4, MathF.Exp(-0.5f), MathF.Exp(0.5f));
        Assert.NotEqual(4, x, 0.01f);
        (x, y) = Slopes(new Augmentation { AxisScale = 0.5f });
        Assert.NotEqual(x, y, 0.01f);
        (x, y) = Slopes(new Augmentation { Shear = 0.5f });
        Assert.Equal((4f, 4f), (MathF.Round(x, 3), MathF.Round(y, 3)));
        Assert.NotEqual(Gradient(), Apply(new Augmentation { Shear = 0.5f }, Gradient()));

        // How fast a ramp along each axis rises in the middle.
        static (float X, float Y) Slopes(Augmentation augmentation)
        {
            int middle = (10 * Side) + 10;
            float[] across = Apply(augmentation, Filled((_, _, x) => 4 * x)), down = Apply(augmentation, Filled((_, y, _) => 4 * y));
            return (across[middle + 1] - across[middle], down[middle + Side] - down[middle]);
        }
    }

    [Fact]
    public void Bending_moves_places_by_no_more_than_a_little_over_its_pixels()
    {
        float[] ramp = Filled((_, _, x) => 4 * x), bent = Apply(new Augmentation { Elastic = 1, ElasticPixels = 2 }, ramp);
        float[] moves = [.. bent.Zip(ramp, (b, r) => (b - r) / 4)];
        Assert.InRange(moves.Max(), 0.2f, 3.2f);
        Assert.InRange(moves.Min(), -3.2f, -0.2f);
        // Smooth: neighbours move nearly alike.
        Assert.All(Enumerable.Range(0, Area - Side), i => Assert.Equal(moves[i], moves[i + Side], 1.2f));
        Assert.Equal(ramp, Apply(new Augmentation { ElasticPixels = 2 }, ramp));
    }

    [Fact]
    public void Light_and_colour_are_affine_in_each_channel_and_stay_within_bounds()
    {
        var (slope, offset) = Line(Apply(new Augmentation { Contrast = 0.5f }, Gradient()), 0);
        Assert.InRange(slope, 0.5f, 1.5f);
        Assert.Equal(127.5f, (127.5f * slope) + offset, 0.05f);
        (slope, offset) = Line(Apply(new Augmentation { Brightness = 40 }, Gradient()), 1);
        Assert.Equal(1, slope, 1e-4f);
        Assert.InRange(Math.Abs(offset), 0.5f, 40);
        float[] gained = Apply(new Augmentation { ChannelGain = 0.3f }, Gradient());
        var lines = Enumerable.Range(0, 3).Select(c => Line(gained, c)).ToArray();
        Assert.All(lines, line => Assert.Equal(0, line.Offset, 0.01f));
        Assert.Equal(3, lines.Select(line => line.Slope).Distinct().Count());
        Assert.All(Apply(new Augmentation { Brightness = 255, Contrast = 1 }, Gradient()), value => Assert.InRange(value, 0, 255));

        static (float Slope, float Offset) Line(float[] changed, int channel)
        {
            float[] picture = Gradient();
            int a = (channel * Area) + (8 * Side) + 8, b = a + 4;
            float slope = (changed[b] - changed[a]) / (picture[b] - picture[a]);
            return (slope, changed[a] - (slope * picture[a]));
        }
    }

    [Fact]
    public void Fading_goes_towards_grey_and_keeps_its_lightness()
    {
        float[] picture = Filled((c, _, _) => 60 * (c + 1)), faded = Apply(new Augmentation { Fade = 1 }, picture);
        double Gray(float[] p) => (0.299 * p[0]) + (0.587 * p[Area]) + (0.114 * p[2 * Area]);
        Assert.Equal(Gray(picture), Gray(faded), 1e-3);
        Assert.InRange(faded[2 * Area] - faded[0], 0, 119);
    }

    [Fact]
    public void Blur_spreads_a_point_evenly_and_loses_nothing()
    {
        float[] point = Filled((_, y, x) => (x, y) == (10, 10) ? 200 : 0), blurred = Apply(new Augmentation { Blur = 1, BlurPixels = 1.5f }, point);
        Assert.Equal(200, blurred[..Area].Sum(), 1e-2);
        int middle = (10 * Side) + 10;
        Assert.InRange(blurred[middle], 1, 190);
        Assert.Equal(blurred[middle + 1], blurred[middle - 1], 1e-4f);
        Assert.Equal(blurred[middle + 1], blurred[middle + Side], 1e-4f);
    }

    [Fact]
    public void Noise_has_the_level_asked_for()
    {
        float[] gray = Filled((_, _, _) => 127), noisy = Apply(new Augmentation { Noise = 1, NoiseLevel = 20 }, gray);
        double deviation = Math.Sqrt(noisy.Average(value => (value - 127.0) * (value - 127)));
        Assert.InRange(deviation, 0.1, 22);
        Assert.Equal(127, noisy.Average(), 3.0);
    }

    [Fact]
    public void A_cutout_is_one_grey_square()
    {
        float[] cut = Apply(new Augmentation { Cutout = 1, CutoutSide = 0.34f }, Filled((_, _, _) => 10));
        Assert.Equal(3 * 7 * 7, cut.Count(value => value == 127.5f));
        int[] rows = [.. Enumerable.Range(0, Area).Where(i => cut[i] == 127.5f).Select(i => i / Side).Distinct()];
        Assert.Equal(7, rows.Length);
    }

    [Fact]
    public void Chance_is_fair()
    {
        int flips = 0;
        double sum = 0;
        for (int sample = 0; sample < 2000; sample++)
        {
            var random = new SampleRandom(1, 0, sample);
            sum += random.Next();
            flips += random.Next() < 0.5 ? 1 : 0;
        }

        Assert.InRange(flips, 900, 1100);
        Assert.Equal(0.5, sum / 2000, 0.03);
    }

    private static float[] Apply(Augmentation augmentation, float[] picture)
    {
        float[] copy = [.. picture];
        var random = new SampleRandom(3, 1, 4);
        new SampleAugmenter(augmentation, Picture, null).Apply(copy, ref random);
        return copy;
    }

    private static float[] Gradient() => Filled((c, y, x) => 40 + (3 * x) + (2 * y) + (20 * c));

    private static float[] Filled(Func<int, int, int, float> value) => [.. Enumerable.Range(0, Picture.Count).Select(i => value(i / Area, i / Side % Side, i % Side))];
}
