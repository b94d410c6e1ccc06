using System.Diagnostics;
using System.Text.Json;

namespace RealtimeCnn.Tests.Adapters;

/// <summary>What the build makes of the switches that choose the adapters' libraries, without building anything.</summary>
public sealed class AdapterBuildTests : IDisposable
{
    private readonly string _silk = Directory.CreateTempSubdirectory("rtcnn-silk-").FullName;
    private readonly string _emgu = Directory.CreateTempSubdirectory("rtcnn-emgu-").FullName;

    [Theory]
    [InlineData("demo/RealtimeCnn.Demo")]
    [InlineData("tests/RealtimeCnn.Tests")]
    public void From_folders_a_program_gets_what_is_loaded_by_name_and_what_is_native(string project)
    {
        foreach (string file in (string[])["Silk.NET.Windowing.Common.dll", "Silk.NET.Windowing.Glfw.dll", "Silk.NET.Input.Glfw.dll", "Silk.NET.GLFW.dll", "libglfw.so.3"])
            File.WriteAllBytes(Path.Combine(_silk, file), []);
        foreach (string file in (string[])["Emgu.CV.dll", "libcvextern.so"])
            File.WriteAllBytes(Path.Combine(_emgu, file), []);
        var items = Evaluate(project, "Items", "-getItem:Reference", "-getItem:None", $"-p:SilkNetPath={_silk}", $"-p:EmguCvPath={_emgu}");
        var references = Files(items.GetProperty("Reference"));
        Assert.Superset(new HashSet<string> { "Silk.NET.Windowing.Glfw.dll", "Silk.NET.Input.Glfw.dll", "Silk.NET.GLFW.dll", "Emgu.CV.dll" }, references);
        var copied = Files(items.GetProperty("None"), item => item.TryGetProperty("CopyToOutputDirectory", out var copy) && copy.GetString() == "PreserveNewest");
        Assert.Superset(new HashSet<string> { "libglfw.so.3", "libcvextern.so" }, copied);
    }

    [Fact]
    public void From_packages_a_program_brings_the_native_library_and_its_name_is_no_error()
    {
        var items = Evaluate("demo/RealtimeCnn.Demo", "Items", "-getItem:PackageReference", "-p:UseEmguCv=true");
        Assert.Contains(Files(items.GetProperty("PackageReference")), name => name.StartsWith("Emgu.CV.runtime.", StringComparison.Ordinal));
        var properties = Evaluate("tests/RealtimeCnn.Tests", "Properties", "-getProperty:MSBuildWarningsAsMessages", "-getProperty:Version", "-p:UseEmguCv=true");
        Assert.Contains("NETSDK1206", properties.GetProperty("MSBuildWarningsAsMessages").GetString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Directory.Delete(_silk, recursive: true);
        Directory.Delete(_emgu, recursive: true);
    }

    private static HashSet<string> Files(JsonElement items, Func<JsonElement, bool>? which = null) =>
        [.. items.EnumerateArray().Where(which ?? (_ => true)).Select(item => Path.GetFileName(item.GetProperty("Identity").GetString()!))];

    private static JsonElement Evaluate(string project, string part, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(Repository.Root, project), .. arguments]) { RedirectStandardOutput = true };

        // Those of the test run say which MSBuild to be.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return JsonDocument.Parse(output).RootElement.GetProperty(part);
    }
}
