namespace RealtimeCnn.Training.Data;

/// <summary>
/// What chance does to a picture before it is learned from, so that a network sees no picture twice. All geometry is one bilinear
/// resampling with replicated edges; colours follow, in the order below. What follows from chance depends on seed, epoch and sample
/// alone. Every number is 0 where nothing is to happen.
/// </summary>
public sealed record Augmentation
{
    /// <summary>Turns by up to so many degrees to either side.</summary>
    public float Rotation { get; init; }

    /// <summary>Enlarges by <c>e^u</c>, u up to so much to either side, the same along both axes.</summary>
    public float Scale { get; init; }

    /// <summary>The same for each axis by itself.</summary>
    public float AxisScale { get; init; }

    /// <summary>Shears each axis by up to so much of the other.</summary>
    public float Shear { get; init; }

    /// <summary>Shifts along each axis by up to this share of the picture, from 0 to 1.</summary>
    public float Shift { get; init; }

    /// <summary>Probability of mirroring left and right.</summary>
    public float Flip { get; init; }

    /// <summary>Probability of bending: places move by smooth noise, a 4×4 grid of random shifts.</summary>
    public float Elastic { get; init; }

    /// <summary>Most of those shifts, in pixels.</summary>
    public float ElasticPixels { get; init; } = 2;

    /// <summary>
    /// Probability of another background, of those that <see cref="BatchOptions.Backgrounds"/> has; for hands and faces in colour,
    /// which are found by that of skin.
    /// </summary>
    public float Background { get; init; }

    /// <summary>Multiplies the distance from mid-grey by 1 ± up to so much.</summary>
    public float Contrast { get; init; }

    /// <summary>Adds up to so much to either side, of 255.</summary>
    public float Brightness { get; init; }

    /// <summary>Multiplies each channel by its own 1 ± up to so much.</summary>
    public float ChannelGain { get; init; }

    /// <summary>Probability of fading towards grey, by any share.</summary>
    public float Fade { get; init; }

    /// <summary>Probability of a Gaussian blur.</summary>
    public float Blur { get; init; }

    /// <summary>Largest standard deviation of the blur, in pixels; the smallest is 0.4.</summary>
    public float BlurPixels { get; init; } = 1;

    /// <summary>Probability of Gaussian noise.</summary>
    public float Noise { get; init; }

    /// <summary>Largest standard deviation of the noise, of 255.</summary>
    public float NoiseLevel { get; init; } = 10;

    /// <summary>Probability of a grey square in place of a part of the picture.</summary>
    public float Cutout { get; init; }

    /// <summary>Side of that square, as a share of the picture's shorter one.</summary>
    public float CutoutSide { get; init; } = 0.25f;

    /// <summary>
    /// α of mixup: each picture is mixed with another of chance, and so are their labels, by a share drawn from Beta(α, α); from 0, for
    /// none, to 2. Targets are probabilities of all classes then.
    /// </summary>
    /// <remarks>Source: Zhang et al. 2017, "mixup: Beyond Empirical Risk Minimization", arXiv:1710.09412.</remarks>
    public float Mixup { get; init; }

    /// <summary>For written digits and letters: a little of all geometry, and bending.</summary>
    /// <remarks>Source: Simard, Steinkraus and Platt 2003, "Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis".</remarks>
    public static Augmentation Digits { get; } = new() { Rotation = 10, AxisScale = 0.1f, Shear = 0.15f, Shift = 0.07f, Elastic = 0.5f };

    /// <summary>For photographs of things that may be mirrored: geometry, light, colour, blur and noise.</summary>
    public static Augmentation Photographs { get; } = new()
    {
        Rotation = 20, Scale = 0.2f, Shift = 0.1f, Flip = 0.5f, Contrast = 0.3f, Brightness = 35, ChannelGain = 0.12f, Fade = 0.3f, Blur = 0.2f, Noise = 0.3f,
    };

    internal bool HasGeometry => Rotation != 0 || Scale != 0 || AxisScale != 0 || Shear != 0 || Shift != 0 || Flip != 0 || Elastic != 0;

    /// <exception cref="ArgumentOutOfRangeException">A number is not possible; the message names it.</exception>
    internal void Verify()
    {
        foreach (var (name, value, most) in new[]
        {
            (nameof(Rotation), Rotation, 360), (nameof(Scale), Scale, 3), (nameof(AxisScale), AxisScale, 3), (nameof(Shear), Shear, 3), (nameof(Shift), Shift, 1), (nameof(Flip), Flip, 1),
            (nameof(Elastic), Elastic, 1), (nameof(ElasticPixels), ElasticPixels, 1000), (nameof(Background), Background, 1), (nameof(Contrast), Contrast, 1), (nameof(Brightness), Brightness, 255), (nameof(ChannelGain), ChannelGain, 1),
            (nameof(Fade), Fade, 1), (nameof(Blur), Blur, 1), (nameof(BlurPixels), BlurPixels, 10), (nameof(Noise), Noise, 1), (nameof(NoiseLevel), NoiseLevel, 255), (nameof(Cutout), Cutout, 1), (nameof(CutoutSide), CutoutSide, 1), (nameof(Mixup), Mixup, 2),
        })
        {
            if (!(value >= 0 && value <= most))
                throw new ArgumentOutOfRangeException(name, value, $"Augmentation: {name} must be from 0 to {most}.");
        }
    }
}
