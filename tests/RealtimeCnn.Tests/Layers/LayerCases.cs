using System.Reflection;

namespace RealtimeCnn.Tests.Layers;

/// <summary>
/// The one list of cases. A test class of a layer contributes with a static property <c>Cases</c> of type
/// <c>IEnumerable&lt;LayerCase&gt;</c>.
/// </summary>
public static class LayerCases
{
    private static readonly Dictionary<string, LayerCase> ById = Collect();

    public static IEnumerable<LayerCase> All => ById.Values;

    /// <summary>Ids of all cases, as xUnit wants theory data.</summary>
    public static TheoryData<string> Ids => [.. ById.Keys];

    /// <summary>Ids of the cases that have a GPU kernel.</summary>
    public static TheoryData<string> GpuIds => [.. ById.Values.Where(layerCase => !layerCase.CpuOnly).Select(layerCase => layerCase.Id)];

    public static LayerCase Find(string id) => ById[id];

    private static Dictionary<string, LayerCase> Collect() => typeof(LayerCases).Assembly.GetTypes()
        .Select(type => type.GetProperty("Cases", BindingFlags.Public | BindingFlags.Static))
        .Where(property => property?.PropertyType == typeof(IEnumerable<LayerCase>))
        .SelectMany(property => (IEnumerable<LayerCase>)property!.GetValue(null)!)
        .ToDictionary(layerCase => layerCase.Id);
}
