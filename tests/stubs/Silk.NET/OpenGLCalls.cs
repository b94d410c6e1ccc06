using System.Runtime.InteropServices;
using System.Text;

namespace Silk.NET.OpenGL;

public enum TextureTarget
{
    Texture2D = 0x0DE1,
}

public enum SizedInternalFormat
{
    Rgba8 = 0x8058,
}

public enum TextureParameterName
{
    TextureMinFilter = 0x2801,
}

public enum FramebufferTarget
{
    Framebuffer = 0x8D40,
}

public enum FramebufferAttachment
{
    ColorAttachment0 = 0x8CE0,
}

public enum ShaderType
{
    FragmentShader = 0x8B30,
    VertexShader = 0x8B31,
}

public enum PrimitiveType
{
    Triangles = 4,
}

public enum EnableCap
{
    CullFace = 0x0B44,
}

[Flags]
public enum ClearBufferMask
{
    ColorBufferBit = 0x4000,
}

public enum GLEnum
{
    Linear = 0x2601,
}

/// <summary>The calls of programs that draw, with the signatures of the real library; they reach the context's own functions.</summary>
public unsafe partial class GL
{
    public uint GenTexture() => Generate("glGenTextures");

    public void BindTexture(TextureTarget target, uint texture) => ((delegate* unmanaged<uint, uint, void>)At("glBindTexture"))((uint)target, texture);

    public void TexStorage2D(TextureTarget target, uint levels, SizedInternalFormat internalformat, uint width, uint height) =>
        ((delegate* unmanaged<uint, int, uint, int, int, void>)At("glTexStorage2D"))((uint)target, (int)levels, (uint)internalformat, (int)width, (int)height);

    public void TexParameter(TextureTarget target, TextureParameterName pname, int param) =>
        ((delegate* unmanaged<uint, uint, int, void>)At("glTexParameteri"))((uint)target, (uint)pname, param);

    public void DeleteTexture(uint textures) => Delete("glDeleteTextures", textures);

    public uint GenFramebuffer() => Generate("glGenFramebuffers");

    public void BindFramebuffer(FramebufferTarget target, uint framebuffer) => ((delegate* unmanaged<uint, uint, void>)At("glBindFramebuffer"))((uint)target, framebuffer);

    public void FramebufferTexture2D(FramebufferTarget target, FramebufferAttachment attachment, TextureTarget textarget, uint texture, int level) =>
        ((delegate* unmanaged<uint, uint, uint, uint, int, void>)At("glFramebufferTexture2D"))((uint)target, (uint)attachment, (uint)textarget, texture, level);

    public void DeleteFramebuffer(uint framebuffers) => Delete("glDeleteFramebuffers", framebuffers);

    public uint GenVertexArray() => Generate("glGenVertexArrays");

    public void BindVertexArray(uint array) => ((delegate* unmanaged<uint, void>)At("glBindVertexArray"))(array);

    public void DeleteVertexArray(uint arrays) => Delete("glDeleteVertexArrays", arrays);

    public uint CreateShader(ShaderType type) => ((delegate* unmanaged<uint, uint>)At("glCreateShader"))((uint)type);

    public void ShaderSource(uint shader, string @string)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(@string + "\0"))
        {
            byte* source = text;
            ((delegate* unmanaged<uint, int, byte**, int*, void>)At("glShaderSource"))(shader, 1, &source, null);
        }
    }

    public void CompileShader(uint shader) => ((delegate* unmanaged<uint, void>)At("glCompileShader"))(shader);

    public void DeleteShader(uint shader) => ((delegate* unmanaged<uint, void>)At("glDeleteShader"))(shader);

    public uint CreateProgram() => ((delegate* unmanaged<uint>)At("glCreateProgram"))();

    public void AttachShader(uint program, uint shader) => ((delegate* unmanaged<uint, uint, void>)At("glAttachShader"))(program, shader);

    public void LinkProgram(uint program) => ((delegate* unmanaged<uint, void>)At("glLinkProgram"))(program);

    public string GetProgramInfoLog(uint program)
    {
        byte* text = stackalloc byte[1024];
        int length;
        ((delegate* unmanaged<uint, int, int*, byte*, void>)At("glGetProgramInfoLog"))(program, 1024, &length, text);
        return Marshal.PtrToStringUTF8((nint)text, length);
    }

    public void UseProgram(uint program) => ((delegate* unmanaged<uint, void>)At("glUseProgram"))(program);

    public void DeleteProgram(uint program) => ((delegate* unmanaged<uint, void>)At("glDeleteProgram"))(program);

    public int GetUniformLocation(uint program, string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + "\0"))
            return ((delegate* unmanaged<uint, byte*, int>)At("glGetUniformLocation"))(program, text);
    }

    public void UniformMatrix4(int location, uint count, bool transpose, in float value)
    {
        fixed (float* numbers = &value)
            ((delegate* unmanaged<int, int, byte, float*, void>)At("glUniformMatrix4fv"))(location, (int)count, (byte)(transpose ? 1 : 0), numbers);
    }

    public void Enable(EnableCap cap) => ((delegate* unmanaged<uint, void>)At("glEnable"))((uint)cap);

    public void Viewport(int x, int y, uint width, uint height) => ((delegate* unmanaged<int, int, int, int, void>)At("glViewport"))(x, y, (int)width, (int)height);

    public void ClearColor(float red, float green, float blue, float alpha) => ((delegate* unmanaged<float, float, float, float, void>)At("glClearColor"))(red, green, blue, alpha);

    public void Clear(ClearBufferMask mask) => ((delegate* unmanaged<uint, void>)At("glClear"))((uint)mask);

    public void DrawArrays(PrimitiveType mode, int first, uint count) => ((delegate* unmanaged<uint, int, int, void>)At("glDrawArrays"))((uint)mode, first, (int)count);

    private nint At(string name) => Context.GetProcAddress(name);

    private uint Generate(string function)
    {
        uint name;
        ((delegate* unmanaged<int, uint*, void>)At(function))(1, &name);
        return name;
    }

    private void Delete(string function, uint name) => ((delegate* unmanaged<int, uint*, void>)At(function))(1, &name);
}
