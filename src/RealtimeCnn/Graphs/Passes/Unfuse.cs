using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// Makes layers of their own of the activation and the residual connection that a layer applies to its sums, so that each is
/// differentiated by itself. The last of them keeps the node's name.
/// </summary>
internal static class Unfuse
{
    public static Graph Run(Graph graph) => GraphRewriter.Rewrite(graph, (node, inputs) =>
    {
        var (sum, activation, addsResidual) = Parts(node.Layer);
        bool isActivated = activation.Function != ActivationFunction.None;
        if (!isActivated && !addsResidual)
            return null;
        var result = new Node($"{node.Name}/sum", sum, addsResidual ? [inputs[0]] : inputs, node.Parameters);
        if (addsResidual)
            result = new Node(isActivated ? $"{node.Name}/residual" : node.Name, new Add(), [result, inputs[1]], []);
        return isActivated ? new Node(node.Name, new Activated(activation), [result], []) : result;
    });

    private static (Layer Sum, Activation Activation, bool AddsResidual) Parts(Layer layer) => layer switch
    {
        ConvolutionLayer convolution => (convolution with { Activation = default, AddsResidual = false }, convolution.Activation, convolution.AddsResidual),
        Linear linear => (linear with { Activation = default }, linear.Activation, false),
        ConvTranspose2d transposed => (transposed with { Activation = default }, transposed.Activation, false),
        LocallyConnected2d unshared => (unshared with { Activation = default }, unshared.Activation, false),
        _ => (layer, default, false),
    };
}
