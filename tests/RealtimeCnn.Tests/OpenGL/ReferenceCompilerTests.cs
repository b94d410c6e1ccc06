using System.Collections.Concurrent;
using RealtimeCnn.Cpu;
using RealtimeCnn.Kernels;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>The reference compiler of the language refuses what some drivers forgive and others do not, for the desktop and for OpenGL ES; setup.sh installs it.</summary>
public sealed class ReferenceCompilerTests
{
    public static TheoryData<string> Shaders => [.. ShaderLibrary.Embedded.Paths.Where(path => !path.EndsWith(".glsl", StringComparison.Ordinal))];

    /// <summary>Every variant in both dialects, and the first one in every way of reading, which no variant changes.</summary>
    [Theory]
    [MemberData(nameof(Shaders))]
    public void Every_shader_is_what_the_reference_compiler_calls_GLSL(string path)
    {
        var forms = from variant in ShaderTests.Variants(path).Select((defines, number) => (defines, number))
                    from api in Enum.GetValues<GlClientApi>()
                    from readPath in Enum.GetValues<ReadPath>()
                    where variant.number == 0 || readPath == (api == GlClientApi.Desktop ? ReadPath.Texels : ReadPath.Buffer)
                    select (variant.defines, api, readPath);
        AssertGlsl(forms.Select(form => (path, form.defines, form.api, form.readPath)));
    }

    /// <summary>
    /// What the tables ask for beyond the variants that shaders name, over all cases and networks, on devices in software and in hardware: parts of weights and values in
    /// halves, tiles of other sizes. Of each shader one form for each choice that its text makes; sizes alone make none.
    /// </summary>
    [Fact]
    public void Whatever_the_tables_ask_for_is_what_the_reference_compiler_calls_GLSL()
    {
        var asked = AskedFor().DistinctBy(dispatch => $"{dispatch.Shader}: {string.Join(", ", dispatch.Defines.Where(IsChoice))}");
        var unnamed = asked.Where(dispatch => !ShaderTests.Variants(dispatch.Shader).Any(variant => variant.SequenceEqual(dispatch.Defines))).ToList();
        Assert.Contains(unnamed, dispatch => dispatch.Defines.Contains("HALF_OUTPUT 1"));
        AssertGlsl(from dispatch in unnamed from api in Enum.GetValues<GlClientApi>() select (dispatch.Shader, dispatch.Defines, api, api == GlClientApi.Desktop ? ReadPath.Texels : ReadPath.Buffer));

        static bool IsChoice(string define) => !define.StartsWith("ACTIVATION", StringComparison.Ordinal) && !define.StartsWith("LANES", StringComparison.Ordinal) && !define.StartsWith("TILE_", StringComparison.Ordinal);
    }

    private static IEnumerable<Dispatch> AskedFor()
    {
        var profiles = from kind in new[] { ProfileKind.Software, ProfileKind.Discrete } from limits in new[] { GlLimits.Guaranteed, GlLimits.GuaranteedEmbedded } select DeviceProfile.Of(kind, limits);
        KernelTable[] tables = [.. profiles.Select(GpuKernels.For)];
        var ofNetworks = from one in NetworkCase.All from table in tables from halves in Enum.GetValues<HalfStorage>() select (one, table, halves);
        return
        [
            .. LayerCases.All.Where(one => !one.CpuOnly).SelectMany(one =>
            {
                using var run = new LayerRun(one);
                return tables.SelectMany(table => SelfTest.Dispatches(run.Graph, table, one.Mode)).ToArray();
            }),
            .. ofNetworks.SelectMany(use =>
            {
                using var graph = use.one.Create();
                using var network = new CpuNetwork(graph);
                return SelfTest.Dispatches(network.Graph, new NetworkOptions { Halves = use.halves }.ForPlans(use.table)).ToArray();
            }),
        ];
    }

    private static void AssertGlsl(IEnumerable<(string Path, string[] Defines, GlClientApi Api, ReadPath ReadPath)> forms)
    {
        var refused = new ConcurrentBag<string>();
        Parallel.ForEach(forms, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, form =>
        {
            string text = ShaderLibrary.Embedded.Load(form.Path, form.Api, [.. form.Defines, ProgramCache.ReadDefine(form.ReadPath)]).Text;
            var (code, said) = ReferenceCompiler.Check(Path.GetExtension(form.Path)[1..], text);
            if (code != 0)
                refused.Add($"{form.Path} with {string.Join(", ", form.Defines)} {form.ReadPath}, {form.Api}:\n{said}");
        });
        Assert.Empty(refused);
    }
}
