using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>Which values of a network are layers on the wall.</summary>
internal static class WallLayers
{
    /// <summary>All values of one picture with channels, in their order, but those that only an activation or a normalisation reads: the picture comes after it.</summary>
    public static List<WallLayer> Of(Graph graph)
    {
        var shapes = graph.InferShapes();
        var readers = graph.Nodes.SelectMany(node => node.Inputs.Select(input => (Input: input, Reader: node))).ToLookup(edge => edge.Input, edge => edge.Reader);
        var isAboveZero = new Dictionary<Node, bool>();
        List<WallLayer> layers = [];
        foreach (var node in graph.Nodes)
        {
            isAboveZero[node] = IsAboveZero(node, isAboveZero);
            var shape = shapes[node];
            bool isOutput = graph.Outputs.Contains(node);
            if (node.Layer is Input or Constant or ReshapingLayer || shape is not ({ Rank: 4 } or { Rank: 2 }) || shape[0] != 1 || shape.Count == 0)
                continue;
            if (!isOutput && readers[node].ToList() is [{ Layer: BatchNorm2d or ActivationLayer }])
                continue;
            bool isVector = shape.Rank == 2;
            var maps = isVector ? new Shape(1, shape[1], 1, 1) : shape;
            layers.Add(new WallLayer(
                layers.Count, node, isVector || isOutput ? $"{node.Name} on the wall" : node.Name, LayerTitles.Of(node), maps,
                maps.Area == 1 ? $"{maps.Channels} numbers" : $"{maps.Channels} maps {maps.Width}×{maps.Height}", isAboveZero[node] ? MapColors.FromZero : MapColors.AroundZero, isVector, WeightedOf(node)));
        }

        return layers;
    }

    private static Node? WeightedOf(Node node) => node.Layer switch
    {
        ConvolutionLayer or Linear => node,
        BatchNorm2d or ActivationLayer => WeightedOf(node.Inputs[0]),
        _ => null,
    };

    // By what computes it, so that the colours of a layer do not change from picture to picture.
    private static bool IsAboveZero(Node node, Dictionary<Node, bool> known) => node.Layer switch
    {
        ActivationLayer layer => IsAboveZero(layer.Activation),
        ConvolutionLayer layer => IsAboveZero(layer.Activation),
        Linear layer => IsAboveZero(layer.Activation),
        Softmax or Exp or Abs or Square or Sqrt => true,
        MaxPool2d or AveragePool2d or GlobalAveragePool or GlobalMaxPool or AdaptivePoolingLayer or Concat or Add or Multiply or ReshapingLayer or Dropout or ChannelShuffle
            or Split or NodeOutput or Slice or Transpose => node.Inputs.Count > 0 && node.Inputs.All(input => known[input]),
        _ => false,
    };

    private static bool IsAboveZero(Activation activation) => activation.Function switch
    {
        ActivationFunction.Relu or ActivationFunction.Sigmoid or ActivationFunction.HardSigmoid or ActivationFunction.Softplus => true,
        ActivationFunction.Clip => activation.Alpha >= 0,
        _ => false,
    };
}
