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
public sealed record NonMaxSuppression(int MaxBoxesPerClass, float IouThreshold, float ScoreThreshold = float.NegativeInfinity) : Layer
{
    /// <summary>Whether boxes are given as centre and size (x, y, width, height).</summary>
    public bool CenterPoint { get; init; }

    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    internal override bool HasSlopes(int input) => false;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape boxes = inputs[0], scores = inputs[1];
        if (boxes.Rank != 3 || scores.Rank != 3 || boxes[2] != 4 || scores[0] != boxes[0] || scores[2] != boxes[1] || MaxBoxesPerClass < 0)
            throw new ShapeException($"boxes {boxes} must be [N, B, 4] and scores {scores} [N, C, B], and at least 0 boxes kept.");
        if (!(IouThreshold is >= 0 and <= 1))
            throw new ShapeException($"an overlap above {IouThreshold} is not possible: intersection over union lies in [0, 1].");
        return Shape.Of(Cost.Product(scores[0], scores[1], Math.Min(boxes[1], MaxBoxesPerClass)), 3);
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) =>
        Cost.Product(inputs[1].Count, Cost.Sum(Cost.Depth(inputs[0][1]) + 1, Math.Min(inputs[0][1], MaxBoxesPerClass) / 4));
}
