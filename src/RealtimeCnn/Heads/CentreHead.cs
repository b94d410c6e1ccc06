using System.Numerics;

namespace RealtimeCnn.Heads;

/// <summary>
/// Things as points: a heat map, as logits, whose local maxima are centres of things; at each place what it is if it is one, as logits of
/// softmax, and a box: the centre's distance from the place's top left corner in cells, and the logarithms of width and height in units
/// of <see cref="Unit"/> pixels. A score is the heat times the probability of the class. Outputs <c>[N, 1, H, W]</c>,
/// <c>[N, K, H, W]</c> and <c>[N, 4, H, W]</c> for pictures of any whole number of cells.
/// </summary>
/// <remarks>Source: Zhou et al. 2019, "Objects as Points", arXiv:1904.07850; classes apart from heat as in Redmon et al. 2016, arXiv:1506.02640; targets around the centre as in Liu et al. 2019, "Training-Time-Friendly Network", arXiv:1909.00700.</remarks>
public sealed record CentreHead : DetectionHead
{
    /// <summary>Channels of a box.</summary>
    public const int BoxChannels = 4;

    /// <summary>Maps of a target before those of the box.</summary>
    private const int FirstBox = 3;

    /// <summary>Deviation of the heat around a centre, of the box's side: 0.54/6, as published.</summary>
    private const double Spread = 0.09;

    /// <summary>How far from a centre a place still is one: of the box's side, and in cells at least and at most.</summary>
    private const double Core = 0.12, LeastCore = 0.75, MostCore = 1.6;

    /// <summary>Heat below which there is none.</summary>
    private const double LeastHeat = 0.05;

    /// <summary>Pixels of the input to a cell of the maps, at least 1.</summary>
    public int Stride { get; init; } = 4;

    /// <summary>The side, in pixels, whose logarithm is 0.</summary>
    public float Unit { get; init; } = 16;

    /// <summary>Every class of a centre may be one: a score is the product of two.</summary>
    public CentreHead() => EachClass = true;

    /// <inheritdoc/>
    public override string Family => "centres";

    internal override HeadLayout Lay(IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        if (outputs is not [{ Shape: { Rank: 4, Channels: 1 } heat }, { Shape: { Rank: 4 } classes }, { Shape: { Rank: 4 } boxes }] || boxes != heat.With(1, BoxChannels) || heat != classes.With(1, 1))
            throw Unfit("heat [N, 1, H, W], classes [N, classes, H, W] and boxes [N, 4, H, W]", outputs);
        var cell = new Vector2(input.Width, input.Height) / new Vector2(heat.Width, heat.Height);
        return new HeadLayout
        {
            Input = input, Classes = classes.Channels, Scores = ScoreActivation.Softmax, Objectness = ScoreActivation.Sigmoid, Join = ScoreJoin.Product, EachClass = EachClass, PeaksAlone = true,
            Form = BoxForm.Centre, Side = SideActivation.Exp,
            Grids = [new HeadGrid(heat.Height, heat.Width, cell, [new Vector2(Unit)]) { Scores = HeadField.Maps(1, heat.Area), Objectness = HeadField.Maps(0, heat.Area), Boxes = HeadField.Maps(2, heat.Area) }],
        };
    }

    internal override ModelHead Read(HeadEntries entries) => (CentreHead)base.Read(entries) with { Stride = entries.Whole("stride", Stride, 1, 1024), Unit = entries.Number("unit", Unit, 1e-3f, 1e6f) };

    internal override void Write(HeadEntries entries)
    {
        base.Write(entries);
        entries.Set("stride", [Stride]);
        entries.Set("unit", Unit);
    }

    /// <summary>Elements of a target, as maps: the heat, the class, what a place counts, and its box.</summary>
    /// <param name="input">Size of the input; a whole number of cells.</param>
    /// <exception cref="ArgumentException">The input is no whole number of cells.</exception>
    public Shape TargetShape(Size2d input) => input.Height % Stride == 0 && input.Width % Stride == 0
        ? new Shape(FirstBox + BoxChannels, input.Height / Stride, input.Width / Stride)
        : throw new ArgumentException($"Pictures of {input.Width}x{input.Height} pixels are no whole number of cells of {Stride}.");

    /// <summary>
    /// Writes what the outputs should be. Heat is 1 at the places next to a centre, of which a large box has more, and falls off as the box
    /// is wide and high; the box counts where there is heat, 1 in all, and belongs to the smaller thing where two meet. Boxes whose centre
    /// lies outside are left out.
    /// </summary>
    /// <param name="boxes">What the picture shows, in pixels of the input.</param>
    /// <param name="shape">Of <see cref="TargetShape"/>.</param>
    /// <param name="target">Gets all elements of it.</param>
    public void Encode(IReadOnlyList<Detection> boxes, Shape shape, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        int height = shape[1], width = shape[2], area = height * width;
        target[..shape.Count].Clear();
        var labels = target.Slice(area, area);
        var counts = target.Slice(2 * area, area);
        var values = target.Slice(FirstBox * area, BoxChannels * area);
        foreach (var box in boxes.OrderByDescending(box => box.Area))
        {
            float x = (box.Left + box.Right) / 2 / Stride, y = (box.Top + box.Bottom) / 2 / Stride;
            if (!(x >= 0 && x < width && y >= 0 && y < height) || box.Area <= 0)
                continue;
            int column = (int)x, row = (int)y;
            double deviationX = Math.Max((box.Right - box.Left) / Stride * Spread, 0.1), deviationY = Math.Max((box.Bottom - box.Top) / Stride * Spread, 0.1);
            double coreX = CoreOf(box.Right - box.Left), coreY = CoreOf(box.Bottom - box.Top);
            int reachX = (int)Math.Ceiling(Math.Max(coreX, 2.2 * deviationX)), reachY = (int)Math.Ceiling(Math.Max(coreY, 2.2 * deviationY));
            double sum = 0;
            for (int pass = 0; pass < 2; pass++)
            {
                for (int r = Math.Max(0, row - reachY); r <= Math.Min(height - 1, row + reachY); r++)
                {
                    for (int c = Math.Max(0, column - reachX); c <= Math.Min(width - 1, column + reachX); c++)
                    {
                        bool isCore = (c == column && r == row) || Square((c + 0.5 - x) / coreX) + Square((r + 0.5 - y) / coreY) <= 1;
                        double heat = isCore ? 1 : Math.Exp(-((Square((c - column) / deviationX) + Square((r - row) / deviationY)) / 2));
                        if (heat < LeastHeat)
                            continue;
                        if (pass == 0)
                        {
                            sum += heat;
                            continue;
                        }

                        int place = (r * width) + c;
                        ref float hottest = ref target[place];
                        hottest = Math.Max(hottest, (float)heat);
                        (labels[place], counts[place]) = (box.Class, (float)(heat / sum));
                        (values[place], values[place + area]) = (x - c, y - r);
                        (values[place + (2 * area)], values[place + (3 * area)]) = (MathF.Log((box.Right - box.Left) / Unit), MathF.Log((box.Bottom - box.Top) / Unit));
                    }
                }
            }
        }

        double CoreOf(float side) => Math.Clamp(Core * side / Stride, LeastCore, MostCore);

        static double Square(double value) => value * value;
    }
}
