using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>Moves the addition of a residual connection into the convolution that computes one of its sides.</summary>
internal static class FuseResidual
{
    public static Graph Run(Graph graph)
    {
        var uses = GraphRewriter.CountUses(graph);
        var sameShape = EqualShapes(graph);
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
        {
            if (node.Layer is not Add || !sameShape(node))
                return null;
            for (int side = 0; side < 2; side++)
            {
                if (uses[node.Inputs[side]] == 1 && inputs[side].Layer is ConvolutionLayer { AddsResidual: false, Activation.Function: ActivationFunction.None } convolution)
                    return new Node(node.Name, convolution with { AddsResidual = true }, [inputs[side].Inputs[0], inputs[1 - side]], inputs[side].Parameters);
            }

            return null;
        });
    }

    /// <summary>
    /// Whether both sides of an addition have one shape, so that nothing is broadcast. Shapes that are equal by chance at the
    /// declared size differ at another, so several are tried.
    /// </summary>
    private static Func<Node, bool> EqualShapes(Graph graph)
    {
        var declared = graph.InputShapes;
        List<IReadOnlyDictionary<Node, Shape>> sizes = [graph.InferShapes()];
        foreach (Func<Shape, int, bool> grows in new Func<Shape, int, bool>[] { (_, axis) => axis == 0, (_, axis) => axis > 1 })
        {
            try
            {
                sizes.Add(graph.InferShapes(declared.Map(shape => Doubled(shape, grows))));
            }
            catch (ShapeException)
            {
                // A graph that takes no other size cannot be surprised by one.
            }
        }

        return node => sizes.TrueForAll(shapes => shapes[node.Inputs[0]] == shapes[node.Inputs[1]]);
    }

    private static Shape Doubled(Shape shape, Func<Shape, int, bool> grows) =>
        new(shape.ToArray().Map((extent, axis) => shape.Rank > 1 && grows(shape, axis) ? extent * 2 : extent));
}
