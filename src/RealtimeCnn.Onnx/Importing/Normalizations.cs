using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Normalisation.</summary>
internal static class Normalizations
{
    public static void BatchNorm(OnnxNode node)
    {
        var x = node.Input(0);
        if (node.Flag("training_mode"))
            throw OnnxNode.Unsupported("attribute 'training_mode'", "is 1; only inference is supported.");
        if (!node.Flag("spatial", true))
            throw OnnxNode.Unsupported("attribute 'spatial'", "is 0; one mean and variance for each channel (1) is supported.");
        _ = (node.Flag("is_test"), node.Float("momentum", 0.9f));
        if (Enumerable.Range(1, 4).Any(node.HasOutput))
            throw OnnxNode.Unsupported("outputs 1 to 4", "are statistics of training; only inference is supported.");
        var layer = new BatchNorm2d(x.Shape.Channels) { Epsilon = node.Float("epsilon", 1e-5f) };
        string[] roles = ["scale", "B", "mean", "var"];
        Tensor[] parameters = [.. roles.Select((role, i) => node.Graph.Parameter(Channels(node, i + 1, role, x.Shape.Channels)))];
        node.Return(node.Add(layer, x, parameters));
    }

    public static void Lrn(OnnxNode node)
    {
        int size = Convolutions.Count(node, "size", node.Int("size", 0));
        node.Return(node.Add(new Lrn(size) { Alpha = node.Float("alpha", 1e-4f), Beta = node.Float("beta", 0.75f), Bias = node.Float("bias", 1) }, node.Input(0)));
    }

    /// <summary>Dropout at inference: the input, and a mask that keeps everything.</summary>
    public static void Dropout(OnnxNode node)
    {
        var x = node.Input(0);
        _ = (node.Float("ratio", 0.5f), node.Int("seed", 0), node.Flag("is_test", true));
        bool trains = node.HasInput(2) && node.Constant(2, "training_mode").Int64At(0) != 0;
        double ratio = node.HasInput(1) && trains ? node.Constant(1, "ratio").DoubleAt(0) : 0.5;
        if (trains && ratio != 0)
            throw OnnxNode.Unsupported("training_mode", "is true; only inference is supported.");
        node.Return(x);
        if (!node.HasOutput(1))
            return;
        double[] kept = new double[x.Shape.Count];
        Array.Fill(kept, 1);
        node.Graph.Budget.TakeElements(kept.Length, "A dropout mask");
        node.Return(new Value(null, OnnxTensor.From(node.Opset < 10 ? x.Type : OnnxType.Bool, x.Shape, kept)), 1);
    }

    /// <summary>A parameter with one number for each channel.</summary>
    public static OnnxTensor Channels(OnnxNode node, int input, string role, int channels)
    {
        var value = node.Constant(input, role);
        return value.Count == channels
            ? value.Reshaped(new Shape(channels))
            : throw OnnxNode.Problem(role, $"{value} must have one number for each of the {channels} channels.");
    }
}
