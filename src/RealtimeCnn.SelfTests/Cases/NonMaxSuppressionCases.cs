using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class NonMaxSuppressionCases
{
    public static IEnumerable<LayerCase> All =>
    [
        Case("one class", new NonMaxSuppression(5, 0.3f), batch: 1, classes: 1, boxes: 12),
        Case("several classes and batch items", new NonMaxSuppression(4, 0.5f), batch: 2, classes: 3, boxes: 9),
        Case("a score threshold", new NonMaxSuppression(20, 0.4f, 0.5f), batch: 1, classes: 2, boxes: 15),
        Case("centre and size", new NonMaxSuppression(6, 0.2f) { CenterPoint = true }, batch: 1, classes: 1, boxes: 10),
        Case("one box", new NonMaxSuppression(1, 0.5f), batch: 1, classes: 1, boxes: 1),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new NonMaxSuppression(5, -0.5f), [new Shape(1, 2, 4), new Shape(1, 1, 2)], "[0, 1]"),
        new(new NonMaxSuppression(int.MaxValue, 0.5f), [new Shape(1 << 8, 1, 4), new Shape(1 << 8, 1 << 22, 1)], "[1073741824, 3]"),
    ];

    private static LayerCase Case(string name, NonMaxSuppression layer, int batch, int classes, int boxes) =>
        new(name, layer, (x, _) => Compute(layer, x[0], x[1]), 0, new Shape(batch, boxes, 4), new Shape(batch, classes, boxes)) { CpuOnly = true, Lowest = 0 };

    private static DoubleTensor Compute(NonMaxSuppression layer, DoubleTensor boxes, DoubleTensor scores)
    {
        int batch = scores.Shape[0], classes = scores.Shape[1], count = scores.Shape[2];
        var rows = new List<double>();
        for (int n = 0; n < batch; n++)
        {
            for (int c = 0; c < classes; c++)
            {
                double Score(int box) => scores[(((n * classes) + c) * count) + box];
                var kept = new List<int>();
                foreach (int box in Enumerable.Range(0, count).Where(box => Score(box) > layer.ScoreThreshold).OrderByDescending(Score))
                {
                    if (kept.Count < layer.MaxBoxesPerClass && kept.TrueForAll(other => Overlap(layer, boxes, (n * count) + box, (n * count) + other) <= layer.IouThreshold))
                        kept.Add(box);
                }

                rows.AddRange(kept.SelectMany(box => (double[])[n, c, box]));
            }
        }

        var result = DoubleTensor.Map(new DoubleTensor(new Shape(batch * classes * Math.Min(count, layer.MaxBoxesPerClass), 3)), _ => -1);
        rows.CopyTo(result.Values);
        return result;
    }

    private static double Overlap(NonMaxSuppression layer, DoubleTensor boxes, int first, int second)
    {
        var (top1, left1, bottom1, right1) = Corners(first);
        var (top2, left2, bottom2, right2) = Corners(second);
        double shared = Math.Max(Math.Min(bottom1, bottom2) - Math.Max(top1, top2), 0) * Math.Max(Math.Min(right1, right2) - Math.Max(left1, left2), 0);
        return shared / (((bottom1 - top1) * (right1 - left1)) + ((bottom2 - top2) * (right2 - left2)) - shared);

        (double Top, double Left, double Bottom, double Right) Corners(int box)
        {
            double[] b = boxes.Values[(box * 4)..((box * 4) + 4)];
            return layer.CenterPoint
                ? (b[1] - (b[3] / 2), b[0] - (b[2] / 2), b[1] + (b[3] / 2), b[0] + (b[2] / 2))
                : (Math.Min(b[0], b[2]), Math.Min(b[1], b[3]), Math.Max(b[0], b[2]), Math.Max(b[1], b[3]));
        }
    }
}
