using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>
/// One input through a network in two places, in slices, so that the window goes on meanwhile. First every layer's value is compared, in
/// networks that keep all of them; then the networks as they are in use say which kernels they take, how long those work, and whether
/// their outputs are right too.
/// </summary>
internal sealed class Examination : IDisposable
{
    /// <summary>Largest relative L2 that counts as equal, as everywhere.</summary>
    public static readonly double Tolerance = new ComparisonOptions().Tolerance;

    private const int TimedRuns = 3;
    private readonly NetworkPair _pair;
    private readonly Graph _graph;
    private readonly string _model;
    private readonly long _frame;
    private readonly Tensor _input;
    private readonly PlanBuild _work;
    private readonly List<LayerFinding> _layers = [];

    /// <param name="pair">The two places.</param>
    /// <param name="graph">The network; must live as long as this.</param>
    /// <param name="model">Its name.</param>
    /// <param name="frame">Number of the picture in its source.</param>
    /// <param name="input">What enters it; this one's from now on.</param>
    public Examination(NetworkPair pair, Graph graph, string model, long frame, Tensor input)
    {
        (_pair, _graph, _model, _frame, _input) = (pair, graph, model, frame, input);
        _work = new PlanBuild(Work().GetEnumerator());
    }

    /// <summary>The two places.</summary>
    public NetworkPair Pair => _pair;

    /// <summary>The share of the work that is done, in [0, 1].</summary>
    public double Progress => _work.Progress;

    /// <summary>What is being done, in a few words.</summary>
    public string Doing { get; private set; } = "";

    /// <summary>Whether there is nothing left to do.</summary>
    public bool IsOver => _work.IsDone;

    /// <summary>What came of it; null before its end.</summary>
    public Diagnosis? Diagnosis { get; private set; }

    /// <summary>Goes on for a while.</summary>
    /// <param name="budget">How long; null for the end.</param>
    /// <returns>Whether it is over.</returns>
    public bool Advance(TimeSpan? budget)
    {
        if (budget is { } slice)
            return _work.Advance(slice);
        _work.Finish();
        return true;
    }

    public void Dispose()
    {
        _work.Dispose();
        _input.Dispose();
    }

    private IEnumerable<double> Work()
    {
        foreach (double share in CompareLayers())
            yield return 0.6 * share;
        TensorDifference[] outputs = [];
        double expectedMs = 0, actualMs = 0;
        using (var expected = _pair.BindExpected(_graph, false))
        using (var actual = _pair.BindActual(expected.Graph, false))
        {
            Doing = "making both networks as they are in use";
            foreach (double share in Prepare(expected))
                yield return 0.6 + (0.1 * share);
            foreach (double share in Prepare(actual))
                yield return 0.7 + (0.2 * share);
            Doing = "measuring";
            List<IReadOnlyList<StepTime>> expectedRuns = [], actualRuns = [];
            for (int i = 0; i < TimedRuns; i++)
            {
                expectedRuns.Add(expected.Profile([_input]).Steps);
                yield return 0.9 + (0.1 * ((2 * i) + 1) / (2 * TimedRuns));
                actualRuns.Add(actual.Profile([_input]).Steps);
                yield return 0.9 + (0.1 * (i + 1) / (TimedRuns + 1));
            }

            foreach (var layer in _layers)
                layer.Times = (KernelTime.Of(layer.Node.Name, expectedRuns), KernelTime.Of(layer.Node.Name, actualRuns));
            (expectedMs, actualMs) = (LeastRun(expectedRuns), LeastRun(actualRuns));
            var right = expected.Run(_input);
            outputs = [.. right.Zip(actual.Run(_input), TensorDifference.Between)];
        }

        var comparison = new NetworkComparison(Tolerance, [.. _layers.Select(layer => layer.Node)], outputs, Culprit: null);
        Diagnosis = new Diagnosis(_model, _frame, _pair.Expected, _pair.Actual, comparison, _layers, expectedMs, actualMs);
    }

    private IEnumerable<double> CompareLayers()
    {
        using var expected = _pair.BindExpected(_graph, true);
        using var actual = _pair.BindActual(expected.Graph, true);
        Doing = "making both networks";
        foreach (double share in Prepare(expected))
            yield return 0.15 * share;
        foreach (double share in Prepare(actual))
            yield return 0.15 + (0.45 * share);
        Doing = "computing";
        expected.Run(_input);
        yield return 0.62;
        actual.Run(_input);
        yield return 0.66;
        Doing = "comparing layers";
        Node[] nodes = [.. expected.Graph.Nodes.Where(node => node.Layer is not (Input or Constant))];
        for (int i = 0; i < nodes.Length; i++)
        {
            using (Tensor wanted = expected.Read(nodes[i].Name), got = actual.Read(nodes[i].Name))
            {
                var node = new NodeComparison(nodes[i].Name, nodes[i].Layer.GetType().Name, got.Shape, actual.BackendOf(nodes[i]) == "gpu", TensorDifference.Between(wanted, got));
                _layers.Add(new LayerFinding(node, ErrorMap.Between(wanted, got), Tolerance));
            }

            yield return 0.66 + (0.34 * (i + 1) / nodes.Length);
        }
    }

    // Unit by unit; what others do meanwhile, such as a driver that compiles, is asked for again in the next slice.
    private static IEnumerable<double> Prepare(INetwork network)
    {
        using var build = network.Prepare();
        while (!build.Advance(TimeSpan.Zero))
            yield return build.Progress;
    }

    private static double LeastRun(List<IReadOnlyList<StepTime>> runs) => runs.Min(run => run.Sum(step => double.IsNaN(step.Milliseconds) ? 0 : step.Milliseconds));
}
