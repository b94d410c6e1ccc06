using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Training.Optimizers;

/// <summary>
/// The moving average of all parameters of a graph, statistics included: <c>a = d·a + (1 − d)·w</c> after each step, with
/// <c>d = min(decay, (1 + s) / (10 + s))</c>, so that the start is soon forgotten. It often generalises better than the last weights.
/// </summary>
/// <remarks>Source: Polyak and Juditsky 1992; the decay over steps s as in TensorFlow's ExponentialMovingAverage.</remarks>
public sealed class WeightAverage
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly float[][] _averages;
    private readonly double _decay;

    /// <summary>An average that starts with the parameters as they are.</summary>
    /// <param name="graph">Whose parameters.</param>
    /// <param name="decay">How slowly it follows in the end, from 0 to below 1.</param>
    public WeightAverage(Graph graph, double decay)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(decay, 1);
        (_parameters, _decay) = (graph.Parameters, decay);
        _averages = [.. _parameters.Select(parameter => parameter.Values.ToArray())];
    }

    /// <summary>Updates so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The averages, a parameter each, for checkpoints.</summary>
    internal IReadOnlyList<float[]> State => _averages;

    /// <summary>Takes the parameters of one more step in. Allocates nothing.</summary>
    public void Update()
    {
        double decay = Math.Min(_decay, (1.0 + Steps) / (10 + Steps));
        Steps++;
        for (int p = 0; p < _averages.Length; p++)
            UpdateLoop.Run(new Average((float)decay, (float)(1 - decay)), _averages[p], _parameters[p].Values, default, default);
    }

    /// <summary>Exchanges the graph's parameters and the averages: once to use the averages, once more to go on with training.</summary>
    public void Swap()
    {
        for (int p = 0; p < _averages.Length; p++)
        {
            using var edit = _parameters[p].Edit();
            for (int i = 0; i < _averages[p].Length; i++)
                (edit.Values[i], _averages[p][i]) = (_averages[p][i], edit.Values[i]);
        }
    }

    /// <summary>Goes on where another average stopped; the caller has filled <see cref="State"/>.</summary>
    internal void Resume(long steps) => Steps = steps;

    private readonly struct Average(float decay, float rest) : IUpdateFormula
    {
        public static int Slots => 0;

        public void Apply(ref Vector512<float> values, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second) =>
            values = (values * decay) + (gradient * rest);
    }
}
