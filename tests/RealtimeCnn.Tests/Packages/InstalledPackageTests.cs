using System.Globalization;
using System.Text.RegularExpressions;
using RealtimeCnn.Cpu;
using RealtimeCnn.Models;

namespace RealtimeCnn.Tests.Packages;

/// <summary>Packages on a machine that has nothing else of ours, and no network: fresh programs are made of them and run, tools are installed.</summary>
[Collection(PackageTests.Name)]
public partial class InstalledPackageTests(PackedFeed feed)
{
    private const string Network = """
        using RealtimeCnn;
        using RealtimeCnn.Models;

        using var graph = ModelCatalog.Create("lenet5");
        using var input = new Tensor(graph.InputShapes[0]);
        for (int i = 0; i < input.Span.Length; i++)
            input.Span[i] = i % 7 / 7f;

        """;

    private const string OnCpu = $"""
        using RealtimeCnn.Cpu;
        {Network}
        using var network = new CpuNetwork(graph);
        Console.WriteLine(string.Join(' ', network.Run([input])[0].Span.ToArray()));
        """;

    private const string OnGpu = $"""
        using RealtimeCnn.OpenGL;
        using RealtimeCnn.OpenGL.Hosts;
        {Network}
        using var host = EglHost.Create();
        using var network = Networks.Create(graph, "gpu", host.Device);
        Console.WriteLine(string.Join(' ', network.Run([input])[0].Span.ToArray()));
        """;

    [Fact]
    public void Fresh_programs_of_the_packages_run_on_CPU_on_OpenGL_and_in_three_lines()
    {
        string folder = feed.Workplace("programs");
        Write(folder, "OnCpu", "RealtimeCnn", OnCpu);
        Write(folder, "OnGpu", "RealtimeCnn.OpenGL", OnGpu);
        Write(folder, "Hello", "RealtimeCnn.App", ThreeLines());
        File.WriteAllText(Path.Combine(folder, "Programs.slnx"), """
            <Solution><Project Path="OnCpu/OnCpu.csproj" /><Project Path="OnGpu/OnGpu.csproj" /><Project Path="Hello/Hello.csproj" /></Solution>
            """);
        PackedFeed.Run("dotnet", folder, "build", "Programs.slnx", "-v", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false");

        float[] expected = Expected();
        Assert.All(Numbers(Start(folder, "OnCpu")).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.All(Numbers(Start(folder, "OnGpu")).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
        Assert.InRange(int.Parse(Start(folder, "Hello"), CultureInfo.InvariantCulture), 3, 6);

        float[] Numbers(string line)
        {
            float[] numbers = [.. line.Trim().Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture))];
            Assert.Equal(expected.Length, numbers.Length);
            return numbers;
        }
    }

    [Fact]
    public void The_command_line_is_installed_and_knows_the_shipped_models()
    {
        string folder = Install("rtcnn");
        string text = PackedFeed.Run(Path.Combine(folder, "rtcnn"), folder, "inspect", "digit-finder");
        Assert.Contains("[1, 3, 384, 512]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_demo_is_installed_and_shows_its_models()
    {
        string folder = Install("rtcnn-demo");
        PackedFeed.Run(Path.Combine(folder, "rtcnn-demo"), folder, "--source", "numbers", "--frames", "3", "--pace", "every", "--window", "none", "--backend", "cpu", "--screenshot", "shown.png");
        Assert.True(new FileInfo(Path.Combine(folder, "shown.png")).Length > 10_000);
    }

    private static float[] Expected()
    {
        using var graph = ModelCatalog.Create("lenet5");
        using var input = new Tensor(graph.InputShapes[0]);
        for (int i = 0; i < input.Span.Length; i++)
            input.Span[i] = i % 7 / 7f;
        using var network = new CpuNetwork(graph);
        float[] outputs = network.Run([input])[0].Span.ToArray();
        Assert.True(outputs.Distinct().Count() > 5);
        return outputs;
    }

    /// <summary>The lines of README, but for the camera, the window and the end: a scene in memory, and only some pictures of it.</summary>
    private static string ThreeLines()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n");
        string lines = Lines().Match(text).Value;
        Assert.Contains("\"camera:0\", \"digit-finder.onnx\")", lines, StringComparison.Ordinal);
        lines = lines.Replace("\"camera:0\", \"digit-finder.onnx\")", "\"numbers\", \"digit-finder.onnx\", new() { Window = false })", StringComparison.Ordinal);
        return $$"""
            {{lines.Replace("app.Run(", "app.ResultArrived += (_, _) => { if (app.FramesProcessed == 3) app.Close(); };\napp.Run(", StringComparison.Ordinal)}}
            Console.WriteLine(app.FramesProcessed);
            """;
    }

    private static void Write(string folder, string name, string package, string program)
    {
        string project = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(project, "Program.cs"), program);
        File.WriteAllText(Path.Combine(project, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="{package}" Version="0.*" /></ItemGroup>
            </Project>
            """);
    }

    private static string Start(string folder, string name) =>
        PackedFeed.Run("dotnet", folder, Path.Combine(folder, name, "bin", "Debug", "net10.0", $"{name}.dll"));

    private string Install(string tool)
    {
        string folder = feed.Workplace($"tool-{tool}");
        PackedFeed.Run("dotnet", folder, "tool", "install", tool, "--tool-path", folder, "--configfile", feed.ConfigFile);
        return folder;
    }

    [GeneratedRegex(@"using RealtimeCnn\.App;\n.*?app\.Run\([^\n]*\n", RegexOptions.Singleline)]
    private static partial Regex Lines();
}
