using System.Text.RegularExpressions;

namespace RealtimeCnn.Tests;

/// <summary>docs/adding-a-layer.md says in how many files of the repository a layer stands: those that are its own or name it, counted here.</summary>
public partial class PlacesOfALayerTests
{
    private static readonly string[] Folders = ["src", "shaders", "tests", "docs", "bench", "demo"];

    // Pages about a layer's places: the one that states them, the one that counts them.
    private static readonly string[] AboutPlaces = ["docs/adding-a-layer.md", "tests/RealtimeCnn.Tests/PlacesOfALayerTests.cs"];

    [Theory]
    [InlineData("Resize2d", "Cpu/ResizeKernel.cs", "Layers/Resize2d.cs", "CpuKernels.cs", "OpenGL/Kernels/ResizeKernel.cs", "GpuKernels.cs", "resize2d.comp", "Resize2dCases.cs", "OnnxLayers.cs", "AxisGradientKernel.cs", "Importing/Resizing.cs")]
    [InlineData("GemPool2d", "Cpu/Poolings.cs", "Layers/GemPool2d.cs", "CpuKernels.cs", "GpuKernels.cs", "gem_pool2d.comp", "GemPool2dCases.cs", "OnnxLayers.cs", "GemExponentGradientKernel.cs")]
    [InlineData("GatherNd", "Cpu/GatherNdKernel.cs", "Layers/GatherNd.cs", "CpuKernels.cs", "GatherNdCases.cs", "OnnxLayers.cs", "GatherGradientKernel.cs", "Importing/Structure.cs", "Fuzz/Oracle/Indexing.cs", "Fuzz/Running/CaseRun.cs")]
    [InlineData("Maxout", "Cpu/MaxoutKernel.cs", "Layers/Maxout.cs", "CpuKernels.cs", "Kernels/MaxoutKernel.cs", "GpuKernels.cs", "maxout.comp", "MaxoutCases.cs", "MaxoutGradientKernel.cs", "LongLoops.cs", "OnnxLayers.cs", "ExportReductions.cs")]
    public void A_layer_stands_in_these_files_and_in_no_others(string layer, string kernel, params string[] others)
    {
        var named = new Regex($@"\b{layer}\b");
        string[] expected = [kernel, .. others];
        string[] files = [.. Texts().Where(text => text.Path.EndsWith(kernel, StringComparison.Ordinal) || named.IsMatch(text.Content)).Select(text => text.Path)];
        Assert.All(files, file => Assert.Contains(expected, place => file.EndsWith(place, StringComparison.Ordinal)));
        Assert.All(expected, place => Assert.Single(files, file => file.EndsWith(place, StringComparison.Ordinal)));
        Assert.Contains($"| `{layer}` | {files.Length} |", File.ReadAllText(Path.Combine(Repository.Root, AboutPlaces[0])), StringComparison.Ordinal);
    }

    /// <summary>The repository's files without what commands write; the textbook's experiments, the models and the demo use layers, which nobody has to do.</summary>
    private static IEnumerable<(string Path, string Content)> Texts() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.*", SearchOption.AllDirectories))
        .Append(Path.Combine(Repository.Root, "README.md"))
        .Select(file => (Path: Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), Full: file))
        .Where(file => Kinds().IsMatch(file.Path) && !WrittenOrUsing().IsMatch(file.Path) && !AboutPlaces.Contains(file.Path))
        .Select(file => (file.Path, Generated().Replace(File.ReadAllText(file.Full), "")));

    [GeneratedRegex(@"\.(cs|comp|glsl|md|py|json|mjs|sh|txt)$")]
    private static partial Regex Kinds();

    [GeneratedRegex(@"/(obj|bin|node_modules|Approved)/|^src/RealtimeCnn/Models/|^src/RealtimeCnn\.Textbook/|^demo/RealtimeCnn\.Demo/")]
    private static partial Regex WrittenOrUsing();

    [GeneratedRegex(@"<!-- generated -->.*?<!-- /generated -->", RegexOptions.Singleline)]
    private static partial Regex Generated();
}
