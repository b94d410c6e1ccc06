using System.Numerics;

namespace RealtimeCnn.Heads;

/// <summary>What makes a number of an output a score or a part of one.</summary>
internal enum ScoreActivation
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>1 / (1 + e^−x).</summary>
    Sigmoid,

    /// <summary>Softmax over the classes of a place.</summary>
    Softmax,
}

/// <summary>How the score of a class and that of there being anything become one.</summary>
internal enum ScoreJoin
{
    /// <summary>There is only that of the class.</summary>
    ClassAlone,

    /// <summary>Their product.</summary>
    Product,

    /// <summary>The root of their product, both cut to [0, 1] first.</summary>
    GeometricMean,

    /// <summary>objectness^0.6 · class^0.4.</summary>
    Weighted,
}

/// <summary>What four numbers of a place say about its box.</summary>
internal enum BoxForm
{
    /// <summary>Left, top, right and bottom.</summary>
    Corners,

    /// <summary>The centre as a shift from that of the prior, and the sides as factors of its.</summary>
    Centre,

    /// <summary>Distances of the four sides from the prior's centre.</summary>
    Distances,
}

/// <summary>What is done to a shift.</summary>
internal enum ShiftActivation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>1 / (1 + e^−x).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,
}

/// <summary>What is done to a side.</summary>
internal enum SideActivation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>e^x, for x up to <see cref="HeadLayout.LargestLog"/>.</summary>
    Exp,

    /// <summary>1 / (1 + e^−x).</summary>
    Sigmoid,
}

/// <summary>
/// Where numbers lie in an output: that of a place and a channel is element
/// <c>First + cell · PerCell + anchor · PerAnchor + channel · PerChannel</c>.
/// </summary>
internal readonly record struct HeadField(int Output, int First, int PerCell, int PerAnchor, int PerChannel)
{
    /// <summary>In an output <c>[N, places, channels]</c>.</summary>
    /// <param name="output">Number of the output.</param>
    /// <param name="channels">Channels of a place.</param>
    /// <param name="anchors">Places of a cell.</param>
    /// <param name="firstPlace">Of the grid, in the output.</param>
    /// <param name="channel">The first channel that belongs to the field.</param>
    public static HeadField Rows(int output, int channels, int anchors, int firstPlace = 0, int channel = 0) =>
        new(output, (firstPlace * channels) + channel, anchors * channels, channels, 1);

    /// <summary>In an output <c>[N, anchors · channels, H, W]</c>.</summary>
    /// <param name="output">Number of the output.</param>
    /// <param name="area">Elements of a map.</param>
    /// <param name="channels">Channels of an anchor.</param>
    /// <param name="channel">The first channel that belongs to the field.</param>
    public static HeadField Maps(int output, int area, int channels = 0, int channel = 0) => new(output, channel * area, 1, channels * area, area);
}

/// <summary>Places in rows and columns of cells, each of which has as many places as anchors.</summary>
/// <param name="Rows">Of cells.</param>
/// <param name="Columns">Of cells.</param>
/// <param name="Cell">Width and height of a cell, in pixels of the input.</param>
/// <param name="Anchors">Width and height of the priors of a cell, in pixels of the input; at least one.</param>
internal sealed record HeadGrid(int Rows, int Columns, Vector2 Cell, Vector2[] Anchors)
{
    /// <summary>Where in its cell a prior's centre is, in cells.</summary>
    public float Offset { get; init; }

    public required HeadField Scores { get; init; }

    public HeadField Objectness { get; init; }

    public required HeadField Boxes { get; init; }

    public HeadField Points { get; init; }

    public int Places => Rows * Columns * Anchors.Length;
}

/// <summary>
/// How the outputs of one network become candidates: all that differs between families, as numbers. A candidate is a class of a place;
/// places are numbered through the grids, by rows, columns and anchors.
/// </summary>
internal sealed record HeadLayout
{
    /// <summary>Largest logarithm of a side, so that garbage becomes no infinite box.</summary>
    public const float LargestLog = 10;

    /// <summary>A box with a corner further away, in pixels, is none.</summary>
    public const float Furthest = 1e9f;

    public required HeadGrid[] Grids { get; init; }

    /// <summary>Size of the input, in pixels.</summary>
    public required Size2d Input { get; init; }

    /// <summary>Classes, the background not among them.</summary>
    public required int Classes { get; init; }

    /// <summary>Channels of scores before that of the first class: 1 for a background, else 0.</summary>
    public int Background { get; init; }

    public ScoreActivation Scores { get; init; }

    public ScoreActivation Objectness { get; init; }

    public ScoreJoin Join { get; init; }

    /// <summary>Whether every class of a place may be a candidate, not only the best.</summary>
    public bool EachClass { get; init; }

    /// <summary>Whether a place counts only where its objectness is not below that of its neighbours; of equal ones the first is one. For a single anchor.</summary>
    public bool PeaksAlone { get; init; }

    public BoxForm Form { get; init; }

    public ShiftActivation Shift { get; init; }

    public SideActivation Side { get; init; }

    /// <summary>Pixels of a corner, or what a shift is multiplied by.</summary>
    public Vector2 ShiftScale { get; init; } = Vector2.One;

    /// <summary>What a side is multiplied by before its activation.</summary>
    public Vector2 SideScale { get; init; } = Vector2.One;

    /// <summary>Whether shifts are in units of the prior's sides, not of the cell's.</summary>
    public bool ShiftsByAnchor { get; init; }

    /// <summary>Numbers of a distance, whose softmax is its distribution over 0, 1, 2, …; 1 where the distance itself is given.</summary>
    public int Bins { get; init; } = 1;

    /// <summary>The furthest that a prior's centre may be, in pixels.</summary>
    public Vector2 PriorLimit { get; init; } = new(Furthest);

    /// <summary>Whether boxes end where the input does.</summary>
    public bool IsCut { get; init; }

    /// <summary>Landmarks of a place, as shifts without activation.</summary>
    public int Landmarks { get; init; }

    public int Places => Grids.Sum(grid => grid.Places);
}
