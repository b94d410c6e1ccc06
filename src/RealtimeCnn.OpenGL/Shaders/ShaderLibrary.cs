using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace RealtimeCnn.OpenGL.Shaders;

/// <summary>Text to compile, and the files its <c>#line</c> numbers refer to.</summary>
/// <param name="Path">The file that was asked for, such as <c>layers/max_pool2d.comp</c>.</param>
/// <param name="Text">Complete GLSL.</param>
/// <param name="Files">Paths by number; the first is <paramref name="Path"/>.</param>
internal sealed record ShaderSource(string Path, string Text, IReadOnlyList<string> Files)
{
    // Drivers are careless with #line's source number (Mesa gives 0 for any expression) but all keep the line, so the
    // line carries the file's number too.
    private const int LinesPerFile = 100_000;

    /// <summary>The number that <c>#line</c> gives to a line of a file.</summary>
    public static int Encode(int file, int line) => (file * LinesPerFile) + line;

    /// <summary>The file and line that a driver means by a number; the file that was asked for when there is no such file.</summary>
    public (string Path, int Line) Decode(int number) =>
        number / LinesPerFile < Files.Count ? (Files[number / LinesPerFile], number % LinesPerFile) : (Path, number);
}

/// <summary>
/// GLSL files with <c>#include "path"</c> (each file once, paths from the root of <c>shaders/</c>), defines that follow
/// <c>#version</c>, and <c>#line</c>s that keep a compiler's message pointing at a file and line one can open. They are written for
/// the desktop in what OpenGL ES can read too, under a header of its own.
/// </summary>
/// <param name="paths">Every file there is.</param>
/// <param name="read">Text of a file, or null when there is none.</param>
internal sealed class ShaderLibrary(IReadOnlyList<string> paths, Func<string, string?> read)
{
    // ES gives floats in fragment shaders and samplers no precision of their own, and `precise` and buffer textures by extensions;
    // drivers without them warn.
    private const string EmbeddedHeader = """
        #version 310 es
        #extension GL_EXT_gpu_shader5 : enable
        #extension GL_EXT_texture_buffer : enable
        precision highp float;
        precision highp int;
        precision highp sampler2D;
        #ifdef GL_EXT_texture_buffer
        precision highp samplerBuffer;
        precision highp imageBuffer;
        #endif
        """;

    private static readonly ConditionalWeakTable<Assembly, ShaderLibrary> OfAssemblies = [];
    private readonly ConcurrentDictionary<string, string[]> _lines = new(StringComparer.Ordinal);

    /// <summary>The files of <c>shaders/</c>, embedded in this assembly.</summary>
    public static ShaderLibrary Embedded { get; } = new(
        [.. typeof(ShaderLibrary).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)], ReadEmbedded);

    /// <summary>The files that another assembly embeds, which may include those of <c>shaders/include/</c>.</summary>
    public static ShaderLibrary Of(Assembly assembly) => OfAssemblies.GetValue(assembly, assembly => new ShaderLibrary(
        [.. assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)],
        path => path.StartsWith("include/", StringComparison.Ordinal) ? ReadEmbedded(path) ?? Read(assembly, path) : Read(assembly, path)));

    /// <summary>Paths relative to <c>shaders/</c>, such as <c>layers/max_pool2d.comp</c>.</summary>
    public IReadOnlyList<string> Paths => paths;

    /// <summary>A file with its includes and defines, ready to compile.</summary>
    /// <param name="path">Path relative to <c>shaders/</c>.</param>
    /// <param name="api">Whose GLSL it becomes: the file's own, or that of OpenGL ES.</param>
    /// <param name="defines">What follows <c>#define</c>, such as <c>KERNEL_H 3</c>.</param>
    /// <exception cref="FileNotFoundException">The file, or one that it includes, does not exist.</exception>
    /// <exception cref="ShaderException">A directive is not of the expected form.</exception>
    public ShaderSource Load(string path, GlClientApi api, params IReadOnlyList<string> defines)
    {
        var text = new StringBuilder();
        var files = new List<string>();
        Paste(path, api, defines, text, files);
        return new ShaderSource(path, text.ToString(), files);
    }

    /// <summary>One line of a file, from 1; empty past its end.</summary>
    public string Line(string path, int number)
    {
        string[] lines = Lines(path, null);
        return number >= 1 && number <= lines.Length ? lines[number - 1] : "";
    }

    private void Paste(string path, GlClientApi api, IReadOnlyList<string> defines, StringBuilder text, List<string> files, string? includedBy = null)
    {
        int file = files.Count;
        files.Add(path);
        if (file > 0)
            AppendLineNumber(text, file, 1);

        string[] lines = Lines(path, includedBy);
        if (file == 0 && (lines.Length == 0 || !lines[0].StartsWith("#version", StringComparison.Ordinal)))
            throw new ShaderException(path, 1, $"{path}:1: a shader starts with its #version, so that defines can follow it.", "");
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (line.StartsWith("#include", StringComparison.Ordinal))
            {
                string included = IncludedPath(path, i + 1, line);
                if (!files.Contains(included))
                    Paste(included, api, [], text, files, path);
                AppendLineNumber(text, file, i + 2);
                continue;
            }

            bool isHeader = file == 0 && i == 0;
            text.Append(isHeader && api == GlClientApi.Embedded ? EmbeddedHeader : line).Append('\n');
            if (isHeader)
            {
                foreach (string define in defines)
                    text.Append("#define ").Append(define).Append('\n');
                AppendLineNumber(text, file, 2);
            }
        }
    }

    private static void AppendLineNumber(StringBuilder text, int file, int line) =>
        text.Append("#line ").Append(ShaderSource.Encode(file, line)).Append('\n');

    private static string IncludedPath(string path, int number, string line)
    {
        string[] parts = line.Split('"');
        return parts.Length == 3 && parts[0].TrimEnd() == "#include"
            ? parts[1]
            : throw new ShaderException(path, number, $"{path}:{number}: expected #include \"path\", got: {line}", "");
    }

    private string[] Lines(string path, string? includedBy) => _lines.GetOrAdd(path, path =>
        read(path)?.ReplaceLineEndings("\n").Split('\n')
        ?? throw new FileNotFoundException(
            $"There is no shader '{path}'{(includedBy is null ? "" : $", which {includedBy} includes")}. There are: {string.Join(", ", paths)}."));

    /// <summary>Text of an embedded file, or null when there is none.</summary>
    public static string? ReadEmbedded(string path) => Read(Assembly.GetExecutingAssembly(), path);

    private static string? Read(Assembly assembly, string path)
    {
        using var stream = assembly.GetManifestResourceStream(path);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
