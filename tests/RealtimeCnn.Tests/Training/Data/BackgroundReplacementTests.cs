using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Tests.Training.Data;

/// <summary>A hand is found by its colour, whole and alone, and stands before another picture afterwards.</summary>
public sealed class BackgroundReplacementTests
{
    private const int Height = 33, Width = 41, Area = Height * Width;

    [Fact]
    public void The_largest_thing_of_the_foreground_s_colour_is_found_with_its_holes()
    {
        float[] mask = new float[Area];
        new ForegroundMask(Height, Width).Find(Hand(), mask);
        for (int i = 0; i < Area; i++)
        {
            double distance = Distance(i);
            // Smoothing, widening and smoothing again move the edge by some pixels.
            if (distance < 9)
                Assert.Equal(1, mask[i]);
            else if (distance > 16)
                Assert.Equal(0, mask[i]);
        }
    }

    [Fact]
    public void A_picture_of_one_colour_has_a_mask_of_numbers()
    {
        float[] mask = new float[Area];
        new ForegroundMask(Height, Width).Find(new float[3 * Area], mask);
        Assert.All(mask, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void The_hand_stays_and_the_rest_is_a_part_of_the_background()
    {
        float[] hand = Hand(), replaced = Replace(Backgrounds(), 7);
        for (int i = 0; i < Area; i++)
        {
            if (Distance(i) < 9)
                Assert.Equal(hand[i], replaced[i]);
        }

        // The background's ramps go on from pixel to pixel, over 15 to 100 % of its 50 pixels.
        float slope = (replaced[Width - 1] - replaced[Width - 5]) / 4;
        Assert.InRange(slope, 2 * 0.15f * 50 / Width * 0.99f, 2f * 50 / Width);
        Assert.Equal(slope, (replaced[(30 * Width) + 3] - replaced[30 * Width]) / 3, 1e-3f);
        Assert.NotEqual(replaced, Replace(Backgrounds(), 8));
        Assert.Equal(replaced, Replace(Backgrounds(), 7));
    }

    [Fact]
    public void Batches_replace_backgrounds_as_often_as_they_are_told()
    {
        var data = new PictureSet(new Shape(3, Height, Width), [.. Hand().Select(value => (byte)value)], [0], ["hand"]).Select(new int[200]);
        using var loader = new BatchLoader(data, new BatchOptions { Size = 200, Augmentation = new Augmentation { Background = 0.4f }, Backgrounds = Backgrounds() });
        int replaced = loader.Epoch(0).Single().Samples.Span.ToArray().Chunk(3 * Area).Count(sample => sample[0] != Hand()[0]);
        Assert.InRange(replaced, 60, 100);
        Assert.Contains("Backgrounds", Assert.Throws<ArgumentException>(() => new BatchLoader(data, new BatchOptions { Augmentation = new Augmentation { Background = 0.4f } })).Message, StringComparison.Ordinal);
        var gray = new PictureSet(new Shape(1, 8, 8), new byte[64], [0], ["a"]);
        Assert.Throws<DataSetException>(() => new BatchLoader(data, new BatchOptions { Augmentation = new Augmentation { Background = 0.4f }, Backgrounds = gray }));
    }

    private static float[] Replace(IDataSet backgrounds, int sample)
    {
        float[] picture = Hand();
        var random = new SampleRandom(1, 0, sample);
        new BackgroundReplacement(backgrounds, new Shape(3, Height, Width)).Apply(picture, ref random);
        return picture;
    }

    private static double Distance(int i) => Math.Sqrt(Math.Pow((i % Width) - 20, 2) + Math.Pow((i / Width) - 16, 2));

    /// <summary>A disc of skin with a hole, and a speck of skin, before a noisy wall.</summary>
    private static float[] Hand()
    {
        var random = new Random(4);
        float[] picture = new float[3 * Area];
        for (int i = 0; i < Area; i++)
        {
            bool isSkin = Distance(i) is <= 11.5 and > 2.5 || i is (2 * Width) + 2 or (2 * Width) + 3;
            float light = random.Next(12);
            (picture[i], picture[i + Area], picture[i + (2 * Area)]) = isSkin ? (200 + light, 150 + light, 120 + light) : (130 + light, 135 + light, 140 + light);
        }

        return picture;
    }

    /// <summary>One picture that rises by two from column to column.</summary>
    private static PictureSet Backgrounds() => new(new Shape(3, 50, 60), [.. Enumerable.Range(0, 3 * 50 * 60).Select(i => (byte)(2 * (i % 60)))], [0], ["background"]);
}
