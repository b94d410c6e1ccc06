using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Training;

/// <summary>Calibrates a classifier's confidence: logits are divided by one number, the temperature, which changes no answer.</summary>
/// <remarks>Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", arXiv:1706.04599, section 4.2.</remarks>
internal static class TemperatureScaling
{
    private const double Coldest = 0.05, Hottest = 20, Precision = 1e-6;

    /// <summary>The temperature at which the labels are most likely.</summary>
    /// <inheritdoc cref="Evaluation.Of"/>
    public static double Fit(INetwork network, IDataSet data, EvaluationOptions options, CancellationToken cancellation = default)
    {
        List<(int Label, float[] Logits)> samples = [];
        Evaluation.ForEach(network, data, options, (label, scores) => samples.Add((label, scores.ToArray())), cancellation);
        // The loss is convex in the inverse of the temperature, so a golden section finds its least value.
        double low = 1 / Hottest, high = 1 / Coldest, golden = (Math.Sqrt(5) - 1) / 2;
        double left = high - (golden * (high - low)), right = low + (golden * (high - low)), atLeft = Loss(samples, left), atRight = Loss(samples, right);
        while (high - low > Precision)
        {
            if (atLeft < atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                atLeft = Loss(samples, left = high - (golden * (high - low)));
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                atRight = Loss(samples, right = low + (golden * (high - low)));
            }
        }

        return 2 / (low + high);
    }

    /// <exception cref="ArgumentException">The graph's first output is not that of a layer whose weights make its logits.</exception>
    public static void Verify(Graph graph)
    {
        if (graph.Outputs[0].Layer is not Linear { Activation: var activation } || activation != Activation.None)
            throw new ArgumentException($"Confidence is calibrated in the weights of a last linear layer; the graph ends with {graph.Outputs[0]}.");
    }

    /// <summary>Divides the weights and biases of the last layer by the temperature.</summary>
    public static void Fold(Graph graph, double temperature)
    {
        foreach (var parameter in graph.Outputs[0].Parameters)
        {
            using var edit = parameter.Edit();
            foreach (ref float value in edit.Values)
                value = (float)(value / temperature);
        }
    }

    /// <summary>Mean of <c>log Σ exp(b·z) − b·z[label]</c> over the samples, b being the inverse of the temperature.</summary>
    private static double Loss(List<(int Label, float[] Logits)> samples, double inverse)
    {
        double loss = 0;
        foreach (var (label, logits) in samples)
            loss += Math.Log(logits.Sum(logit => Math.Exp(inverse * ((double)logit - logits[label]))));
        return loss / samples.Count;
    }
}
