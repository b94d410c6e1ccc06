using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>What is never below zero, whatever it is computed of: a zero or a NaN may have a sign, and no other number.</summary>
internal static class Nonnegative
{
    // Layers that are asked what they read.
    private const int MostLayers = 4;

    /// <summary>Whether an activation gives nothing below zero.</summary>
    public static bool Is(Activation activation) => activation.Function switch
    {
        ActivationFunction.Relu or ActivationFunction.Sigmoid or ActivationFunction.HardSigmoid => true,
        ActivationFunction.Clip => activation.Alpha >= 0,
        _ => false,
    };

    /// <summary>Whether a node's first output has nothing below zero, as far as it and the few nodes before it tell.</summary>
    public static bool Is(Node node) => Is(node, MostLayers);

    private static bool Is(Node node, int layers) => layers > 0 && node.Layer switch
    {
        ConvolutionLayer convolution => Is(convolution.Activation),
        ActivationLayer layer => Is(layer.Activation),
        Concat or MaxPool2d or AveragePool2d or Dropout => node.Inputs.All(input => Is(input, layers - 1)),
        _ => false,
    };
}
