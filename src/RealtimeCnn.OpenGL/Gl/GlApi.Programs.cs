namespace RealtimeCnn.OpenGL;

// Shaders, programs, uniforms and compute.
internal sealed unsafe partial class GlApi
{
    public readonly delegate* unmanaged<uint, uint> CreateShader =
        (delegate* unmanaged<uint, uint>)Require(getProcAddress, "glCreateShader");

    public readonly delegate* unmanaged<uint, void> DeleteShader =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glDeleteShader");

    public readonly delegate* unmanaged<uint, int, byte**, int*, void> ShaderSource =
        (delegate* unmanaged<uint, int, byte**, int*, void>)Require(getProcAddress, "glShaderSource");

    public readonly delegate* unmanaged<uint, void> CompileShader =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glCompileShader");

    public readonly delegate* unmanaged<uint, uint, int*, void> GetShaderiv =
        (delegate* unmanaged<uint, uint, int*, void>)Require(getProcAddress, "glGetShaderiv");

    public readonly delegate* unmanaged<uint, int, int*, byte*, void> GetShaderInfoLog =
        (delegate* unmanaged<uint, int, int*, byte*, void>)Require(getProcAddress, "glGetShaderInfoLog");

    public readonly delegate* unmanaged<uint> CreateProgram =
        (delegate* unmanaged<uint>)Require(getProcAddress, "glCreateProgram");

    public readonly delegate* unmanaged<uint, void> DeleteProgram =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glDeleteProgram");

    public readonly delegate* unmanaged<uint, uint, void> AttachShader =
        (delegate* unmanaged<uint, uint, void>)Require(getProcAddress, "glAttachShader");

    public readonly delegate* unmanaged<uint, void> LinkProgram =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glLinkProgram");

    public readonly delegate* unmanaged<uint, uint, int*, void> GetProgramiv =
        (delegate* unmanaged<uint, uint, int*, void>)Require(getProcAddress, "glGetProgramiv");

    public readonly delegate* unmanaged<uint, int, int*, byte*, void> GetProgramInfoLog =
        (delegate* unmanaged<uint, int, int*, byte*, void>)Require(getProcAddress, "glGetProgramInfoLog");

    public readonly delegate* unmanaged<uint, void> UseProgram =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glUseProgram");

    public readonly delegate* unmanaged<uint, byte> IsProgram =
        (delegate* unmanaged<uint, byte>)Require(getProcAddress, "glIsProgram");

    public readonly delegate* unmanaged<uint, byte*, int> GetUniformLocation =
        (delegate* unmanaged<uint, byte*, int>)Require(getProcAddress, "glGetUniformLocation");

    public readonly delegate* unmanaged<int, int, void> Uniform1i =
        (delegate* unmanaged<int, int, void>)Require(getProcAddress, "glUniform1i");

    public readonly delegate* unmanaged<int, float, void> Uniform1f =
        (delegate* unmanaged<int, float, void>)Require(getProcAddress, "glUniform1f");

    public readonly delegate* unmanaged<int, float, float, void> Uniform2f =
        (delegate* unmanaged<int, float, float, void>)Require(getProcAddress, "glUniform2f");

    public readonly delegate* unmanaged<int, float, float, float, float, void> Uniform4f =
        (delegate* unmanaged<int, float, float, float, float, void>)Require(getProcAddress, "glUniform4f");

    public readonly delegate* unmanaged<uint, uint, uint, void> DispatchCompute =
        (delegate* unmanaged<uint, uint, uint, void>)Require(getProcAddress, "glDispatchCompute");

    public readonly delegate* unmanaged<uint, void> MemoryBarrier =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glMemoryBarrier");
}
