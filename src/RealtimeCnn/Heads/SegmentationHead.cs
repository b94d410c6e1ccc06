using System.Globalization;
using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>
/// What the output of a segmentation network means: a score for each class at each place, <c>[1, K, H, W]</c>, of which the largest wins, the
/// first of equal ones; or one score for the foreground, <c>[1, 1, H, W]</c>. Scores, not answers, are interpolated between places
/// (bilinear, half-pixel, the border repeated), so that edges are smooth in a picture of any size.
/// </summary>
/// <remarks>A score that is no number belongs to no class. Source of the interpolation: ONNX Resize, linear, half_pixel, as Long et al. 2015, arXiv:1411.4038, bring scores to the picture.</remarks>
public sealed record SegmentationHead : ModelHead
{
    private const string NoBackground = "none";

    /// <inheritdoc/>
    public override string Family => "segmentation";

    /// <summary>What a place is that belongs to no class: it was not seen, or its scores are no numbers.</summary>
    public const byte None = 255;

    /// <summary>Most classes.</summary>
    public const int MostClasses = 255;

    /// <summary>Number of the class that is not drawn, and behind which <see cref="Drawing.Backdrop"/> lies; null for none.</summary>
    public int? Background { get; init; } = 0;

    /// <summary>Whether scores still need softmax, or one of the foreground sigmoid, to be probabilities.</summary>
    public bool AreLogits { get; init; } = true;

    /// <summary>Probability of the foreground from which on it is there, in (0, 1); of one score alone, and for backdrops.</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>What a class of one score is: 0 is the background, 1 the foreground.</summary>
    /// <param name="output">Shape of the output.</param>
    /// <returns>How many classes are told apart.</returns>
    /// <exception cref="ArgumentException">It is no output of segmentation, or the head's numbers do not go with it; the message says why.</exception>
    public int ClassesOf(Shape output)
    {
        if (Threshold is not (> 0 and < 1))
            throw new ArgumentException($"A threshold lies between 0 and 1; it is {Threshold}.");
        if (output.Rank != 4 || output.Batch != 1 || output.Channels > MostClasses)
            throw new ArgumentException($"A segmentation has an output [1, K, H, W] with K from 1 to {MostClasses}; this one is {output}.", nameof(output));
        int classes = Math.Max(output.Channels, 2);
        return Background is null || (uint)Background.Value < (uint)classes ? classes
            : throw new ArgumentException($"There are {classes} classes; the background cannot be class {Background}.", nameof(output));
    }

    /// <summary>Score of the foreground from which on it is there, where it is the only one.</summary>
    internal float Cut => AreLogits ? MathF.Log(Threshold / (1 - Threshold)) : Threshold;

    /// <summary>Where in the input a place of the upright picture lies, both from 0 to 1: <c>input = picture · Scale + Offset</c>. Beyond [0, 1] the network saw nothing.</summary>
    internal static (float ScaleX, float ScaleY, float OffsetX, float OffsetY) WindowOf(PictureMapping mapping)
    {
        PicturePoint first = mapping.FromUpright(new(0, 0)), last = mapping.FromUpright(new(mapping.Upright.Width, mapping.Upright.Height));
        double width = mapping.Input.Width, height = mapping.Input.Height;
        return ((float)((last.X - first.X) / width), (float)((last.Y - first.Y) / height), (float)(first.X / width), (float)(first.Y / height));
    }

    internal override ModelHead Read(HeadEntries entries) => this with
    {
        Background = entries.Text("background", string.Empty) == NoBackground ? null : entries.Whole("background", Background ?? 0, 0, MostClasses - 1),
        AreLogits = entries.Flag("logits", AreLogits), Threshold = entries.Number("threshold", Threshold, 0.0001f, 0.9999f),
    };

    internal override void Write(HeadEntries entries)
    {
        entries.Set("background", Background?.ToString(CultureInfo.InvariantCulture) ?? NoBackground);
        entries.Set("logits", AreLogits);
        entries.Set("threshold", Threshold);
    }
}
