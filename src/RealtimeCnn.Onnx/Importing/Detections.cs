using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Operators of detection heads.</summary>
internal static class Detections
{
    /// <summary>
    /// NonMaxSuppression, whose number of rows depends on the data: the layer fills up with −1, and the rows are cut off where the
    /// output is read.
    /// </summary>
    public static void NonMaxSuppression(OnnxNode node)
    {
        Value boxes = node.Input(0), scores = node.Input(1);
        double Number(int input, string role, double otherwise) => node.OptionalConstant(input, role) is { Count: > 0 } value ? value.DoubleAt(0) : otherwise;
        int most = (int)Math.Clamp(Number(2, "max_output_boxes_per_class", 0), 0, boxes.Shape.Rank == 3 ? boxes.Shape[1] : 0);
        var layer = new NonMaxSuppression(most, (float)Number(3, "iou_threshold", 0), (float)Number(4, "score_threshold", double.NegativeInfinity))
        {
            CenterPoint = node.Flag("center_point_box"),
        };
        node.Return(node.Graph.Add(layer, [boxes, scores], [], OnnxType.Int64, isPadded: true));
    }
}
