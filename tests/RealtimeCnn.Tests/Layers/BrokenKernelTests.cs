using System.Text.RegularExpressions;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.Oracles;
using Xunit.Sdk;

namespace RealtimeCnn.Tests.Layers;

/// <summary>
/// Who tests the tests: every layer shader is broken on purpose, in each way that its text allows, and the comparison with the
/// oracle has to notice.
/// </summary>
[Collection(GlTests.Name)]
public partial class BrokenKernelTests(GlFixture gl)
{
    private static ILookup<string, (LayerCase Case, KernelTable Kernels)>? _casesByShader;

    public static TheoryData<string> Paths =>
        [.. ShaderLibrary.Embedded.Paths.Where(path => path.StartsWith("layers/", StringComparison.Ordinal) && path.EndsWith(".comp", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_comparison_notices_a_broken_kernel(string shader)
    {
        string text = ShaderLibrary.ReadEmbedded(shader)!;
        string[] broken = [.. Break(text).Where(variant => variant != text)];
        Assert.True(broken.Length > 0, $"{shader}: no known way of breaking it applies; add one.");
        gl.Run(device =>
        {
            var cases = (_casesByShader ??= FindShaders(device))[shader].ToArray();
            // Kernels of several layers run in networks alone.
            NetworkCase[] networks = cases.Length > 0 ? [] : [.. NetworkCase.All.Where(one => ShadersOf(device, one).Contains(shader))];
            Assert.True(cases.Length + networks.Length > 0, $"{shader}: no case runs it.");
            foreach (string variant in broken)
            {
                var library = new ShaderLibrary(ShaderLibrary.Embedded.Paths, path => path == shader ? variant : ShaderLibrary.ReadEmbedded(path));
                using var programs = new ProgramCache(device, library);
                Assert.True(cases.Any(run => Fails(device, programs, run.Case, run.Kernels)) || networks.Any(one => !SelfTest.Run(device, programs, one).Passed), $"{shader}: {cases.Length + networks.Length} cases pass with the kernel broken:\n{Difference(text, variant)}");
            }
        });
    }

    /// <summary>Ways to break a kernel: a result that is a ten-thousandth too large, and an input that is read one element too far.</summary>
    private static IEnumerable<string> Break(string text) =>
    [
        Store().Replace(text, "y[$1] = 1.0001 * ($2);"),
        StoreOfSum().Replace(text, "store($1, 1.0001 * sum$2);"),
        Load().Replace(text, "$1($2, 1 + ", 1),
    ];

    // What this device takes, and another kind of device; and the plain twins, which a plan would take for few cases.
    private static ILookup<string, (LayerCase Case, KernelTable Kernels)> FindShaders(GlDevice device)
    {
        var table = device.Kernels;
        KernelTable[] plain = [.. table.Entries.Where(kernel => kernel.Name == Kernel.Plain).Select(kernel => table.Forcing(kernel.ToString()))];
        KernelTable[] tables = [table, GpuKernels.For(DeviceProfile.Of(device.Profile.IsSoftware ? ProfileKind.Discrete : ProfileKind.Software, device.Limits)), .. plain];
        return LayerCases.All.Where(layerCase => !layerCase.CpuOnly)
            .SelectMany(layerCase => tables.SelectMany(kernels => ShadersOf(layerCase, kernels).Select(shader => (shader, layerCase, kernels))))
            .DistinctBy(entry => (entry.shader, entry.layerCase))
            .ToLookup(entry => entry.shader, entry => (entry.layerCase, entry.kernels));
    }

    private static HashSet<string> ShadersOf(LayerCase layerCase, KernelTable kernels)
    {
        using var run = new LayerRun(layerCase);
        var plan = Plan.Build(run.Graph, [], new PlanOptions(kernels) { Mode = layerCase.Mode });
        return [.. plan.Prologue.Concat(plan.Steps).SelectMany(step => ((GpuWork)step.Work).Dispatches).Select(dispatch => dispatch.Shader)];
    }

    private static HashSet<string> ShadersOf(GlDevice device, NetworkCase one)
    {
        using var graph = one.Create();
        using var network = new GpuNetwork(device, graph);
        return [.. SelfTest.Dispatches(network.Graph, new NetworkOptions { Halves = one.Halves }.ForPlans(one.KernelsOn(device))).Select(dispatch => dispatch.Shader)];
    }

    private static bool Fails(GlDevice device, ProgramCache programs, LayerCase layerCase, KernelTable kernels)
    {
        using var run = new LayerRun(layerCase);
        using var network = new GpuNetwork(device, run.Graph, new NetworkOptions { Kernels = kernels, Mode = layerCase.Mode }, programs);
        var output = network.Run(run.Inputs)[0];
        try
        {
            Closeness.Assert(run.Expected, output, layerCase.Tolerance, layerCase.Id);
            return false;
        }
        catch (XunitException)
        {
            return true;
        }
    }

    private static string Difference(string text, string variant) => string.Join('\n', variant.Split('\n').Except(text.Split('\n')));

    [GeneratedRegex(@"\by\[([^\]]+)\] = (.+);")]
    private static partial Regex Store();

    [GeneratedRegex(@"\bstore\((.+), sum(.*)\);")]
    private static partial Regex StoreOfSum();

    [GeneratedRegex(@"\b(LOAD|LOAD_SCALAR)\((\w+), ")]
    private static partial Regex Load();
}
