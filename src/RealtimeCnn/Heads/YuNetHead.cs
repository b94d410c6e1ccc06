using RealtimeCnn.Images;

namespace RealtimeCnn.Heads;

/// <summary>
/// YuNet, a detector of faces with five landmarks (eyes, nose, corners of the mouth): for each stride an output <c>[N, P, 1]</c> of the
/// class, one of whether there is anything, <c>[N, P, 4]</c> and <c>[N, P, 10]</c>, called <c>cls_8</c>, …, <c>obj_8</c>, …,
/// <c>bbox_8</c>, … and <c>kps_8</c>, …, or in that order. Shifts are in cells, sides logarithms in cells: <c>(column + dx)·stride</c>,
/// <c>exp(dw)·stride</c>. A score is the root of the product of both.
/// </summary>
/// <remarks>Source: Wu et al. 2023, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence Research 20; OpenCV, modules/objdetect/src/face_detect.cpp.</remarks>
public sealed record YuNetHead : DetectionHead
{
    private const int Points = 5;
    private static readonly string[] Parts = ["cls", "obj", "bbox", "kps"];
    private static readonly int[] Channels = [1, 1, 4, 2 * Points];

    /// <summary>OpenCV's suppression, and a threshold that finds small faces.</summary>
    public YuNetHead() => (Threshold, Suppression) = (0.6f, new Suppression { Overlap = 0.3f });

    /// <inheritdoc/>
    public override string Family => "yunet";

    /// <summary>Pixels of the input to a cell, of each grid.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32];

    /// <inheritdoc/>
    public override Preprocessing Published(Size2d size) => new() { Size = size, Fit = FitMode.Letterbox, Order = ColorOrder.Bgr, Scale = 1 };

    /// <inheritdoc/>
    public override IReadOnlyList<string> PublishedLabels(int classes) => ["face"];

    internal override HeadLayout Lay(IReadOnlyList<HeadOutput> outputs, Size2d input)
    {
        var cells = new StridedCells(Strides, input);
        return new HeadLayout
        {
            Input = input, Classes = 1, Join = ScoreJoin.GeometricMean, Form = BoxForm.Centre, Side = SideActivation.Exp, Landmarks = Points,
            Grids = cells.Grids((grid, number, _) => grid with { Scores = Field(0, grid, number), Objectness = Field(1, grid, number), Boxes = Field(2, grid, number), Points = Field(3, grid, number) }),
        };

        HeadField Field(int part, HeadGrid grid, int number)
        {
            string name = $"{Parts[part]}_{Strides[number]}";
            int output = Enumerable.Range(0, outputs.Count).FirstOrDefault(i => outputs[i].Name == name, (part * Strides.Count) + number);
            return outputs.Count == Parts.Length * Strides.Count && outputs[output].Shape is { Rank: 3 } shape && shape[1] == grid.Places && shape[2] == Channels[part]
                ? HeadField.Rows(output, Channels[part], 1)
                : throw Unfit($"'{name}' [N, {grid.Places}, {Channels[part]}] and the like of strides {string.Join(", ", Strides)} for an input of {input.Width}x{input.Height}", outputs);
        }
    }

    internal override ModelHead Read(HeadEntries entries) => (YuNetHead)base.Read(entries) with { Strides = entries.Wholes("strides", Strides, 1, 4096) };

    internal override void Write(HeadEntries entries)
    {
        base.Write(entries);
        entries.Set("strides", Strides);
    }
}
