using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Losses, as evaluation networks contain them.</summary>
internal static class Losses
{
    /// <summary>NegativeLogLikelihoodLoss: minus the log-probability of the target class, weighted.</summary>
    public static void NegativeLogLikelihood(OnnxNode node) => node.Return(Loss(node, node.Input(0)));

    /// <summary>SoftmaxCrossEntropyLoss: the same on the log-softmax over axis 1, which is the second output.</summary>
    public static void SoftmaxCrossEntropy(OnnxNode node)
    {
        var logProbabilities = node.Add(new LogSoftmax(1), node.Input(0));
        node.Return(Loss(node, logProbabilities));
        node.Return(logProbabilities, 1);
    }

    private static Value Loss(OnnxNode node, Value logProbabilities)
    {
        var target = node.Input(1);
        var weights = node.OptionalInput(2);
        string reduction = node.Text("reduction", "mean");
        Value? counts = null;
        if (node.Has("ignore_index"))
        {
            var ignored = node.Add(new Equal(), [target, OnnxNode.Scalar(node.Int("ignore_index", 0), target.Type)], OnnxType.Bool);
            counts = node.Add(new LogicalNot(), [ignored], logProbabilities.Type);
            target = node.Add(new Where(), [ignored, OnnxNode.Scalar(0, target.Type), target], target.Type);
        }

        if (weights != null)
        {
            var chosen = node.Add(new Gather(0), [weights, target]);
            counts = counts == null ? chosen : node.Add(new Multiply(), [chosen, counts]);
        }

        var picked = node.Add(new GatherElements(1), [logProbabilities, node.Add(new Unsqueeze(1), target)]);
        var loss = node.Add(new Neg(), node.Add(new Squeeze(1), picked));
        if (counts != null)
            loss = node.Add(new Multiply(), [loss, counts]);
        int[] all = [.. Enumerable.Range(0, loss.Shape.Rank)];
        return reduction switch
        {
            "none" => loss,
            "sum" => Reductions.Over(node, ReduceFunction.Sum, loss, all, false),
            "mean" when counts == null => Reductions.Over(node, ReduceFunction.Mean, loss, all, false),
            "mean" => node.Add(new Divide(), [Reductions.Over(node, ReduceFunction.Sum, loss, all, false), Reductions.Over(node, ReduceFunction.Sum, counts, all, false)]),
            _ => throw OnnxNode.Problem("attribute 'reduction'", $"is '{reduction}'; none, sum and mean are possible."),
        };
    }
}
