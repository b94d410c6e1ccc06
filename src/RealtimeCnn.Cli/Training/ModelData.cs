using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Cli.Training;

/// <summary>How a model's input and what data know about pictures become one another.</summary>
internal static class ModelData
{
    /// <summary>The model's only input, a picture.</summary>
    /// <exception cref="InputException">It has several, or none of pictures.</exception>
    public static Shape PictureInput(Graph graph) => graph.InputShapes is [{ Rank: 4 } input] && input[1] is 1 or 3
        ? graph.InputShapes[0]
        : throw new InputException($"The model takes {string.Join(" and ", graph.InputShapes)}; data are pictures, [N, 1 or 3, H, W].");

    /// <summary>Mean and scale of a preprocessing, in the order of its channels.</summary>
    public static InputStatistics Statistics(Preprocessing preprocessing)
    {
        return new InputStatistics(Numbers(preprocessing.Mean), Numbers(preprocessing.Scale));

        float[] Numbers(Rgb numbers) => preprocessing.Order switch
        {
            ColorOrder.Gray => [(float)numbers.R],
            ColorOrder.Bgr => [(float)numbers.B, (float)numbers.G, (float)numbers.R],
            _ => [(float)numbers.R, (float)numbers.G, (float)numbers.B],
        };
    }

    /// <summary>What the file of a trained model says, so that a camera needs nothing else.</summary>
    public static OnnxMetadata Metadata(OnnxMetadata? before, IDataSet data, Size2d size, InputStatistics statistics, CentreHead? head, string recipe)
    {
        var metadata = (before ?? new OnnxMetadata { Fit = head == null ? "crop" : "letterbox" }) with
        {
            Labels = data.Classes,
            InputSize = size,
            Mean = statistics.Mean,
            Scale = statistics.Scale,
            Head = "classification",
            Other = new Dictionary<string, string>(before?.Other ?? new Dictionary<string, string>()) { ["recipe"] = recipe },
        };
        return head == null ? metadata : metadata.With(head);
    }

    /// <exception cref="InputException">The model gives no heat, classes and boxes for these classes.</exception>
    public static void VerifyCentres(Graph graph, IReadOnlyList<string> classes)
    {
        var shapes = graph.InferShapes();
        Shape[] outputs = [.. graph.Outputs.Select(output => shapes[output])];
        if (outputs is not [{ Rank: 4 } heat, var kinds, var boxes] || heat.Channels != 1 || kinds != heat.With(1, classes.Count) || boxes != heat.With(1, CentreHead.BoxChannels))
            throw new InputException($"The model's outputs are {string.Join(" and ", outputs)}; a detector of {classes.Count} classes has [N, 1, H, W], [N, {classes.Count}, H, W] and [N, {CentreHead.BoxChannels}, H, W]: {string.Join(", ", classes)}.");
    }

    /// <exception cref="InputException">The model gives no logits for these classes.</exception>
    public static void VerifyLogits(Graph graph, IReadOnlyList<string> classes)
    {
        var output = graph.Outputs[0];
        if (!Classification.NeedsSoftmax(graph))
            throw new InputException($"The model ends with {output}; training needs the logits before it.");
        var shape = graph.InferShapes()[output];
        if (shape.Rank != 2 || shape[1] != classes.Count)
            throw new InputException($"The model's output is {shape}; {classes.Count} classes need [N, {classes.Count}]: {string.Join(", ", classes)}.");
    }
}
