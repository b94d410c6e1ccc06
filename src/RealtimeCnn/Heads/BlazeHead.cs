using System.Numerics;
using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>
/// MediaPipe's detectors of faces (BlazeFace, 896 anchors, 6 landmarks) and palms (2016 anchors, 7 landmarks): outputs
/// <c>[N, P, 4 + 2·L]</c> and <c>[N, P, 1]</c>, in any order. The first are, in pixels of the input, the centre's and the landmarks'
/// distances from the anchor's centre and the sides; the second logits. Anchors go by strides, rows, columns and number, in the middle of
/// each cell. Boxes that mean the same thing are averaged by score.
/// </summary>
/// <remarks>Source: Bazarevsky et al. 2019, "BlazeFace", arXiv:1907.05047; MediaPipe, face_detection_short_range and palm_detection, with ssd_anchors_calculator and tensors_to_detections_calculator.</remarks>
public sealed record BlazeHead : DetectionHead
{
    /// <summary>The numbers of the face detector of short range.</summary>
    public BlazeHead() => (Threshold, Suppression) = (0.5f, new Suppression { Kind = SuppressionKind.Weighted, Overlap = 0.3f });

    /// <inheritdoc/>
    public override string Family => "blazeface";

    /// <summary>Pixels of the input to a cell, of each grid.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16];

    /// <summary>Anchors in a cell, for each stride.</summary>
    public IReadOnlyList<int> PerCell { get; init; } = [2, 6];

    /// <inheritdoc/>
    public override Preprocessing Published(Size2d size) => size.Width == 192
        ? new() { Size = size, Fit = FitMode.Letterbox }
        : new() { Size = size, Fit = FitMode.Letterbox, Mean = 127.5, Scale = 1 / 127.5 };

    /// <inheritdoc/>
    public override IReadOnlyList<string> PublishedLabels(int classes) => classes == 1 ? ["face"] : [];

    internal override HeadLayout Lay(IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        int scores = outputs.Count == 2 ? Enumerable.Range(0, 2).FirstOrDefault(i => outputs[i].Shape is { Rank: 3 } shape && shape[2] == 1, -1) : -1;
        int places = scores < 0 ? 0 : outputs[scores].Shape[1];
        if (scores < 0 || outputs[1 - scores].Shape is not { Rank: 3 } boxes || boxes[1] != places || boxes[2] < 4 || boxes[2] % 2 != 0)
            throw Unfit("scores [N, anchors, 1] and boxes with landmarks [N, anchors, 4 + 2·L]", outputs);
        if (Strides.Count != PerCell.Count)
            throw new ArgumentException($"The head '{Family}' has {Strides.Count} strides and numbers of anchors for {PerCell.Count}; each stride has its own.");
        int channels = boxes[2], first = 0;
        var side = new Vector2(input.Width, input.Height);
        HeadGrid[] grids = [.. Strides.Zip(PerCell, (stride, anchors) =>
        {
            int rows = Cells(input.Height, stride), columns = Cells(input.Width, stride);
            var grid = new HeadGrid(rows, columns, side / new Vector2(columns, rows), [.. Enumerable.Repeat(Vector2.One, anchors)])
            {
                Offset = 0.5f, Scores = HeadField.Rows(scores, 1, anchors, first), Boxes = HeadField.Rows(1 - scores, channels, anchors, first), Points = HeadField.Rows(1 - scores, channels, anchors, first, 4),
            };
            first += grid.Places;
            return grid;
        })];
        if (first != places)
            throw new ArgumentException($"The head '{Family}' has {first} anchors for an input of {input.Width}x{input.Height} with strides {string.Join(", ", Strides)}; the network has {places}. Say 'head.strides' and 'head.per-cell' as the model was trained with.");
        return new HeadLayout { Input = input, Grids = grids, Classes = 1, Scores = ScoreActivation.Sigmoid, Form = BoxForm.Centre, ShiftsByAnchor = true, Landmarks = (channels - 4) / 2 };
    }

    internal override ModelHead Read(HeadEntries entries) => (BlazeHead)base.Read(entries) with
    {
        Strides = entries.Wholes("strides", Strides, 1, 4096), PerCell = entries.Wholes("per-cell", PerCell, 1, 64),
    };

    internal override void Write(HeadEntries entries)
    {
        base.Write(entries);
        entries.Set("strides", Strides);
        entries.Set("per-cell", PerCell);
    }
}
