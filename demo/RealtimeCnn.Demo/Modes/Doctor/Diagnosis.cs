using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>What came of an examination.</summary>
/// <param name="Model">Name of the network.</param>
/// <param name="Frame">Number of the picture in its source.</param>
/// <param name="Expected">What is believed.</param>
/// <param name="Actual">What was examined.</param>
/// <param name="Comparison">All layers and outputs on both sides.</param>
/// <param name="Layers">The same layers, each with where it differs, and with kernels and times.</param>
/// <param name="ExpectedMs">Least time of a run where it is believed, its steps added up.</param>
/// <param name="ActualMs">Least time of a run where it is examined, its steps added up.</param>
internal sealed record Diagnosis(string Model, long Frame, string Expected, string Actual, NetworkComparison Comparison, IReadOnlyList<LayerFinding> Layers, double ExpectedMs, double ActualMs)
{
    /// <summary>The layer with the largest relative error; −1 of a network without layers.</summary>
    public int Worst { get; } = Layers.Count == 0 ? -1 : Enumerable.Range(0, Layers.Count).MaxBy(i => Layers[i].Ratio);

    /// <summary>The first layer that is out of tolerance; −1 for none. Those behind it have its error too.</summary>
    public int FirstBad { get; } = Layers.ToList().FindIndex(layer => !layer.IsRight);

    /// <summary>What is to be said first.</summary>
    public string Verdict { get; } = Comparison.FirstBad is { } bad
        ? $"'{bad.Name}' is the first layer out of tolerance: its kernel is the one to look at, or those before it that it is computed with."
        : Comparison.Agrees ? $"All {Layers.Count} layers agree."
        : "All layers agree while every value is kept; the outputs of a run as it is in use do not: memory is shared wrongly.";

    /// <summary>The largest error and whose it is, in words.</summary>
    public string WorstLine { get; } = Layers.MaxBy(layer => layer.Ratio) is { IsSame: false } worst ? $"{worst.Error} {worst.Node.Name}" : "none at all";

    /// <summary>Over the times of where it is believed.</summary>
    public string ExpectedTitle { get; } = $"{Expected} ms";

    /// <summary>Over the times of where it is examined.</summary>
    public string ActualTitle { get; } = $"{Actual} ms";

    /// <summary>Where it is believed, the time of a run in words.</summary>
    public string ExpectedTime { get; } = string.Create(CultureInfo.InvariantCulture, $"{ExpectedMs:0.00} ms");

    /// <summary>Where it is examined, the time of a run in words.</summary>
    public string ActualTime { get; } = string.Create(CultureInfo.InvariantCulture, $"{ActualMs:0.00} ms");

    /// <summary>The report.</summary>
    public string ToJson() => new JsonObject
    {
        ["model"] = Model,
        ["frame"] = Frame,
        ["expectedOn"] = Expected,
        ["actualOn"] = Actual,
        ["expectedMs"] = Math.Round(ExpectedMs, 4),
        ["actualMs"] = Math.Round(ActualMs, 4),
        ["worst"] = Worst < 0 ? null : Layers[Worst].Node.Name,
        ["comparison"] = JsonNode.Parse(Comparison.ToJson()),
        ["kernels"] = new JsonArray([.. Layers.Select(layer => new JsonObject
        {
            ["node"] = layer.Node.Name,
            ["expected"] = Data(layer.Times?.Expected),
            ["actual"] = Data(layer.Times?.Actual),
        })]),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static JsonObject? Data(KernelTime? time) => time == null ? null : new JsonObject
    {
        ["kernel"] = time.Kernel,
        ["reason"] = time.Reason,
        ["milliseconds"] = double.IsNaN(time.Milliseconds) ? null : Math.Round(time.Milliseconds, 4),
    };
}
