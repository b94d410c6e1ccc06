using System.Collections.Concurrent;
using RealtimeCnn.SelfTests;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.Tests.Training;

/// <summary>
/// Slopes of <c>Σ r[k]·y[k]</c> of a case's oracle, in double, r drawn at random: central differences along each input and parameter, in
/// some random directions, in which every element takes part, and by some single elements. Measured once for all kernels of a layer, with
/// a bounded number of calls of the oracle.
/// </summary>
internal sealed class OracleSlopes
{
    private const double Step = 1e-6;

    /// <summary>Steps of a forward pass from which on as few slopes are measured as show an error.</summary>
    private const long Expensive = 1 << 20;

    private static readonly ConcurrentDictionary<string, Lazy<OracleSlopes>> All = new();

    private readonly List<Slope> _slopes = [];

    private OracleSlopes(LayerCase layerCase, LayerRun run)
    {
        Weights = Random(run.Expected.Values.Length, 5);
        DoubleTensor[] inputs = [.. run.Inputs.Select(DoubleTensor.Of)], parameters = [.. run.Graph[LayerRun.LayerName].Parameters.Select(parameter => DoubleTensor.Of(parameter.Tensor))];
        double Value() => layerCase.Oracle!(inputs, parameters).Values.Select((y, k) => y * Weights[k]).Sum();
        IsFinite = double.IsFinite(Value());
        if (!IsFinite)
            return;
        bool isExpensive = layerCase.Layer.Operations(layerCase.Inputs, run.Expected.Shape) > Expensive;
        DoubleTensor[] tensors = [.. inputs, .. parameters];
        for (int i = 0; i < tensors.Length; i++)
        {
            bool hasSlopes = i >= inputs.Length ? !layerCase.Layer.Parameters[i - inputs.Length].IsStatistic : layerCase.Layer.HasSlopes(i);
            if (hasSlopes && tensors[i].Values.Length > 0)
                Measure(i, tensors[i], Value, isExpensive ? 1 : 2, isExpensive ? 1 : 4);
        }
    }

    /// <summary>r.</summary>
    public float[] Weights { get; }

    /// <summary>Whether the sum is a number, and has slopes.</summary>
    public bool IsFinite { get; }

    public static OracleSlopes Of(LayerCase layerCase, LayerRun run) => All.GetOrAdd(layerCase.Id, _ => new Lazy<OracleSlopes>(() => new OracleSlopes(layerCase, run))).Value;

    /// <summary>Compares a gradient with the slopes.</summary>
    /// <param name="tensor">Number of the input, or behind those of the parameter.</param>
    /// <param name="gradient">What a kernel gave.</param>
    /// <param name="tolerance">Error of a slope, relative to the gradient's norm.</param>
    /// <returns>What differs, or null; and how many slopes were compared.</returns>
    public (string? Difference, int Compared) Compare(int tensor, Tensor gradient, double tolerance)
    {
        double norm = Math.Sqrt(gradient.Span.ToArray().Sum(value => (double)value * value));
        int compared = 0;
        foreach (var slope in _slopes.Where(slope => slope.Tensor == tensor))
        {
            double[] along = Direction(gradient.Shape.Count, slope);
            double given = along.Select((v, i) => v == 0 ? 0 : v * gradient.Span[i]).Sum();
            if (!(Math.Abs(given - slope.Value) <= (tolerance * norm) + 1e-6))
                return ($"{given} instead of {slope.Value} {(slope.Element < 0 ? "in a random direction" : $"by element {slope.Element}")}, the gradient's norm being {norm}", compared);
            compared++;
        }

        return (null, compared);
    }

    private void Measure(int tensor, DoubleTensor values, Func<double> value, int directions, int elements)
    {
        for (int seed = 0; seed < directions; seed++)
            TryAdd(new Slope(tensor, -1, seed, 0), values, value);
        int wanted = _slopes.Count + elements, most = 4 * elements;
        int[] chosen = [.. Enumerable.Range(0, values.Values.Length)];
        new Random(11).Shuffle(chosen);
        foreach (int element in chosen.Take(most))
        {
            if (_slopes.Count < wanted)
                TryAdd(new Slope(tensor, element, 0, 0), values, value);
        }
    }

    /// <summary>Where the slopes on both sides differ there is a kink, such as ReLU's at 0, and no slope to compare with.</summary>
    private void TryAdd(Slope slope, DoubleTensor values, Func<double> value)
    {
        double[] along = Direction(values.Values.Length, slope), at = [.. values.Values];
        double here = value(), right = (At(Step) - here) / Step, left = (here - At(-Step)) / Step;
        at.CopyTo(values.Values, 0);
        if (Math.Abs(right - left) <= 2e-4 * (1 + Math.Abs(right) + Math.Abs(left)))
            _slopes.Add(slope with { Value = (right + left) / 2 });

        double At(double step)
        {
            for (int i = 0; i < at.Length; i++)
                values[i] = at[i] + (step * along[i]);
            return value();
        }
    }

    private static double[] Direction(int count, Slope slope)
    {
        if (slope.Element < 0)
            return [.. Random(count, slope.Seed).Select(value => (double)value)];
        double[] along = new double[count];
        along[slope.Element] = 1;
        return along;
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    /// <param name="Tensor">Along which input, or behind those parameter.</param>
    /// <param name="Element">By which element; −1 in a random direction.</param>
    /// <param name="Seed">Of the direction.</param>
    /// <param name="Value">The slope.</param>
    private readonly record struct Slope(int Tensor, int Element, int Seed, double Value);
}
