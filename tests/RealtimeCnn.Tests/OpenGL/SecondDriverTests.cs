using System.Diagnostics;
using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>
/// The GPU path on an OpenGL of another make, in a process of its own: Mesa's zink, which translates to Vulkan, over lavapipe. Its
/// compiler, its barriers and its limits are others than those of the driver that all other tests run on.
/// </summary>
public sealed class SecondDriverTests
{
    private const string Renderer = "zink";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Every shader in every form that the layers' cases ask for, each with the first case that does.</summary>
    [SecondDriverTheory]
    [InlineData(GlClientApi.Desktop)]
    [InlineData(GlClientApi.Embedded)]
    public void Every_shader_computes_there_what_the_oracle_computes(GlClientApi api)
    {
        string folder = Directory.CreateTempSubdirectory("rtcnn-driver-").FullName;
        try
        {
            string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
            var start = new ProcessStartInfo(host, ["exec", typeof(SecondDriverTests).Assembly.Location, "gpu", $"{api}"]) { RedirectStandardOutput = true };
            (start.Environment["LIBGL_ALWAYS_SOFTWARE"], start.Environment["XDG_RUNTIME_DIR"]) = ("1", folder);
            start.Environment["MESA_LOADER_DRIVER_OVERRIDE"] = start.Environment["GALLIUM_DRIVER"] = Renderer;
            using var process = Process.Start(start)!;
            var text = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
                process.Kill(entireProcessTree: true);
            string[][] lines = [.. text.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r').Split('\t'))];
            Assert.True(process.ExitCode == 0, $"The child ended with {process.ExitCode} after {lines.Length} lines.");
            Assert.StartsWith(Renderer, lines[0][1], StringComparison.Ordinal);
            Assert.Equal($"{api}", lines[0][2]);
            Assert.Empty(lines.Where(line => line[0] == "wrong").Select(line => line[1]));
            Assert.Equal(["end", $"{Cases(api).Count}"], lines[^1]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>In the child: the renderer and its kind of OpenGL, a line for each case whose result is wrong, and how many cases there were.</summary>
    internal static void Run(GlClientApi api, TextWriter output)
    {
        using var host = EglHost.Create(options: new() { Api = api });
        output.WriteLine($"renderer\t{host.Device.Info.Renderer}\t{host.Device.Info.Version.Api}");
        var cases = Cases(api);
        foreach (var (layerCase, kernel) in cases)
        {
            using var run = new LayerRun(layerCase);
            try
            {
                using var network = new GpuNetwork(host.Device, run.Graph, new NetworkOptions { ForcedKernels = kernel == null ? [] : [kernel], Mode = layerCase.Mode });
                Closeness.Assert(run.Expected, network.Run(run.Inputs)[0], layerCase.Tolerance, layerCase.Id);
            }
            catch (Exception problem)
            {
                output.WriteLine($"wrong\t{layerCase.Id} {kernel}: {problem.Message.ReplaceLineEndings(" ")}");
            }
        }

        output.WriteLine($"end\t{cases.Count}");
    }

    private static IReadOnlyList<(LayerCase Case, string? Kernel)> Cases(GlClientApi api) =>
        SelfTest.FirstCases(GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, api == GlClientApi.Embedded ? GlLimits.GuaranteedEmbedded : GlLimits.Guaranteed)));
}

/// <summary>Tests for where the second driver is installed, which setup.sh sees to where there is apt.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SecondDriverTheoryAttribute : TheoryAttribute
{
    private const string Description = "/usr/share/vulkan/icd.d";

    public SecondDriverTheoryAttribute()
    {
        if (!Directory.Exists(Description) || Directory.GetFiles(Description, "lvp_icd*.json").Length == 0)
            Skip = $"lavapipe is not installed ({Description}/lvp_icd*.json; Debian's mesa-vulkan-drivers).";
    }
}
