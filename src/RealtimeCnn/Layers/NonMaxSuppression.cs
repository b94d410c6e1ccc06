using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// Keeps, class by class, the boxes with the highest scores and drops every box that overlaps a kept one: its intersection over
/// union is above <see cref="IouThreshold"/>.
/// </summary>
/// <param name="MaxBoxesPerClass">Most boxes kept for each class of each batch item; 0 keeps none.</param>
/// <param name="IouThreshold">Overlap above which the lower box is dropped, in [0, 1].</param>
/// <param name="ScoreThreshold">Boxes with this score or a lower one are never kept.</param>
/// <remarks>
/// Inputs: boxes <c>[N, B, 4]</c> as two opposite corners (y1, x1, y2, x2), scores <c>[N, C, B]</c>. Shapes: →
/// <c>[N·C·min(B, MaxBoxesPerClass), 3]</c>, rows of batch item, class, box, the rows behind the last kept one being −1. Source:
/// ONNX NonMaxSuppression.
/// </remarks>
internal sealed record NonMaxSuppression(int MaxBoxesPerClass, float IouThreshold, float ScoreThreshold = float.NegativeInfinity) : Layer
{
    /// <summary>Whether boxes are given as centre and size (x, y, width, height).</summary>
    public bool CenterPoint { get; init; }

    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape boxes = inputs[0], scores = inputs[1];
        if (boxes.Rank != 3 || scores.Rank != 3 || boxes[2] != 4 || scores[0] != boxes[0] || scores[2] != boxes[1] || MaxBoxesPerClass < 0)
            throw new ShapeException($"boxes {boxes} must be [N, B, 4] and scores {scores} [N, C, B], and at least 0 boxes kept.");
        return new Shape(scores[0] * scores[1] * Math.Min(boxes[1], MaxBoxesPerClass), 3);
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) =>
        Cost.Product(inputs[1].Count, Cost.Sum(Cost.Depth(inputs[0][1]), Math.Min(inputs[0][1], MaxBoxesPerClass)));

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) => LayoutChoice.Plain;

    internal override unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        var scores = call.Inputs[1].Shape;
        // One item: kept rows of all classes follow each other without gaps.
        return CpuDispatch.Create(&Forward, new Constants(scores[0], scores[1], scores[2], call.Output.Shape[0], MaxBoxesPerClass, IouThreshold, ScoreThreshold, CenterPoint ? 1 : 0), 1);
    }

    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* y = arguments->Output;
        new Span<float>(y, c.Rows * 3).Fill(-1);
        int[] order = new int[c.Boxes], kept = new int[Math.Min(c.Boxes, c.MaxBoxes)];
        for (int plane = 0; plane < c.Batch * c.Classes; plane++)
        {
            float* scores = arguments->Inputs[1] + ((long)plane * c.Boxes);
            float* boxes = arguments->Inputs[0] + ((long)(plane / c.Classes) * c.Boxes * 4);
            Sort(order, new ReadOnlySpan<float>(scores, c.Boxes));
            int count = 0;
            for (int i = 0; i < c.Boxes && count < kept.Length && scores[order[i]] > c.ScoreThreshold; i++)
            {
                bool overlaps = false;
                for (int k = 0; k < count && !overlaps; k++)
                    overlaps = Overlap(boxes + (order[i] * 4L), boxes + (kept[k] * 4L), c.CenterPoint != 0) > c.IouThreshold;
                if (overlaps)
                    continue;
                kept[count++] = order[i];
                (y[0], y[1], y[2]) = (plane / c.Classes, plane % c.Classes, order[i]);
                y += 3;
            }
        }
    }

    /// <summary>Boxes by falling score, equal ones in their own order.</summary>
    private static void Sort(int[] order, ReadOnlySpan<float> scores)
    {
        float[] keys = new float[order.Length];
        for (int i = 0; i < order.Length; i++)
            (order[i], keys[i]) = (i, scores[i]);
        Array.Sort(order, (a, b) => keys[a] == keys[b] ? a.CompareTo(b) : keys[b].CompareTo(keys[a]));
    }

    /// <summary>Intersection over union of two boxes; 0 where either has no area.</summary>
    private static unsafe float Overlap(float* a, float* b, bool centered)
    {
        var (top1, left1, bottom1, right1) = Corners(a, centered);
        var (top2, left2, bottom2, right2) = Corners(b, centered);
        float height = Math.Min(bottom1, bottom2) - Math.Max(top1, top2), width = Math.Min(right1, right2) - Math.Max(left1, left2);
        float area1 = (bottom1 - top1) * (right1 - left1), area2 = (bottom2 - top2) * (right2 - left2);
        if (height <= 0 || width <= 0 || area1 <= 0 || area2 <= 0)
            return 0;
        float both = height * width;
        return both / (area1 + area2 - both);
    }

    private static unsafe (float Top, float Left, float Bottom, float Right) Corners(float* box, bool centered) => centered
        ? (box[1] - (box[3] / 2), box[0] - (box[2] / 2), box[1] + (box[3] / 2), box[0] + (box[2] / 2))
        : (Math.Min(box[0], box[2]), Math.Min(box[1], box[3]), Math.Max(box[0], box[2]), Math.Max(box[1], box[3]));

    private readonly record struct Constants(
        int Batch, int Classes, int Boxes, int Rows, int MaxBoxes, float IouThreshold, float ScoreThreshold, int CenterPoint);
}
