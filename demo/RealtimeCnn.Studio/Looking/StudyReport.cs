using System.Text.Json;
using RealtimeCnn.Demo.Modes.Doctor;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Studio.Looking;

/// <summary>What a study found, read while its networks live.</summary>
internal sealed class StudyReport
{
    private const long MostMapBytes = 64 << 20;
    private readonly List<object> _layers = [];
    private readonly List<LayerLevels?> _maps = [];
    private readonly string _backend, _choice;
    private readonly double _milliseconds;
    private readonly long _parameters;

    /// <param name="timed">The network whose steps were timed.</param>
    /// <param name="keeping">The one that has every value.</param>
    /// <param name="runs">The steps of each run.</param>
    /// <param name="cancellation">Ends it.</param>
    public StudyReport(INetwork timed, INetwork keeping, IReadOnlyList<IReadOnlyList<StepTime>> runs, CancellationToken cancellation)
    {
        (_backend, _choice, _parameters) = (timed.Backend, timed.Choice, timed.Source.ParameterCount);
        _milliseconds = runs.Min(run => run.Sum(step => Known(step.Milliseconds)));
        var nodes = timed.Graph.Nodes.Where(node => node.Layer is not Constant).ToList();
        var shapes = timed.Graph.InferShapes();
        var places = nodes.Select((node, i) => (node, i)).ToDictionary(pair => pair.node, pair => pair.i);
        var work = runs[0].GroupBy(step => step.Nodes[^1]).ToDictionary(steps => steps.Key, steps => steps.Sum(step => step.MultiplyAccumulates));
        foreach (var node in nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            LayerLevels? maps;
            using (var values = keeping.Read(node.Name))
                maps = LayerLevels.Of(values, MostMapBytes / nodes.Count);
            var time = node.Layer is Input ? new KernelTime("", "What the network gets of the picture.", double.NaN) : KernelTime.Of(node.Name, runs);
            _maps.Add(maps);
            _layers.Add(new
            {
                name = node.Name,
                title = node.Layer is Input ? "input" : LayerTitles.Of(node),
                layer = node.Layer.ToString(),
                inputs = node.Inputs.Where(places.ContainsKey).Select(input => places[input]),
                isOutput = timed.Graph.Outputs.Contains(node),
                shape = Enumerable.Range(0, shapes[node].Rank).Select(axis => shapes[node][axis]),
                where = timed.BackendOf(node),
                kernel = time.Kernel,
                reason = time.Reason,
                milliseconds = double.IsNaN(time.Milliseconds) ? (double?)null : Math.Round(time.Milliseconds, 4),
                multiplyAccumulates = work.GetValueOrDefault(node.Name),
                parameters = node.Parameters.Sum(parameter => (long)parameter.Values.Length),
                maps = maps == null ? null : new
                {
                    channels = maps.Channels,
                    shown = maps.Shown,
                    columns = maps.Columns,
                    gap = maps.Gap,
                    tileWidth = maps.Tile.Width,
                    tileHeight = maps.Tile.Height,
                    least = Finite(maps.Range.Least),
                    greatest = Finite(maps.Range.Greatest),
                    notFinite = maps.NotFiniteCount,
                },
            });
        }
    }

    /// <summary>The result under a number.</summary>
    public StudyResult ToResult(int number) => new(number, JsonSerializer.SerializeToUtf8Bytes(new
    {
        study = number,
        backend = _backend,
        choice = _choice,
        milliseconds = Math.Round(_milliseconds, 3),
        parameters = _parameters,
        layers = _layers,
    }), _maps);

    private static double Known(double milliseconds) => double.IsNaN(milliseconds) ? 0 : milliseconds;

    private static float? Finite(float value) => float.IsFinite(value) ? value : null;
}
