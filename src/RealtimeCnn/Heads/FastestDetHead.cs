using System.Numerics;
using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>
/// FastestDet: one output <c>[N, 5 + classes, H, W]</c> of whether there is anything, a box, and the classes, both of the former as
/// probabilities. The centre is <c>(column + tanh(dx)) / W</c>, a side <c>sigmoid(dw)</c>, in parts of the picture; a score is
/// <c>objectness^0.6 · class^0.4</c>.
/// </summary>
/// <remarks>Source: dog-qiuqiu, FastestDet, utils/tool.py.</remarks>
public sealed record FastestDetHead : DetectionHead
{
    /// <summary>The numbers of its demonstration.</summary>
    public FastestDetHead() => (Threshold, Suppression) = (0.65f, new Suppression { Overlap = 0.45f });

    /// <inheritdoc/>
    public override string Family => "fastestdet";

    /// <inheritdoc/>
    public override Preprocessing Published(Size2d size) => new() { Size = size, Fit = FitMode.Stretch, Order = ColorOrder.Bgr };

    /// <inheritdoc/>
    public override IReadOnlyList<string> PublishedLabels(int classes) => KnownLabels.OfCoco(classes);

    internal override HeadLayout Lay(IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        if (outputs is not [{ Shape: { Rank: 4, Channels: >= 6 } shape }])
            throw Unfit("one output [N, 5 + classes, H, W]", outputs);
        var side = new Vector2(input.Width, input.Height);
        return new HeadLayout
        {
            Input = input, Classes = shape.Channels - 5, Join = ScoreJoin.Weighted, EachClass = EachClass, Form = BoxForm.Centre, Shift = ShiftActivation.Tanh, Side = SideActivation.Sigmoid,
            Grids =
            [
                new HeadGrid(shape.Height, shape.Width, side / new Vector2(shape.Width, shape.Height), [side])
                {
                    Scores = HeadField.Maps(0, shape.Area, channel: 5), Objectness = HeadField.Maps(0, shape.Area), Boxes = HeadField.Maps(0, shape.Area, channel: 1),
                },
            ],
        };
    }
}
