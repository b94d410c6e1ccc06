using System.Numerics;
using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>
/// YOLOv2 and Tiny-YOLOv2: one output <c>[N, anchors·(5 + classes), H, W]</c>. The centre is <c>(column + sigmoid(dx))</c> cells, a
/// side <c>anchor·exp(dw)</c> cells; a score is <c>sigmoid(objectness) · softmax(classes)</c>.
/// </summary>
/// <remarks>Source: Redmon and Farhadi 2017, "YOLO9000: Better, Faster, Stronger", arXiv:1612.08242; anchors of yolov2-tiny-voc.cfg.</remarks>
public sealed record TinyYoloV2Head : DetectionHead
{
    /// <summary>The numbers of Tiny-YOLOv2 for Pascal VOC.</summary>
    public TinyYoloV2Head() => (Threshold, Suppression) = (0.3f, new Suppression { Overlap = 0.45f });

    /// <inheritdoc/>
    public override string Family => "tiny-yolov2";

    /// <summary>Sides of the priors of a cell, in cells.</summary>
    public IReadOnlyList<AnchorSize> Anchors { get; init; } = [new(1.08f, 1.19f), new(3.42f, 4.41f), new(6.63f, 11.38f), new(9.42f, 5.11f), new(16.62f, 10.52f)];

    /// <inheritdoc/>
    public override Preprocessing Published(Size2d size) => new() { Size = size, Fit = FitMode.Stretch, Scale = 1 };

    /// <inheritdoc/>
    public override IReadOnlyList<string> PublishedLabels(int classes) => KnownLabels.OfVoc(classes);

    internal override HeadLayout Lay(IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        if (outputs is not [{ Shape: { Rank: 4 } shape }] || shape.Channels % Anchors.Count != 0 || shape.Channels / Anchors.Count < 6)
            throw Unfit($"one output [N, {Anchors.Count}·(5 + classes), H, W]", outputs);
        int channels = shape.Channels / Anchors.Count;
        var cell = new Vector2(input.Width, input.Height) / new Vector2(shape.Width, shape.Height);
        return new HeadLayout
        {
            Input = input, Classes = channels - 5, Scores = ScoreActivation.Softmax, Objectness = ScoreActivation.Sigmoid, Join = ScoreJoin.Product, EachClass = EachClass,
            Form = BoxForm.Centre, Shift = ShiftActivation.Sigmoid, Side = SideActivation.Exp,
            Grids =
            [
                new HeadGrid(shape.Height, shape.Width, cell, [.. Anchors.Select(size => new Vector2(size.Width, size.Height) * cell)])
                {
                    Scores = HeadField.Maps(0, shape.Area, channels, 5), Objectness = HeadField.Maps(0, shape.Area, channels, 4), Boxes = HeadField.Maps(0, shape.Area, channels),
                },
            ],
        };
    }

    internal override ModelHead Read(HeadEntries entries) => (TinyYoloV2Head)base.Read(entries) with { Anchors = entries.Anchors("anchors", [Anchors])[0] };

    internal override void Write(HeadEntries entries)
    {
        base.Write(entries);
        entries.Set("anchors", [Anchors]);
    }
}
