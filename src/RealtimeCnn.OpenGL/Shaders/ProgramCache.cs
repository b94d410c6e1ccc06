using System.Reflection;
using RealtimeCnn.OpenGL.Caching;

namespace RealtimeCnn.OpenGL.Shaders;

/// <summary>
/// The programs of one device, by file and defines. Every shader also gets <c>READ_PATH_…</c>, which tells
/// <c>include/tensor.glsl</c> how tensors are read on this device.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="library">Has the files.</param>
/// <param name="binaries">What earlier starts compiled; null to compile everything.</param>
internal sealed class ProgramCache(GlDevice device, ShaderLibrary library, ProgramBinaries? binaries = null) : IDisposable
{
    private readonly Dictionary<string, ShaderProgram> _programs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ShaderCompilation> _begun = new(StringComparer.Ordinal);

    /// <summary>Programs there are.</summary>
    public int Count => _programs.Count;

    /// <summary>Those that an earlier start compiled.</summary>
    public int Loaded => binaries?.Loaded ?? 0;

    /// <summary>A compute program, compiled on first use.</summary>
    /// <param name="path">Path relative to <c>shaders/</c>.</param>
    /// <param name="defines">What follows <c>#define</c>; the order counts as part of the key.</param>
    /// <exception cref="ShaderException">It does not compile or link.</exception>
    public ShaderProgram Compute(string path, params IReadOnlyList<string> defines)
    {
        string key = Key(path, defines);
        return Find(key, () =>
        {
            if (!_begun.Remove(key, out var compilation))
                compilation = Begin(path, defines);
            using (compilation)
                return ShaderProgram.Compute(device, path, compilation);
        });
    }

    /// <summary>Has the driver begin to compile a compute program, where it works on several at once.</summary>
    /// <returns>Whether it has begun now: it was not, and the driver does.</returns>
    public bool TryBegin(string path, IReadOnlyList<string> defines)
    {
        device.VerifyThread();
        string key = Key(path, defines);
        if (!device.CompilesInParallel || _programs.ContainsKey(key) || _begun.ContainsKey(key))
            return false;
        _begun.Add(key, Begin(path, defines));
        return true;
    }

    /// <summary>Whether <see cref="Compute(string, IReadOnlyList{string})"/> would have to wait for a program that was begun.</summary>
    public bool IsCompiling(string path, IReadOnlyList<string> defines)
    {
        device.VerifyThread();
        return _begun.TryGetValue(Key(path, defines), out var compilation) && !compilation.IsReady;
    }

    /// <summary>A compute program of another assembly, compiled on first use.</summary>
    /// <param name="assembly">Where the shader is embedded.</param>
    /// <param name="path">Name of the resource.</param>
    /// <exception cref="ShaderException">It does not compile or link.</exception>
    /// <exception cref="FileNotFoundException">The assembly has no such resource.</exception>
    public ShaderProgram Compute(Assembly assembly, string path) => Find(
        Key($"{assembly.FullName}/{path}", []), () => ShaderProgram.Compute(device, ShaderLibrary.Of(assembly), path, [ReadDefine(device.Info.ReadPath)], binaries));

    /// <summary>A program that draws, compiled on first use.</summary>
    /// <inheritdoc cref="Compute(string, IReadOnlyList{string})"/>
    public ShaderProgram Draw(string vertexPath, string fragmentPath, params IReadOnlyList<string> defines) => Find(
        Key(vertexPath + "+" + fragmentPath, defines),
        () => ShaderProgram.Draw(device, library, vertexPath, fragmentPath, [.. defines, ReadDefine(device.Info.ReadPath)], binaries));

    /// <summary>The define that selects a way of reading.</summary>
    public static string ReadDefine(ReadPath path) => path switch
    {
        ReadPath.Texels => "READ_PATH_TEXELS",
        ReadPath.Image => "READ_PATH_IMAGE",
        _ => "READ_PATH_BUFFER",
    };

    /// <summary>Deletes the programs.</summary>
    public void Dispose()
    {
        foreach (var program in _programs.Values)
            program.Dispose();
        _programs.Clear();
        foreach (var compilation in _begun.Values)
            compilation.Dispose();
        _begun.Clear();
    }

    private ShaderCompilation Begin(string path, IReadOnlyList<string> defines) =>
        new(device, library, binaries, [.. defines, ReadDefine(device.Info.ReadPath)], (path, GlEnum.GL_COMPUTE_SHADER));

    private static string Key(string path, IReadOnlyList<string> defines) => $"{path}|{string.Join('|', defines)}";

    private ShaderProgram Find(string key, Func<ShaderProgram> compile)
    {
        device.VerifyThread();
        if (!_programs.TryGetValue(key, out var program))
            _programs.Add(key, program = compile());
        return program;
    }
}
