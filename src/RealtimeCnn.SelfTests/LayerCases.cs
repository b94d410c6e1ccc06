using System.Reflection;

namespace RealtimeCnn.SelfTests;

/// <summary>
/// The one list of cases: tests, self tests, the fuzzer's guarded runs and benchmarks take theirs from it. A class of <c>Cases/</c>
/// contributes with a static property <c>All</c> of type <c>IEnumerable&lt;LayerCase&gt;</c>.
/// </summary>
internal static class LayerCases
{
    private static readonly Dictionary<string, LayerCase> ById = Collect();

    /// <summary>Every case that has an oracle, those of one layer together.</summary>
    public static IReadOnlyCollection<LayerCase> All => ById.Values;

    /// <summary>The case with an id.</summary>
    public static LayerCase Find(string id) => ById[id];

    private static Dictionary<string, LayerCase> Collect() => typeof(LayerCases).Assembly.GetTypes()
        .Where(type => type.Namespace == "RealtimeCnn.SelfTests.Cases").OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(type => type.GetProperty("All", BindingFlags.Public | BindingFlags.Static))
        .Where(property => property?.PropertyType == typeof(IEnumerable<LayerCase>))
        .SelectMany(property => (IEnumerable<LayerCase>)property!.GetValue(null)!)
        .ToDictionary(layerCase => layerCase.Id);
}
