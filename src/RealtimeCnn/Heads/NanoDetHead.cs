using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>
/// NanoDet: one output <c>[N, P, classes + 4·bins]</c> of probabilities of the classes and, for left, top, right and bottom, the
/// distribution of the distance from the place in units of its stride, as logits over 0, 1, 2, …: the distance is the mean. Boxes end where the input does. Places go by
/// strides, rows and columns, at the corner of a cell (NanoDet-Plus, four strides) or in its middle.
/// </summary>
/// <remarks>Source: Li et al. 2020, "Generalized Focal Loss", arXiv:2006.04388; RangiLyu, NanoDet, nanodet_plus_head.py.</remarks>
public sealed record NanoDetHead : DetectionHead
{
    /// <summary>The numbers of NanoDet-Plus.</summary>
    public NanoDetHead() => (Threshold, Suppression) = (0.35f, new Suppression { Overlap = 0.6f });

    /// <inheritdoc/>
    public override string Family => "nanodet";

    /// <summary>Pixels of the input to a cell, of each grid.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32, 64];

    /// <summary>Numbers of a distribution, at least 2: one more than the largest distance in strides.</summary>
    public int Bins { get; init; } = 8;

    /// <summary>Where in its cell a place is, in cells: 0 in NanoDet-Plus, 0.5 before.</summary>
    public float Offset { get; init; }

    /// <inheritdoc/>
    public override Preprocessing Published(Size2d size) => new()
    {
        Size = size, Fit = FitMode.Stretch, Order = ColorOrder.Bgr, Mean = new Rgb(123.675, 116.28, 103.53), Scale = new Rgb(1 / 58.395, 1 / 57.12, 1 / 57.375),
    };

    /// <inheritdoc/>
    public override IReadOnlyList<string> PublishedLabels(int classes) => KnownLabels.OfCoco(classes);

    internal override HeadLayout Lay(IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        var cells = new StridedCells(Strides, input);
        if (outputs is not [{ Shape: { Rank: 3 } shape }] || shape[2] <= 4 * Bins || shape[1] != cells.Places)
            throw Unfit($"[N, {cells.Places}, classes + {4 * Bins}] for an input of {input.Width}x{input.Height} with strides {string.Join(", ", Strides)}", outputs);
        int channels = shape[2], classes = channels - (4 * Bins);
        return new HeadLayout
        {
            Input = input, Classes = classes, EachClass = EachClass, Form = BoxForm.Distances, Bins = Bins, IsCut = true,
            Grids = cells.Grids((grid, _, first) => grid with { Offset = Offset, Scores = HeadField.Rows(0, channels, 1, first), Boxes = HeadField.Rows(0, channels, 1, first, classes) }),
        };
    }

    internal override ModelHead Read(HeadEntries entries) => (NanoDetHead)base.Read(entries) with
    {
        Strides = entries.Wholes("strides", Strides, 1, 4096), Bins = entries.Whole("bins", Bins, 2, 64), Offset = entries.Number("offset", Offset, 0, 1),
    };

    internal override void Write(HeadEntries entries)
    {
        base.Write(entries);
        entries.Set("strides", Strides);
        entries.Set("bins", [Bins]);
        entries.Set("offset", Offset);
    }
}
