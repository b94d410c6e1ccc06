using System.Globalization;

namespace RealtimeCnn.Images;

/// <summary>What the channels of a network's input mean.</summary>
public enum ColorOrder
{
    /// <summary>Three channels: red, green, blue.</summary>
    Rgb,

    /// <summary>Three channels: blue, green, red.</summary>
    Bgr,

    /// <summary>One channel: luma, <c>0.299 R + 0.587 G + 0.114 B</c> (ITU-R BT.601).</summary>
    Gray,
}

/// <summary>A colour, or one number for each colour; red, green, blue.</summary>
/// <param name="R">Of red.</param>
/// <param name="G">Of green.</param>
/// <param name="B">Of blue.</param>
public readonly record struct Rgb(double R, double G, double B)
{
    /// <summary>The same number for each colour.</summary>
    public static implicit operator Rgb(double value) => new(value, value, value);
}

/// <summary>
/// How a frame becomes the input of a network: fitted and resized (half-pixel, antialiased when shrinking), then
/// <c>y = (pixel − Mean) · Scale</c> for each colour, pixels from 0 to 255: the numbers of a model's card and of a file's
/// metadata as they stand. Training, the CPU and the GPU all read this.
/// </summary>
/// <remarks>
/// A card that gives mean m and deviation s for colours in [0, 1], as PyTorch's do, says <c>Mean = 255·m</c>, <c>Scale = 1 / (255·s)</c>.
/// </remarks>
public sealed record Preprocessing
{
    private const double MaxPixel = 255;

    /// <summary>Height and width of the input, each at least 1.</summary>
    public required Size2d Size { get; init; }

    /// <summary>How the picture is brought to that size.</summary>
    public FitMode Fit { get; init; } = FitMode.Stretch;

    /// <summary>What the channels mean.</summary>
    public ColorOrder Order { get; init; } = ColorOrder.Rgb;

    /// <summary>Subtracted from each colour of a pixel, 0 to 255. For <see cref="ColorOrder.Gray"/>, R is used.</summary>
    public Rgb Mean { get; init; }

    /// <summary>Multiplies each colour after the mean is off; finite, not 0. 1/255 brings pixels to [0, 1]. For <see cref="ColorOrder.Gray"/>, R is used.</summary>
    public Rgb Scale { get; init; } = 1 / 255.0;

    /// <summary>Colour of the border that <see cref="FitMode.Letterbox"/> leaves, 0 to 255, before the mean is off.</summary>
    public Rgb Border { get; init; }

    /// <summary>What ImageNet models of PyTorch's zoo expect, at a given size.</summary>
    public static Preprocessing ImageNet(Size2d size) => new()
    {
        Size = size, Fit = FitMode.Crop, Mean = new(123.675, 116.28, 103.53), Scale = new(1 / 58.395, 1 / 57.12, 1 / 57.375),
    };

    /// <summary>Shape of the input for one frame, <c>[1, C, H, W]</c>.</summary>
    public Shape Shape => new(1, Order == ColorOrder.Gray ? 1 : 3, Size.Height, Size.Width);

    /// <summary>Where the input's places lie in frames of a format and geometry, and back.</summary>
    public PictureMapping Map(FrameFormat format, FrameGeometry geometry) => new(new(format.Height, format.Width), geometry, Size, Fit);

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A side is below 1, a scale is 0, or a number is not finite.</exception>
    public void Validate()
    {
        if (Size.Height < 1 || Size.Width < 1)
            throw new ArgumentException($"Preprocessing: an input of {Size.Width}×{Size.Height} pixels is not possible; each side is at least 1.");
        Check("mean", Mean, double.IsFinite, "must be finite");
        Check("scale", Scale, number => double.IsFinite(number) && number != 0, "multiplies, so each number must be finite and not 0");
        Check("border", Border, double.IsFinite, "must be finite");
    }

    /// <summary>The border as the frame shaders read colours: 1 is full.</summary>
    internal Rgb UnitBorder => new(Border.R / MaxPixel, Border.G / MaxPixel, Border.B / MaxPixel);

    /// <summary>
    /// The channels as affine functions of the colours of a pixel, from 0 to 255, one row (r, g, b, bias) each:
    /// <c>y = r·R + g·G + b·B + bias</c>. A row of zeros where there is no channel.
    /// </summary>
    internal double[] ColorRows()
    {
        var (mean, scale) = (Mean, Scale);
        double[] r = [scale.R, 0, 0, -mean.R * scale.R], g = [0, scale.G, 0, -mean.G * scale.G], b = [0, 0, scale.B, -mean.B * scale.B];
        return Order switch
        {
            ColorOrder.Rgb => [.. r, .. g, .. b],
            ColorOrder.Bgr => [.. b, .. g, .. r],
            _ => [0.299 * scale.R, 0.587 * scale.R, 0.114 * scale.R, r[3], 0, 0, 0, 0, 0, 0, 0, 0],
        };
    }

    /// <summary>The same of colours in [0, 1], in float32.</summary>
    internal float[] UnitColorRows() => [.. ColorRows().Select((number, i) => (float)(i % 4 < 3 ? MaxPixel * number : number))];

    private static void Check(string what, Rgb numbers, Func<double, bool> isPossible, string rule)
    {
        if (!isPossible(numbers.R) || !isPossible(numbers.G) || !isPossible(numbers.B))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Preprocessing: the {what} {rule}; it is ({numbers.R}, {numbers.G}, {numbers.B})."));
    }
}
