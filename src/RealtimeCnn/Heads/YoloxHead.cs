using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>
/// YOLOX without decoding in the network: one output <c>[N, P, 5 + classes]</c> of shifts in cells, logarithms of sides in cells, whether
/// there is anything, and the classes, the latter as probabilities: <c>(column + dx)·stride</c>, <c>exp(dw)·stride</c>. Places go by
/// strides, rows and columns. A score is the product of both.
/// </summary>
/// <remarks>Source: Ge et al. 2021, "YOLOX: Exceeding YOLO Series in 2021", arXiv:2107.08430; its demo/ONNXRuntime and utils/demo_utils.py.</remarks>
public sealed record YoloxHead : DetectionHead
{
    /// <summary>The numbers of its demonstration.</summary>
    public YoloxHead() => (Threshold, Suppression) = (0.3f, new Suppression { Overlap = 0.45f, IsByClass = false });

    /// <inheritdoc/>
    public override string Family => "yolox";

    /// <summary>Pixels of the input to a cell, of each grid.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32];

    /// <inheritdoc/>
    public override Preprocessing Published(Size2d size) => new() { Size = size, Fit = FitMode.Letterbox, Order = ColorOrder.Bgr, Scale = 1, Border = 114 };

    /// <inheritdoc/>
    public override IReadOnlyList<string> PublishedLabels(int classes) => KnownLabels.OfCoco(classes);

    internal override HeadLayout Lay(IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        var cells = new StridedCells(Strides, input);
        if (outputs is not [{ Shape: { Rank: 3 } shape }] || shape[2] < 6 || shape[1] != cells.Places)
            throw Unfit($"[N, {cells.Places}, 5 + classes] for an input of {input.Width}x{input.Height} with strides {string.Join(", ", Strides)}", outputs);
        int channels = shape[2];
        return new HeadLayout
        {
            Input = input, Classes = channels - 5, Objectness = ScoreActivation.None, Join = ScoreJoin.Product, EachClass = EachClass, Form = BoxForm.Centre, Side = SideActivation.Exp,
            Grids = cells.Grids((grid, _, first) => grid with
            {
                Scores = HeadField.Rows(0, channels, 1, first, 5), Objectness = HeadField.Rows(0, channels, 1, first, 4), Boxes = HeadField.Rows(0, channels, 1, first),
            }),
        };
    }

    internal override ModelHead Read(HeadEntries entries) => (YoloxHead)base.Read(entries) with { Strides = entries.Wholes("strides", Strides, 1, 4096) };

    internal override void Write(HeadEntries entries)
    {
        base.Write(entries);
        entries.Set("strides", Strides);
    }
}
