using System.Collections.Concurrent;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Shaders;

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
        var refused = new ConcurrentBag<string>();
        Parallel.ForEach(forms, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, form =>
        {
            string text = ShaderLibrary.Embedded.Load(path, form.api, [.. form.defines, ProgramCache.ReadDefine(form.readPath)]).Text;
            var (code, said) = ReferenceCompiler.Check(Path.GetExtension(path)[1..], text);
            if (code != 0)
                refused.Add($"{path} with {string.Join(", ", form.defines)} {form.readPath}, {form.api}:\n{said}");
        });
        Assert.Empty(refused);
    }
}
