using System.Text;
using RealtimeCnn.OpenGL.Caching;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Shaders;

/// <summary>
/// A program that the driver was asked to compile and link, and nothing else: only asking how it went waits for it. Drivers with
/// <c>KHR_parallel_shader_compile</c> work on several at once meanwhile.
/// </summary>
internal sealed unsafe class ShaderCompilation : IDisposable
{
    private readonly GlDevice _device;
    private readonly ShaderLibrary _library;
    private readonly IReadOnlyList<string> _defines;
    private readonly ProgramBinaries? _binaries;
    private readonly ShaderSource[] _sources;
    private readonly List<uint> _shaders = [];
    private uint _program;

    /// <summary>Hands the driver what it compiled earlier, or the sources.</summary>
    /// <param name="device">Where.</param>
    /// <param name="library">Has the files.</param>
    /// <param name="binaries">What was compiled earlier, and gets what is compiled now; null for nothing.</param>
    /// <param name="defines">What follows <c>#define</c>.</param>
    /// <param name="shaders">The files.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public ShaderCompilation(GlDevice device, ShaderLibrary library, ProgramBinaries? binaries, IReadOnlyList<string> defines, params (string Path, uint Stage)[] shaders)
    {
        device.VerifyThread();
        (_device, _library, _defines) = (device, library, defines);
        var gl = device.Gl;
        _sources = shaders.Map(shader => library.Load(shader.Path, gl.Version.Api, defines));
        _program = gl.CreateProgram();
        if (binaries?.TryLoad(_program, _sources) == true)
            return;
        _binaries = binaries;
        for (int i = 0; i < shaders.Length; i++)
        {
            _shaders.Add(Compile(gl, _sources[i], shaders[i].Stage));
            gl.AttachShader(_program, _shaders[i]);
        }

        binaries?.Announce(_program);
        gl.LinkProgram(_program);
    }

    /// <summary>Whether <see cref="Take"/> would not wait; always where the driver cannot tell.</summary>
    public bool IsReady
    {
        get
        {
            if (!_device.CompilesInParallel)
                return true;
            int isComplete;
            _device.Gl.GetProgramiv(_program, GL_COMPLETION_STATUS_KHR, &isComplete);
            return isComplete != 0;
        }
    }

    /// <summary>The program, the caller's to delete. Waits for it.</summary>
    /// <exception cref="ShaderException">It does not compile or link.</exception>
    public uint Take()
    {
        var gl = _device.Gl;
        for (int i = 0; i < _shaders.Count; i++)
        {
            int compiled;
            gl.GetShaderiv(_shaders[i], GL_COMPILE_STATUS, &compiled);
            if (compiled == 0)
                throw ShaderException.FromLog(_library, _sources[i], _defines, Log(gl.GetShaderiv, gl.GetShaderInfoLog, _shaders[i]));
        }

        int linked;
        gl.GetProgramiv(_program, GL_LINK_STATUS, &linked);
        if (linked == 0)
            throw ShaderException.FromLog(_library, _sources[^1], _defines, Log(gl.GetProgramiv, gl.GetProgramInfoLog, _program));
        _binaries?.Keep(_program, _sources);
        uint program = _program;
        _program = 0;
        return program;
    }

    /// <summary>Gives the program up, unless it was taken.</summary>
    public void Dispose()
    {
        foreach (uint id in _shaders)
            _device.Gl.DeleteShader(id);
        _shaders.Clear();
        if (_program != 0)
            _device.Gl.DeleteProgram(_program);
        _program = 0;
    }

    private static uint Compile(GlApi gl, ShaderSource source, uint stage)
    {
        uint shader = gl.CreateShader(stage);
        byte[] text = Encoding.UTF8.GetBytes(source.Text);
        int length = text.Length;
        fixed (byte* pointer = text)
        {
            byte* start = pointer;
            gl.ShaderSource(shader, 1, &start, &length);
        }

        gl.CompileShader(shader);
        return shader;
    }

    private static string Log(
        delegate* unmanaged<uint, uint, int*, void> getInteger, delegate* unmanaged<uint, int, int*, byte*, void> getLog, uint id)
    {
        int length;
        getInteger(id, GL_INFO_LOG_LENGTH, &length);
        if (length <= 0)
            return "the driver gave no reason";
        byte[] log = new byte[length];
        fixed (byte* pointer = log)
            getLog(id, length, &length, pointer);
        return Encoding.UTF8.GetString(log, 0, length);
    }
}
