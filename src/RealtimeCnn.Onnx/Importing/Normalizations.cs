using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Evaluation;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Normalisation.</summary>
internal static class Normalizations
{
    public static void BatchNorm(OnnxNode node)
    {
        var x = node.Input(0);
        if (node.Flag("training_mode"))
            throw OnnxNode.Unsupported("attribute 'training_mode'", "is 1: the file was exported for training. Training is a mode of the run here (RunMode.Training); export the model for inference.");
        if (!node.Flag("spatial", true))
            throw OnnxNode.Unsupported("attribute 'spatial'", "is 0; one mean and variance for each channel (1) is supported.");
        _ = (node.Flag("is_test"), node.Float("momentum", 0.9f));
        if (Enumerable.Range(1, 4).Any(node.HasOutput))
            throw OnnxNode.Unsupported("outputs 1 to 4", "are statistics of training; only inference is supported.");
        var layer = new BatchNorm2d(x.Shape.Channels) { Epsilon = node.Float("epsilon", 1e-5f) };
        string[] roles = ["scale", "B", "mean", "var"];
        Tensor[] parameters = roles.Map((role, i) => node.Graph.Parameter(Channels(node, i + 1, role, x.Shape.Channels)));
        node.Return(node.Add(layer, x, parameters));
    }

    public static void InstanceNorm(OnnxNode node)
    {
        var x = node.Input(0);
        var layer = new InstanceNorm2d(x.Shape.Channels) { Epsilon = node.Float("epsilon", 1e-5f) };
        node.Return(node.Add(layer, x, node.Graph.Parameter(Channels(node, 1, "scale", layer.Channels)), node.Graph.Parameter(Channels(node, 2, "B", layer.Channels))));
    }

    /// <summary>GroupNormalization: up to opset 20 scale and bias are for each group, from 21 on for each channel.</summary>
    public static void GroupNorm(OnnxNode node)
    {
        var x = node.Input(0);
        _ = node.Int("stash_type", 1);
        int groups = Convolutions.Count(node, "num_groups", node.Int("num_groups", 0)), channels = x.Shape.Channels;
        Tensor Parameter(int input, string role)
        {
            var value = node.Constant(input, role);
            if (value.Count == channels)
                return node.Graph.Parameter(value, new Shape(channels));
            if (value.Count != groups || channels % groups != 0)
                throw OnnxNode.Problem(role, $"{value} must have one number for each of the {groups} groups or {channels} channels.");
            return node.Graph.Parameter(new Shape(channels), [.. Enumerable.Range(0, channels).Select(channel => (float)value.DoubleAt(channel / (channels / groups)))]);
        }

        var layer = new GroupNorm(groups, channels) { Epsilon = node.Float("epsilon", 1e-5f) };
        node.Return(node.Add(layer, x, Parameter(1, "scale"), Parameter(2, "bias")));
    }

    public static void LayerNorm(OnnxNode node)
    {
        var x = node.Input(0);
        _ = node.Int("stash_type", 1);
        int axis = OnnxNode.Axis(node.Int("axis", -1), x.Shape.Rank);
        float epsilon = node.Float("epsilon", 1e-5f);
        var normalized = new Shape(x.Shape.ToArray().AsSpan(axis));
        var layer = new LayerNorm(normalized) { Epsilon = epsilon };
        var bias = node.HasInput(2) ? Spread(node, node.Constant(2, "B"), normalized) : node.Graph.Parameter(node.Filled(OnnxType.Float, normalized, 0, "The bias").Constant!);
        node.Return(node.Add(layer, x, Spread(node, node.Constant(1, "Scale"), normalized), bias));
        if (!node.HasOutput(1) && !node.HasOutput(2))
            return;
        int[] axes = [.. Enumerable.Range(axis, x.Shape.Rank - axis)];
        var mean = Reductions.Mean(node, x, axes);
        node.Return(mean, 1);
        var variance = Reductions.Mean(node, node.Add(new Square(), node.Add(new Subtract(), [x, mean])), axes);
        node.Return(node.Add(new Reciprocal(), node.Add(new Sqrt(), node.Add(new Add(), [variance, OnnxNode.Scalar(epsilon)]))), 2);
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
        bool trains = node.HasInput(2) && node.Number(2, "training_mode").Int64At(0) != 0;
        double ratio = node.HasInput(1) && trains ? node.Number(1, "ratio").DoubleAt(0) : 0.5;
        if (trains && ratio != 0)
            throw OnnxNode.Unsupported("training_mode", "is true: the file was exported for training. Training is a mode of the run here (RunMode.Training); export the model for inference.");
        node.Return(x);
        if (!node.HasOutput(1))
            return;
        node.Return(node.Filled(node.Opset < 10 ? x.Type : OnnxType.Bool, x.Shape, 1, "The mask"), 1);
    }

    /// <summary>A parameter that is broadcast to a shape.</summary>
    private static Tensor Spread(OnnxNode node, OnnxTensor value, Shape shape)
    {
        if (value.Count == shape.Count)
            return node.Graph.Parameter(value, shape);
        if (Broadcasting.Common(value.Shape, shape) != shape)
            throw OnnxNode.Problem("Scale and B", $"{value} does not broadcast to {shape}.");
        return node.Graph.Parameter(node.Make(shape, "Scale and B", () => HostTensors.Take(value, shape, HostTensors.Positions(shape, Broadcasting.Strides(value.Shape, shape)))));
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
