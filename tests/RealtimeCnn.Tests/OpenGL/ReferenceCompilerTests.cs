using System.Collections.Concurrent;
using RealtimeCnn.Cpu;
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

    /// <summary>Weights and values in halves, which no variant names: of each shader one form for each choice that its text makes; sizes alone make none.</summary>
    [Fact]
    public void Every_shader_that_reads_or_writes_halves_is_GLSL_too()
    {
        var forms = InHalves().DistinctBy(dispatch => $"{dispatch.Shader}: {string.Join(", ", dispatch.Defines.Where(IsChoice))}").ToList();
        Assert.Contains(forms, dispatch => dispatch.Defines.Contains("HALF_OUTPUT 1"));
        AssertGlsl(from dispatch in forms from api in Enum.GetValues<GlClientApi>() select (dispatch.Shader, dispatch.Defines, api, api == GlClientApi.Desktop ? ReadPath.Texels : ReadPath.Buffer));

        static bool IsChoice(string define) => !define.StartsWith("ACTIVATION", StringComparison.Ordinal) && !define.StartsWith("LANES", StringComparison.Ordinal) && !define.StartsWith("TILE_", StringComparison.Ordinal);
    }

    // What the tables of devices in software and in hardware ask for.
    private static IEnumerable<Dispatch> InHalves()
    {
        foreach (var one in NetworkCase.All.Where(one => one.Halves == HalfStorage.All))
        {
            using var graph = one.Create();
            using var network = new CpuNetwork(graph);
            foreach (var kind in new[] { ProfileKind.Software, ProfileKind.Discrete })
            {
                var options = new NetworkOptions { Halves = HalfStorage.All }.ForPlans(GpuKernels.For(DeviceProfile.Of(kind, GlLimits.Guaranteed)));
                foreach (var dispatch in SelfTest.Dispatches(network.Graph, options).Where(dispatch => dispatch.Defines.Any(define => define.StartsWith("HALF_", StringComparison.Ordinal))))
                    yield return dispatch;
            }
        }
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
