using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Interpretation;

/// <summary>The end of a classifier that takes the mean of each map, and of these one linear layer's scores, or the means themselves.</summary>
/// <param name="Maps">What is averaged.</param>
/// <param name="Linear">The linear layer, or a 1×1 convolution of the means; null where each map is a class's.</param>
internal sealed record CamHead(Node Maps, Node? Linear)
{
    /// <summary>How much a map counts for a class.</summary>
    public float Weight(int label, int map) => Linear == null ? (label == map ? 1 : 0) : Linear.Parameters[0].Values[(label * (Linear.Parameters[0].Shape.Count / Linear.Parameters[0].Shape[0])) + map];

    /// <summary>The head in front of scores; null where they come about otherwise.</summary>
    public static CamHead? Find(Node scores, IReadOnlyDictionary<Node, Shape> shapes)
    {
        Node? linear = null;
        for (var node = scores; ; node = node.Inputs[0])
        {
            switch (node.Layer)
            {
                case Linear { Activation: var activation } when linear == null && activation == Activation.None:
                case ConvolutionLayer { Kernel: { Height: 1, Width: 1 }, GroupCount: 1, AddsResidual: false } convolution when linear == null && convolution.Activation == Activation.None && shapes[node].Area == 1:
                    linear = node;
                    break;
                case ReshapingLayer or Dropout:
                    break;
                default:
                    return IsMean(node, shapes) && shapes[node.Inputs[0]].Area > 1 ? new CamHead(node.Inputs[0], linear) : null;
            }
        }
    }

    private static bool IsMean(Node node, IReadOnlyDictionary<Node, Shape> shapes) => node.Inputs.Count == 1 && shapes[node.Inputs[0]] is { Rank: 4 } maps && node.Layer switch
    {
        GlobalAveragePool => true,
        AdaptiveAveragePool2d adaptive => adaptive.OutputSize == new Size2d(1, 1),
        AveragePool2d pool => pool.Kernel == new Size2d(maps.Height, maps.Width) && pool.PaddingFor(maps) == default,
        Reduce { Function: ReduceFunction.Mean } reduce => reduce.Axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2, 3]),
        _ => false,
    };
}
