using System.Text.RegularExpressions;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public class ShaderTests(GlFixture gl)
{
    private static ShaderLibrary Library(params (string Path, string Text)[] files) => new(
        [.. files.Select(file => file.Path)], path => files.FirstOrDefault(file => file.Path == path).Text);

    [Fact]
    public void Defines_follow_the_version_and_each_include_is_pasted_once()
    {
        var library = Library(
            ("a.comp", "#version 430 core\n#include \"x.glsl\"\n#include \"y.glsl\"\nvoid main() {}\n"),
            ("x.glsl", "#include \"y.glsl\"\nint x;\n"),
            ("y.glsl", "int y;\n"));
        var source = library.Load("a.comp", GlClientApi.Desktop, "WIDTH 3", "DEEP");
        Assert.Equal(["a.comp", "x.glsl", "y.glsl"], source.Files);
        Assert.StartsWith("#version 430 core\n#define WIDTH 3\n#define DEEP\n#line 2\n#line 100001\n#line 200001\nint y;\n", source.Text, StringComparison.Ordinal);
        Assert.Single(source.Text.Split('\n'), line => line == "int y;");
        Assert.Single(source.Text.Split('\n'), line => line == "int x;");
    }

    [Fact]
    public void In_OpenGL_ES_its_header_takes_the_version_s_place_and_lines_keep_their_numbers()
    {
        var library = Library(("a.comp", "#version 430 core\n#include \"x.glsl\"\nvoid main() {}\n"), ("x.glsl", "int x;\n"));
        string[] lines = library.Load("a.comp", GlClientApi.Embedded, "WIDTH 3").Text.Split('\n');
        Assert.Equal("#version 310 es", lines[0]);
        Assert.DoesNotContain(lines, line => line.Contains("430", StringComparison.Ordinal));
        Assert.Contains("precision highp float;", lines);
        int defined = Array.IndexOf(lines, "#define WIDTH 3");
        Assert.Equal(["#define WIDTH 3", "#line 2", "#line 100001", "int x;"], lines[defined..(defined + 4)]);
    }

    [Fact]
    public void A_missing_include_names_itself_and_its_includer()
    {
        var library = Library(("a.comp", "#version 430 core\n#include \"lost.glsl\"\n"));
        var exception = Assert.Throws<FileNotFoundException>(() => library.Load("a.comp", GlClientApi.Desktop));
        Assert.Contains("'lost.glsl', which a.comp includes", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#include <x.glsl>")]
    [InlineData("#include x.glsl")]
    public void A_malformed_include_is_placed(string line)
    {
        var exception = Assert.Throws<ShaderException>(() => Library(("a.comp", $"#version 430 core\n{line}\n")).Load("a.comp", GlClientApi.Desktop));
        Assert.Equal(("a.comp", 2), (exception.File, exception.Line));
    }

    [Fact]
    public void A_shader_without_a_version_is_refused() =>
        Assert.Throws<ShaderException>(() => Library(("a.comp", "void main() {}\n")).Load("a.comp", GlClientApi.Desktop));

    [Fact]
    public void A_compiler_error_points_at_the_file_and_line_with_its_text()
    {
        var library = Library(
            ("a.comp", "#version 430 core\n\n#include \"x.glsl\"\n\nlayout(local_size_x = 1) in;\nvoid main() { int fine = 1; }\n"),
            ("x.glsl", "// one\n// two\nfloat broken() { return missing; }\n"));
        var exception = gl.Run(device => Assert.Throws<ShaderException>(() => ShaderProgram.Compute(device, library, "a.comp", ["WIDTH 3"])));
        Assert.Equal(("x.glsl", 3), (exception.File, exception.Line));
        Assert.StartsWith("x.glsl:3 (compiling a.comp): ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("missing", exception.Message, StringComparison.Ordinal);
        Assert.Contains("3 | float broken() { return missing; }", exception.Message, StringComparison.Ordinal);
        Assert.Contains("WIDTH 3", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_after_an_include_and_after_defines_keep_their_numbers()
    {
        var library = Library(
            ("a.comp", "#version 430 core\n#include \"x.glsl\"\n\nlayout(local_size_x = 1) in;\nvoid main() { wrong; }\n"), ("x.glsl", "int x;\n\n\n\n"));
        var exception = gl.Run(device => Assert.Throws<ShaderException>(() => ShaderProgram.Compute(device, library, "a.comp", ["A 1", "B 2", "C 3"])));
        Assert.Equal(("a.comp", 5), (exception.File, exception.Line));
    }

    [Theory]
    [InlineData("0:100003(10): error: `a' undeclared")] // Mesa
    [InlineData("0(100003) : error C1503: undefined variable \"a\"")] // NVIDIA
    [InlineData("ERROR: 0:100003: 'a' : undeclared identifier")] // AMD, Intel
    public void Logs_of_other_drivers_are_understood(string log)
    {
        var library = Library(("a.comp", "#version 430 core\n#include \"x.glsl\"\n"), ("x.glsl", "one\ntwo\nthree\n"));
        var exception = ShaderException.FromLog(library, library.Load("a.comp", GlClientApi.Desktop), [], log);
        Assert.Equal(("x.glsl", 3), (exception.File, exception.Line));
        Assert.Contains("3 | three", exception.Message, StringComparison.Ordinal);
        Assert.Equal(log, exception.Log);
    }

    [Fact]
    public void The_group_size_comes_from_the_program()
    {
        var library = Library(("a.comp", "#version 430 core\nlayout(local_size_x = X, local_size_y = 3, local_size_z = 2) in;\nvoid main() {}\n"));
        gl.Run(device =>
        {
            using var program = ShaderProgram.Compute(device, library, "a.comp", ["X 5"]);
            Assert.Equal(new Extent3d(5, 3, 2), program.GroupSize);
            Assert.Equal(new Extent3d(3, 1, 2), program.Groups(new Extent3d(11, 3, 4)));
            program.Use();
            var exception = Assert.Throws<GlException>(() => program.Dispatch(new Extent3d(1, int.MaxValue - 3, 1)));
            Assert.Contains("a.comp: (1, 715827882, 1) work groups", exception.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Programs_are_compiled_once_per_file_and_defines() => gl.Run(device =>
    {
        string[] defines = ["COUNT 1024", "READS 2"];
        var program = device.Programs.Compute("probe/read_path.comp", defines);
        Assert.Same(program, device.Programs.Compute("probe/read_path.comp", ["COUNT 1024", "READS 2"]));
        Assert.NotSame(program, device.Programs.Compute("probe/read_path.comp", "COUNT 2048", "READS 2"));
    });

    public static TheoryData<string> ComputeShaders => [.. ShaderLibrary.Embedded.Paths.Where(path => path.EndsWith(".comp", StringComparison.Ordinal))];

    /// <summary>
    /// Every shader compiles in every read path with every line <c>// Variants A 1, B 2</c> of its header, where
    /// <c>A 0..3</c> stands for four; one that has no such line is compiled without defines.
    /// </summary>
    [Theory]
    [MemberData(nameof(ComputeShaders))]
    public void Every_compute_shader_compiles_in_every_variant(string path)
    {
        gl.Run(device =>
        {
            foreach (string[] defines in Variants(path))
            {
                foreach (var readPath in Enum.GetValues<ReadPath>())
                {
                    using var program = ShaderProgram.Compute(
                        device, ShaderLibrary.Embedded, path, [.. defines, ProgramCache.ReadDefine(readPath)]);
                    Assert.True(program.GroupSize.X * program.GroupSize.Y * program.GroupSize.Z <= device.Limits.GroupInvocations);
                }
            }
        });
    }

    /// <summary>A shader names what computes the same on the CPU; whoever changes one looks at the other.</summary>
    [Fact]
    public void Twins_that_shaders_name_exist()
    {
        var named = ShaderLibrary.Embedded.Paths.SelectMany(path => Regex.Matches(ShaderLibrary.ReadEmbedded(path)!, @"^// Twins?\b.*?((?:src|demo)/[\w./]+)", RegexOptions.Multiline).Select(match => (path, Twin: match.Groups[1].Value.TrimEnd('.')))).ToList();
        Assert.True(named.Count > 40, $"{named.Count} twins were found.");
        Assert.DoesNotContain(named, entry => !Path.Exists(Path.Combine(Repository.Root, entry.Twin)));
    }

    /// <summary>The sets of defines that the shader's header names; one empty set where it names none.</summary>
    internal static IReadOnlyList<string[]> Variants(string path)
    {
        const string Marker = "// Variants ";
        var lines = ShaderLibrary.ReadEmbedded(path)!.Split('\n').Where(line => line.StartsWith(Marker, StringComparison.Ordinal));
        string[][] variants = [.. lines.SelectMany(line => Expand(line[Marker.Length..]))];
        return variants.Length > 0 ? variants : [[]];
    }

    private static IEnumerable<string[]> Expand(string line)
    {
        var range = Regex.Match(line, @"(\d+)\.\.(\d+)");
        if (!range.Success)
            return [line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        int first = int.Parse(range.Groups[1].Value, null), last = int.Parse(range.Groups[2].Value, null);
        return Enumerable.Range(first, last - first + 1).SelectMany(value => Expand(line.Replace(range.Value, value.ToString(null, null), StringComparison.Ordinal)));
    }
}
