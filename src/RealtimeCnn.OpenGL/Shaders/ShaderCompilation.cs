using System.Text;
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
    private readonly List<(ShaderSource Source, uint Id)> _shaders = [];
    private uint _program;

    /// <summary>Hands the sources to the driver.</summary>
    /// <exception cref="GlException">There is no such file.</exception>
    public ShaderCompilation(GlDevice device, ShaderLibrary library, IReadOnlyList<string> defines, params ReadOnlySpan<(string Path, uint Stage)> shaders)
    {
        device.VerifyThread();
        (_device, _library, _defines) = (device, library, defines);
        var gl = device.Gl;
        _program = gl.CreateProgram();
        try
        {
            foreach (var (path, stage) in shaders)
            {
                var source = library.Load(path, gl.Version.Api, defines);
                uint shader = Compile(gl, source, stage);
                _shaders.Add((source, shader));
                gl.AttachShader(_program, shader);
            }

            gl.LinkProgram(_program);
        }
        catch
        {
            Dispose();
            throw;
        }
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
        foreach (var (source, id) in _shaders)
        {
            int compiled;
            gl.GetShaderiv(id, GL_COMPILE_STATUS, &compiled);
            if (compiled == 0)
                throw ShaderException.FromLog(_library, source, _defines, Log(gl.GetShaderiv, gl.GetShaderInfoLog, id));
        }

        int linked;
        gl.GetProgramiv(_program, GL_LINK_STATUS, &linked);
        if (linked == 0)
            throw ShaderException.FromLog(_library, _shaders[^1].Source, _defines, Log(gl.GetProgramiv, gl.GetProgramInfoLog, _program));
        uint program = _program;
        _program = 0;
        return program;
    }

    /// <summary>Gives the program up, unless it was taken.</summary>
    public void Dispose()
    {
        foreach (var (_, id) in _shaders)
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
