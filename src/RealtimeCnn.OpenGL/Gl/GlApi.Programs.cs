namespace RealtimeCnn.OpenGL;

// Shaders, programs, uniforms and compute.
internal sealed unsafe partial class GlApi
{
    public readonly delegate* unmanaged<uint, uint> CreateShader =
        (delegate* unmanaged<uint, uint>)entries.Require("glCreateShader");

    public readonly delegate* unmanaged<uint, void> DeleteShader =
        (delegate* unmanaged<uint, void>)entries.Require("glDeleteShader");

    public readonly delegate* unmanaged<uint, int, byte**, int*, void> ShaderSource =
        (delegate* unmanaged<uint, int, byte**, int*, void>)entries.Require("glShaderSource");

    public readonly delegate* unmanaged<uint, void> CompileShader =
        (delegate* unmanaged<uint, void>)entries.Require("glCompileShader");

    public readonly delegate* unmanaged<uint, uint, int*, void> GetShaderiv =
        (delegate* unmanaged<uint, uint, int*, void>)entries.Require("glGetShaderiv");

    public readonly delegate* unmanaged<uint, int, int*, byte*, void> GetShaderInfoLog =
        (delegate* unmanaged<uint, int, int*, byte*, void>)entries.Require("glGetShaderInfoLog");

    public readonly delegate* unmanaged<uint> CreateProgram =
        (delegate* unmanaged<uint>)entries.Require("glCreateProgram");

    public readonly delegate* unmanaged<uint, void> DeleteProgram =
        (delegate* unmanaged<uint, void>)entries.Require("glDeleteProgram");

    public readonly delegate* unmanaged<uint, uint, void> AttachShader =
        (delegate* unmanaged<uint, uint, void>)entries.Require("glAttachShader");

    public readonly delegate* unmanaged<uint, void> LinkProgram =
        (delegate* unmanaged<uint, void>)entries.Require("glLinkProgram");

    public readonly delegate* unmanaged<uint, uint, int*, void> GetProgramiv =
        (delegate* unmanaged<uint, uint, int*, void>)entries.Require("glGetProgramiv");

    public readonly delegate* unmanaged<uint, uint, int, void> ProgramParameteri =
        (delegate* unmanaged<uint, uint, int, void>)entries.Require("glProgramParameteri");

    public readonly delegate* unmanaged<uint, int, int*, uint*, void*, void> GetProgramBinary =
        (delegate* unmanaged<uint, int, int*, uint*, void*, void>)entries.Require("glGetProgramBinary");

    public readonly delegate* unmanaged<uint, uint, void*, int, void> ProgramBinary =
        (delegate* unmanaged<uint, uint, void*, int, void>)entries.Require("glProgramBinary");

    public readonly delegate* unmanaged<uint, int, int*, byte*, void> GetProgramInfoLog =
        (delegate* unmanaged<uint, int, int*, byte*, void>)entries.Require("glGetProgramInfoLog");

    public readonly delegate* unmanaged<uint, void> UseProgram =
        (delegate* unmanaged<uint, void>)entries.Require("glUseProgram");

    public readonly delegate* unmanaged<uint, byte> IsProgram =
        (delegate* unmanaged<uint, byte>)entries.Require("glIsProgram");

    public readonly delegate* unmanaged<uint, byte*, int> GetUniformLocation =
        (delegate* unmanaged<uint, byte*, int>)entries.Require("glGetUniformLocation");

    public readonly delegate* unmanaged<int, int, void> Uniform1i =
        (delegate* unmanaged<int, int, void>)entries.Require("glUniform1i");

    public readonly delegate* unmanaged<int, float, void> Uniform1f =
        (delegate* unmanaged<int, float, void>)entries.Require("glUniform1f");

    public readonly delegate* unmanaged<int, float, float, void> Uniform2f =
        (delegate* unmanaged<int, float, float, void>)entries.Require("glUniform2f");

    public readonly delegate* unmanaged<int, float, float, float, float, void> Uniform4f =
        (delegate* unmanaged<int, float, float, float, float, void>)entries.Require("glUniform4f");

    public readonly delegate* unmanaged<uint, uint, uint, void> DispatchCompute =
        (delegate* unmanaged<uint, uint, uint, void>)entries.Require("glDispatchCompute");

    public readonly delegate* unmanaged<uint, void> MemoryBarrier =
        (delegate* unmanaged<uint, void>)entries.Require("glMemoryBarrier");
}
