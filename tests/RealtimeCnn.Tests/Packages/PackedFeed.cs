using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace RealtimeCnn.Tests.Packages;

/// <summary>Tests that share one packing.</summary>
[CollectionDefinition(Name)]
public sealed class PackageTests : ICollectionFixture<PackedFeed>
{
    public const string Name = "packages";
}

/// <summary>
/// The packages of this build in a folder, and what a machine needs to use them that has no other feed and no network: packages of others
/// come from where this build restored them, ours are unpacked into a folder of their own.
/// </summary>
public sealed class PackedFeed : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("rtcnn-packages-").FullName;

    public PackedFeed()
    {
        Run("dotnet", Repository.Root, "pack", "RealtimeCnn.sln", "-c", Configuration, "--no-build", "-o", Folder, "-v", "quiet", "-nodeReuse:false");
        File.WriteAllText(ConfigFile, $"""
            <configuration>
              <packageSources><clear /><add key="packed" value="{Folder}" /></packageSources>
              <packageSourceMapping><clear /></packageSourceMapping>
              <fallbackPackageFolders><clear /><add key="restored" value="{Restored()}" /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_root, "unpacked")}" /></config>
            </configuration>
            """);
    }

    /// <summary>Where the packages are.</summary>
    public string Folder => Path.Combine(_root, "feed");

    /// <summary>The NuGet.config of that machine; programs in <see cref="Workplace"/> and below follow it.</summary>
    public string ConfigFile => Path.Combine(_root, "NuGet.config");

    /// <summary>A new folder for programs.</summary>
    public string Workplace(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static string Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };

        // What the test run says to MSBuild and NuGet is not for others.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("NUGET_", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["RTCNN_CACHE"] = Path.Combine(folder, "cache");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{errors.Result}");
        return output;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Configuration => typeof(PackedFeed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>Where the restore of these tests put packages.</summary>
    private static string Restored()
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "artifacts", "obj", "RealtimeCnn.Tests", "project.assets.json")));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
    }
}
