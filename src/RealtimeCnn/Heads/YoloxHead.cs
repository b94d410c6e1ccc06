using System.Numerics;
using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>
/// YOLOX: one output <c>[N, P, 5 + classes]</c> of shifts in cells, logarithms of sides in cells, whether
/// there is anything, and the classes, the latter as probabilities: <c>(column + dx)·stride</c>, <c>exp(dw)·stride</c>. Places go by
/// strides, rows and columns. A score is the product of both. Where the network decodes (<see cref="IsDecoded"/>), middles and sides are in pixels.
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

    /// <summary>Whether boxes are decoded in the network, as <c>--decode_in_inference</c> exports it: middles and sides in pixels of the input.</summary>
    public bool IsDecoded { get; init; }

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
        // Decoded, the places are one row of cells of a pixel, whose middles are all at the origin.
        HeadGrid[] grids = IsDecoded ? [Fields(new HeadGrid(1, cells.Places, Vector2.One, [Vector2.One]) { Scores = default, Boxes = default }, 0)] : cells.Grids((grid, _, first) => Fields(grid, first));
        var layout = new HeadLayout { Input = input, Classes = channels - 5, Join = ScoreJoin.Product, EachClass = EachClass, Form = BoxForm.Centre, Grids = grids };
        return IsDecoded ? layout with { PriorLimit = Vector2.Zero } : layout with { Side = SideActivation.Exp };

        HeadGrid Fields(HeadGrid grid, int first) => grid with
        {
            Scores = HeadField.Rows(0, channels, 1, first, 5), Objectness = HeadField.Rows(0, channels, 1, first, 4), Boxes = HeadField.Rows(0, channels, 1, first),
        };
    }

    internal override ModelHead Read(HeadEntries entries) => (YoloxHead)base.Read(entries) with { Strides = entries.Wholes("strides", Strides, 1, 4096), IsDecoded = entries.Flag("decoded", IsDecoded) };

    internal override void Write(HeadEntries entries)
    {
        base.Write(entries);
        entries.Set("strides", Strides);
        entries.Set("decoded", IsDecoded);
    }
}
