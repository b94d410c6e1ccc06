using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Export;

/// <summary>Activations, as layers of their own or fused into others.</summary>
internal static class ExportActivations
{
    public static void Write(ExportNode node) => Write(node, node.Input(), ((ActivationLayer)node.Node.Layer).Activation);

    /// <summary>Writes a function of a value as the node's result.</summary>
    public static void Write(ExportNode node, string x, Activation activation)
    {
        float alpha = activation.Alpha, beta = activation.Beta;
        switch (activation.Function)
        {
            case ActivationFunction.None:
                node.Result("Identity", [x]);
                break;
            case ActivationFunction.Clip:
                node.Result("Clip", [x, node.Scalar("min", alpha), node.Scalar("max", beta)]);
                break;
            case ActivationFunction.LeakyRelu or ActivationFunction.Elu or ActivationFunction.Celu or ActivationFunction.ThresholdedRelu:
                node.Result(activation.Function.ToString(), [x], Attributes.Float("alpha", alpha));
                break;
            case ActivationFunction.Selu:
                node.Result("Selu", [x], Attributes.Float("alpha", alpha), Attributes.Float("gamma", beta));
                break;
            case ActivationFunction.HardSigmoid:
                node.Result("HardSigmoid", [x], Attributes.Float("alpha", alpha), Attributes.Float("beta", beta));
                break;
            case ActivationFunction.Silu:
                node.Result("Mul", [x, node.Emit("Sigmoid", [x])]);
                break;
            case ActivationFunction.Mish:
                node.Graph.Need(18);
                node.Result("Mish", [x]);
                break;
            case ActivationFunction.Gelu or ActivationFunction.GeluTanh:
                node.Graph.Need(20);
                node.Result("Gelu", [x], Attributes.Text("approximate", activation.Function == ActivationFunction.Gelu ? "none" : "tanh"));
                break;
            default:
                // Relu, Sigmoid, Tanh, HardSwish, Softplus and Softsign are called the same.
                node.Result(activation.Function.ToString(), [x]);
                break;
        }
    }
}
