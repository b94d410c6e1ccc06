using System.Numerics;
using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>
/// Boxes around priors, as UltraFace and other single-shot detectors have them: outputs <c>[N, P, classes]</c>, with a background in front or
/// not, <c>[N, P, 4]</c>, and maybe landmarks <c>[N, P, 2·L]</c>, in any order. The four are a shift of the prior's centre in units of
/// its sides and variance, and logarithms of sides: <c>x + v₀·dx·w</c>, <c>w·exp(v₁·dw)</c>; or, where <see cref="AreCorners"/>, corners
/// that the network has decoded itself, in parts of the picture. Priors go by strides, rows, columns and <see cref="Anchors"/>, around the
/// middle of each cell. The defaults are UltraFace's.
/// </summary>
/// <remarks>Source: Liu et al. 2016, "SSD: Single Shot MultiBox Detector", arXiv:1512.02325; Linzaer, Ultra-Light-Fast-Generic-Face-Detector-1MB, vision/utils/box_utils.py.</remarks>
public sealed record SsdHead : DetectionHead
{
    private static readonly string[] Activations = ["none", "sigmoid", "softmax"];

    /// <summary>UltraFace's numbers.</summary>
    public SsdHead() => (Threshold, EachClass, Suppression) = (0.7f, true, new Suppression { Overlap = 0.3f });

    /// <inheritdoc/>
    public override string Family => "ssd";

    /// <summary>Pixels of the input to a cell, of each grid.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32, 64];

    /// <summary>Sides of the priors of a cell, in pixels of the input, for each stride; cut to the input.</summary>
    public IReadOnlyList<IReadOnlyList<AnchorSize>> Anchors { get; init; } = [Squares(10, 16, 24), Squares(32, 48), Squares(64, 96), Squares(128, 192, 256)];

    /// <summary>What shifts and logarithms are multiplied by.</summary>
    public (float Shift, float Side) Variances { get; init; } = (0.1f, 0.2f);

    /// <summary>Whether boxes are corners in [0, 1] already.</summary>
    public bool AreCorners { get; init; }

    /// <summary>Whether the first class is that there is nothing.</summary>
    public bool HasBackground { get; init; } = true;

    /// <summary>What makes scores of the output: <c>none</c>, <c>sigmoid</c> or <c>softmax</c>.</summary>
    public string Scores { get; init; } = "none";

    /// <inheritdoc/>
    public override Preprocessing Published(Size2d size) => new() { Size = size, Fit = FitMode.Stretch, Mean = 127, Scale = 1 / 128.0 };

    /// <inheritdoc/>
    public override IReadOnlyList<string> PublishedLabels(int classes) => classes == 1 ? ["face"] : [];

    internal override HeadLayout Lay(IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        var (scores, boxes, points) = Find(outputs);
        int places = outputs[boxes].Shape[1], channels = outputs[scores].Shape[2], landmarks = points < 0 ? 0 : outputs[points].Shape[2];
        return new HeadLayout
        {
            Input = input, Classes = channels - (HasBackground ? 1 : 0), Background = HasBackground ? 1 : 0, EachClass = EachClass, Scores = (ScoreActivation)Array.IndexOf(Activations, Scores),
            Form = AreCorners ? BoxForm.Corners : BoxForm.Centre, Side = SideActivation.Exp, ShiftsByAnchor = true, PriorLimit = new Vector2(input.Width, input.Height),
            ShiftScale = AreCorners ? new Vector2(input.Width, input.Height) : new Vector2(Variances.Shift), SideScale = new Vector2(Variances.Side), Landmarks = landmarks / 2,
            Grids = AreCorners && landmarks == 0
                ? [new HeadGrid(1, places, Vector2.One, [Vector2.One]) { Scores = HeadField.Rows(scores, channels, 1), Boxes = HeadField.Rows(boxes, 4, 1) }]
                : Priors(places, input, (anchors, first) => (HeadField.Rows(scores, channels, anchors, first), HeadField.Rows(boxes, 4, anchors, first), landmarks == 0 ? default : HeadField.Rows(points, landmarks, anchors, first))),
        };
    }

