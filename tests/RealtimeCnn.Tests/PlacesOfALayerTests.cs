using System.Text.RegularExpressions;

namespace RealtimeCnn.Tests;

/// <summary>docs/adding-a-layer.md says in how many places a layer stands: files that are its own or have to name it, counted here.</summary>
public partial class PlacesOfALayerTests
{
    [Theory]
    [InlineData("Resize2d", "ResizeKernel.cs", "Resize2d.cs", "ResizeKernel.cs", "CpuKernels.cs", "GpuKernels.cs", "resize2d.comp", "Resize2dCases.cs", "OnnxLayers.cs", "Resizing.cs")]
    [InlineData("GemPool2d", "Poolings.cs", "GemPool2d.cs", "Poolings.cs", "CpuKernels.cs", "GpuKernels.cs", "gem_pool2d.comp", "GemPool2dCases.cs", "OnnxLayers.cs", "ExportWindows.cs", "GlobalPooling.cs")]
    [InlineData("GatherNd", "GatherNdKernel.cs", "GatherNd.cs", "GatherNdKernel.cs", "CpuKernels.cs", "GatherNdCases.cs", "OnnxLayers.cs", "Structure.cs")]
    [InlineData("Maxout", "MaxoutKernel.cs", "Maxout.cs", "MaxoutKernel.cs", "CpuKernels.cs", "MaxoutKernel.cs", "GpuKernels.cs", "maxout.comp", "MaxoutCases.cs", "OnnxLayers.cs", "ExportReductions.cs")]
    public void A_layer_is_named_in_these_files_and_in_no_others(string layer, string kernel, params string[] places)
    {
        var named = new Regex($@"\b{layer}\b");
        string[] files = [.. Sources().Where(file => Path.GetFileName(file) == kernel || named.IsMatch(File.ReadAllText(file))).Select(file => Path.GetFileName(file))];
        Assert.Equal(places.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    /// <summary>What a layer needs; models, passes, experiments, long cases and other operators' decompositions only use it.</summary>
    private static IEnumerable<string> Sources() => new[] { "src", "shaders" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.*", SearchOption.AllDirectories))
        .Where(file => Path.GetExtension(file) is ".cs" or ".comp" && !Users().IsMatch(file.Replace('\\', '/')));

    [GeneratedRegex(@"/(Models|Graphs|RealtimeCnn\.Textbook|obj|bin)/|LongLoops\.cs$")]
    private static partial Regex Users();
}
