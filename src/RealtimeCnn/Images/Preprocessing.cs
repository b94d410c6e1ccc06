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
/// <c>y = (x − Mean) / Deviation</c> for each colour, x in [0, 1]. Training, the CPU and the GPU all read this.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Height and width of the input, each at least 1.</summary>
    public required Size2d Size { get; init; }

    /// <summary>How the picture is brought to that size.</summary>
    public FitMode Fit { get; init; } = FitMode.Stretch;

    /// <summary>What the channels mean.</summary>
    public ColorOrder Order { get; init; } = ColorOrder.Rgb;

    /// <summary>Subtracted from each colour, which lies in [0, 1]. For <see cref="ColorOrder.Gray"/>, R is used.</summary>
    public Rgb Mean { get; init; }

    /// <summary>Divides each colour after the mean is off; above 0. For <see cref="ColorOrder.Gray"/>, R is used.</summary>
    public Rgb Deviation { get; init; } = 1;

    /// <summary>Colour of the border that <see cref="FitMode.Letterbox"/> leaves, in [0, 1], before the mean is off.</summary>
    public Rgb Border { get; init; }

    /// <summary>What ImageNet models of PyTorch's zoo expect, at a given size.</summary>
    public static Preprocessing ImageNet(Size2d size) => new()
    {
        Size = size, Fit = FitMode.Crop, Mean = new(0.485, 0.456, 0.406), Deviation = new(0.229, 0.224, 0.225),
    };

    /// <summary>Shape of the input for one frame, <c>[1, C, H, W]</c>.</summary>
    public Shape Shape => new(1, Order == ColorOrder.Gray ? 1 : 3, Size.Height, Size.Width);

    /// <summary>Where the input's places lie in frames of a format and geometry, and back.</summary>
    public PictureMapping Map(FrameFormat format, FrameGeometry geometry) => new(new(format.Height, format.Width), geometry, Size, Fit);

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A side is below 1, or a deviation is not above 0.</exception>
    public void Validate()
    {
        if (Size.Height < 1 || Size.Width < 1)
            throw new ArgumentException($"Preprocessing: an input of {Size} pixels is not possible; each side is at least 1.");
        if (!(Deviation is { R: > 0, G: > 0, B: > 0 }))
            throw new ArgumentException($"Preprocessing: the deviation divides, so each number must be above 0; it is ({Deviation.R}, {Deviation.G}, {Deviation.B}).");
    }

    /// <summary>
    /// The channels as affine functions of the colours, one row (r, g, b, bias) each: <c>y = ((r·R + g·G) + b·B) + bias</c>
    /// in float32, in this order. A row of zeros where there is no channel.
    /// </summary>
    internal float[] ColorRows()
    {
        var (mean, deviation) = (Mean, Deviation);
        float[] r = [(float)(1 / deviation.R), 0, 0, (float)(-mean.R / deviation.R)];
        float[] g = [0, (float)(1 / deviation.G), 0, (float)(-mean.G / deviation.G)];
        float[] b = [0, 0, (float)(1 / deviation.B), (float)(-mean.B / deviation.B)];
        float[] luma = [(float)(0.299 / deviation.R), (float)(0.587 / deviation.R), (float)(0.114 / deviation.R), r[3]];
        return Order switch
        {
            ColorOrder.Rgb => [.. r, .. g, .. b],
            ColorOrder.Bgr => [.. b, .. g, .. r],
            _ => [.. luma, 0, 0, 0, 0, 0, 0, 0, 0],
        };
    }
}
