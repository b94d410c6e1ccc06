using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Images;

/// <summary>A classical image filter: one small window of weights that slides over each channel of a picture.</summary>
/// <param name="Name">What the field calls it, in kebab case.</param>
/// <param name="Size">Extent of the square window, in pixels, odd.</param>
/// <param name="Weights">The window's <c>Size·Size</c> weights, row by row from the top.</param>
public sealed record Filter(string Name, int Size, IReadOnlyList<float> Weights);

/// <summary>
/// The classical filters, as the convolutions they are: cross-correlations with stride 1 and the border pixels repeated
/// outwards, so that the result has the picture's size and no dark frame.
/// </summary>
/// <remarks>
/// Results are plain sums and may be negative. To look at one, clamp it to [0, 1]: a Sobel filter then shows only the edges
/// of its own direction (bright at its named side), and its opposite shows the others. The weights of identity, blurs and
/// emboss add up to 1, which keeps a flat area's brightness; those of Sobel add up to 0, which makes it black.
/// Source: Gonzalez and Woods, "Digital Image Processing", chapter 3 (blurs), and chapter 10 (Sobel).
/// </remarks>
public static class Filters
{
    /// <summary>The picture as it is.</summary>
    public static Filter Identity { get; } = new("identity", 3,
    [
        0, 0, 0,
        0, 1, 0,
        0, 0, 0,
    ]);

    /// <summary>The average of 5×5 pixels: a blur that leaves boxes.</summary>
    public static Filter Mean { get; } = new("mean", 5, [.. Enumerable.Repeat(1 / 25f, 25)]);

    /// <summary>A binomial window, near a Gaussian of σ = 1 pixel: a blur without boxes.</summary>
    public static Filter Gaussian { get; } = new("gaussian", 5,
    [
        1 / 256f, 4 / 256f, 6 / 256f, 4 / 256f, 1 / 256f,
        4 / 256f, 16 / 256f, 24 / 256f, 16 / 256f, 4 / 256f,
        6 / 256f, 24 / 256f, 36 / 256f, 24 / 256f, 6 / 256f,
        4 / 256f, 16 / 256f, 24 / 256f, 16 / 256f, 4 / 256f,
        1 / 256f, 4 / 256f, 6 / 256f, 4 / 256f, 1 / 256f,
    ]);

    /// <summary>Positive where it is brighter above than below.</summary>
    public static Filter SobelTop { get; } = new("sobel-top", 3,
    [
        1, 2, 1,
        0, 0, 0,
        -1, -2, -1,
    ]);

    /// <summary>Positive where it is brighter below than above.</summary>
    public static Filter SobelBottom { get; } = new("sobel-bottom", 3,
    [
        -1, -2, -1,
        0, 0, 0,
        1, 2, 1,
    ]);

    /// <summary>Positive where it is brighter at the left than at the right.</summary>
    public static Filter SobelLeft { get; } = new("sobel-left", 3,
    [
        1, 0, -1,
        2, 0, -2,
        1, 0, -1,
    ]);

    /// <summary>Positive where it is brighter at the right than at the left.</summary>
    public static Filter SobelRight { get; } = new("sobel-right", 3,
    [
        -1, 0, 1,
        -2, 0, 2,
        -1, 0, 1,
    ]);

    /// <summary>A relief along the falling diagonal, the picture's own brightness kept.</summary>
    public static Filter Emboss { get; } = new("emboss", 3,
    [
        -2, -1, 0,
        -1, 1, 1,
        0, 1, 2,
    ]);

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<Filter> All { get; } = [Identity, Mean, Gaussian, Emboss, SobelTop, SobelBottom, SobelLeft, SobelRight];

    /// <summary>The filter of a given name, or null.</summary>
    public static Filter? Find(string name) => All.FirstOrDefault(filter => filter.Name == name);

    /// <summary>
    /// A network that applies filters side by side to one picture: an input named <c>picture</c>, then for each filter a
    /// depthwise convolution of the filter's name, all of them outputs. Shapes: <c>[N, C, H, W] → [N, C, H, W]</c> each.
    /// </summary>
    /// <param name="picture">Shape of the picture, <c>[N, C, H, W]</c>.</param>
    /// <param name="filters">At least one, with different names.</param>
    public static Graph Graph(Shape picture, params IReadOnlyList<Filter> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        var builder = new GraphBuilder();
        var input = builder.Input("picture", picture);
        return builder.Build([.. filters.Select(filter => Add(builder, input, picture.Channels, filter))]);
    }

    /// <summary>Adds one filter to a network that is being built, as a node of the filter's name.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="input">The picture, <c>[N, channels, H, W]</c>.</param>
    /// <param name="channels">Channels of the picture, each filtered by itself.</param>
    /// <param name="filter">The filter.</param>
    /// <exception cref="ArgumentException">The filter's window is not odd, or does not have <c>Size·Size</c> weights.</exception>
    public static Node Add(GraphBuilder builder, Node input, int channels, Filter filter)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Size < 1 || filter.Size % 2 == 0 || filter.Weights.Count != filter.Size * filter.Size)
            throw new ArgumentException($"Filter '{filter.Name}': a window of {filter.Size}×{filter.Size} must have an odd size and as many weights; {filter.Weights.Count} were given.");
        var layer = new DepthwiseConv2d(channels, filter.Size) { Padding = filter.Size / 2, PaddingMode = PaddingMode.Replicate, HasBias = false };
        var weight = new Tensor(new Shape(channels, 1, filter.Size, filter.Size));
        for (int i = 0; i < weight.Span.Length; i++)
            weight.Span[i] = filter.Weights[i % filter.Weights.Count];
        return builder.Add(layer, input, [weight], filter.Name);
    }
}