    internal override ModelHead Read(HeadEntries entries)
    {
        var variances = entries.Numbers("variances", [Variances.Shift, Variances.Side], 2, 1e-4f, 100);
        return (SsdHead)base.Read(entries) with
        {
            Strides = entries.Wholes("strides", Strides, 1, 4096), Anchors = entries.Anchors("anchors", Anchors), Variances = (variances[0], variances[1]),
            AreCorners = entries.Flag("corners", AreCorners), HasBackground = entries.Flag("background", HasBackground), Scores = entries.Word("scores", Scores, Activations),
        };
    }

    internal override void Write(HeadEntries entries)
    {
        base.Write(entries);
        entries.Set("strides", Strides);
        entries.Set("anchors", Anchors);
        entries.Set("variances", [Variances.Shift, Variances.Side]);
        entries.Set("corners", AreCorners);
        entries.Set("background", HasBackground);
        entries.Set("scores", Scores);
    }

    private static AnchorSize[] Squares(params ReadOnlySpan<int> sides)
    {
        var sizes = new AnchorSize[sides.Length];
        for (int i = 0; i < sides.Length; i++)
            sizes[i] = new AnchorSize(sides[i], sides[i]);
        return sizes;
    }

    private HeadGrid[] Priors(int places, Size2d input, Func<int, int, (HeadField Scores, HeadField Boxes, HeadField Points)> fields)
    {
        if (Strides.Count != Anchors.Count)
            throw new ArgumentException($"The head '{Family}' has {Strides.Count} strides and sides of priors for {Anchors.Count}; each stride has its own.");
        int first = 0;
        HeadGrid[] grids = [.. Strides.Zip(Anchors, (stride, sizes) =>
        {
            var (scores, boxes, points) = fields(sizes.Count, first);
            var grid = new HeadGrid(Cells(input.Height, stride), Cells(input.Width, stride), new Vector2(stride), [.. sizes.Select(size => new Vector2(Math.Min(size.Width, input.Width), Math.Min(size.Height, input.Height)))])
            {
                Offset = 0.5f, Scores = scores, Boxes = boxes, Points = points,
            };
            first += grid.Places;
            return grid;
        })];
        return first == places ? grids
            : throw new ArgumentException($"The head '{Family}' has {first} priors for an input of {input.Width}x{input.Height} with strides {string.Join(", ", Strides)}; the network has {places}. Say 'head.strides' and 'head.anchors' as the model was trained with.");
    }

    private (int Scores, int Boxes, int Points) Find(IReadOnlyList<HeadOutput> outputs)
    {
        int[] rows = [.. Enumerable.Range(0, outputs.Count).Where(i => outputs[i].Shape.Rank == 3)];
        int[] fours = [.. rows.Where(i => outputs[i].Shape[2] == 4)];
        int boxes = fours.Length == 1 ? fours[0] : fours.FirstOrDefault(i => IsCalled(i, "box", "loc", "reg"), -1);
        int[] others = [.. rows.Where(i => i != boxes)];
        int scores = others.Length == 1 ? others[0] : others.FirstOrDefault(i => IsCalled(i, "score", "conf", "cls", "class"), -1);
        int points = others.FirstOrDefault(i => i != scores && outputs[i].Shape[2] % 2 == 0, -1);
        bool fits = boxes >= 0 && scores >= 0 && others.Length <= 2 && rows.All(i => outputs[i].Shape[1] == outputs[boxes].Shape[1]) && outputs[scores].Shape[2] > (HasBackground ? 1 : 0);
        return fits ? (scores, boxes, points)
            : throw Unfit($"scores [N, priors, {(HasBackground ? "1 + classes" : "classes")}], boxes [N, priors, 4] and maybe landmarks [N, priors, 2·L]", outputs);

        bool IsCalled(int output, params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                if (outputs[output].Name.Contains(name, StringComparison.OrdinalIgnoreCase))
                    return true;
            }

            return false;
        }
    }
}
