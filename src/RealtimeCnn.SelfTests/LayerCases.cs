using System.Reflection;

namespace RealtimeCnn.SelfTests;

/// <summary>
/// The one list of what is claimed about layers: tests, self tests, the fuzzer's guarded runs and benchmarks take theirs from it. A class
/// of <c>Cases/</c> contributes by static properties: <c>All</c> of type <c>IEnumerable&lt;LayerCase&gt;</c> and, where there is
/// something to say, those named as the lists here.
/// </summary>
internal static class LayerCases
{
    private static readonly Dictionary<string, LayerCase> ById = Collect<LayerCase>(nameof(All)).ToDictionary(layerCase => layerCase.Id);

    /// <summary>Every case that has an oracle, those of one layer together.</summary>
    public static IReadOnlyCollection<LayerCase> All => ById.Values;

    /// <summary>What layers have to refuse.</summary>
    public static IReadOnlyList<RefusedCase> Refused { get; } = [.. Collect<RefusedCase>(nameof(Refused))];

    /// <summary>What another library computes as well.</summary>
    public static IReadOnlyList<RecordedCase> Recorded { get; } = [.. Collect<RecordedCase>(nameof(Recorded))];

    /// <summary>The largest tensors.</summary>
    public static IReadOnlyList<VastCase> Vast { get; } = [.. Collect<VastCase>(nameof(Vast))];

    /// <summary>Sizes of real networks, to be timed; they have no oracle.</summary>
    public static IReadOnlyList<LayerCase> Realistic { get; } = [.. Collect<LayerCase>(nameof(Realistic))];

    /// <summary>The case with an id.</summary>
    public static LayerCase Find(string id) => ById[id];

    private static IEnumerable<T> Collect<T>(string name) => typeof(LayerCases).Assembly.GetTypes()
        .Where(type => type.Namespace == "RealtimeCnn.SelfTests.Cases").OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(type => type.GetProperty(name, BindingFlags.Public | BindingFlags.Static))
        .Where(property => property?.PropertyType == typeof(IEnumerable<T>))
        .SelectMany(property => (IEnumerable<T>)property!.GetValue(null)!);
}
