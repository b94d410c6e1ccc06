using System.Numerics;
using Silk.NET.OpenGL;

namespace RealtimeCnn.Samples.CubeInSilk;

/// <summary>A cube that shows a picture on each side, and the texture that the picture is drawn into. Plain OpenGL, nothing of ours.</summary>
internal sealed class Cube : IDisposable
{
    /// <summary>Side of the picture, in pixels.</summary>
    public const int Side = 512;

    private const string Vertices = """
        #version 430 core
        uniform mat4 transform;
        out vec2 place;
        flat out float light;
        const vec2 CORNERS[6] = vec2[](vec2(0, 0), vec2(1, 0), vec2(1, 1), vec2(0, 0), vec2(1, 1), vec2(0, 1));
        void main()
        {
            int side = gl_VertexID / 6;
            place = CORNERS[gl_VertexID % 6];
            vec3 p = vec3(place * 2.0 - 1.0, 1.0);
            vec3 turned[6] = vec3[](p, vec3(p.z, p.y, -p.x), vec3(-p.x, p.y, -p.z), vec3(-p.z, p.y, p.x), vec3(p.x, p.z, -p.y), vec3(p.x, -p.z, p.y));
            light = side < 4 ? 1.0 - 0.2 * float(side % 2) : 0.6;
            gl_Position = transform * vec4(turned[side], 1.0);
        }
        """;

    private const string Fragments = """
        #version 430 core
        uniform sampler2D picture;
        in vec2 place;
        flat in float light;
        out vec4 color;
        void main() { color = vec4(texture(picture, place).rgb * light, 1.0); }
        """;

    private readonly GL _gl;
    private readonly uint _texture, _program, _vertices;
    private readonly int _transform;

    public Cube(GL gl)
    {
        _gl = gl;
        _texture = gl.GenTexture();
        gl.BindTexture(TextureTarget.Texture2D, _texture);
        gl.TexStorage2D(TextureTarget.Texture2D, 1, SizedInternalFormat.Rgba8, Side, Side);
        gl.TexParameter(TextureTarget.Texture2D, TextureParameterName.TextureMinFilter, (int)GLEnum.Linear);
        Framebuffer = gl.GenFramebuffer();
        gl.BindFramebuffer(FramebufferTarget.Framebuffer, Framebuffer);
        gl.FramebufferTexture2D(FramebufferTarget.Framebuffer, FramebufferAttachment.ColorAttachment0, TextureTarget.Texture2D, _texture, 0);
        _program = Compile();
        _transform = gl.GetUniformLocation(_program, "transform");
        _vertices = gl.GenVertexArray();
    }

    /// <summary>Draw into this to have it on the cube.</summary>
    public uint Framebuffer { get; }

    /// <summary>Draws the cube into the window.</summary>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="height">Of the window, in pixels.</param>
    /// <param name="seconds">How far it has turned.</param>
    public void Draw(int width, int height, double seconds)
    {
        var turn = Matrix4x4.CreateRotationY(((float)seconds * 0.6f) - 0.6f) * Matrix4x4.CreateRotationX(0.45f);
        var camera = Matrix4x4.CreateTranslation(0, 0, -4.5f) * Matrix4x4.CreatePerspectiveFieldOfView(0.8f, (float)width / Math.Max(height, 1), 0.1f, 10);
        var transform = turn * camera;
        _gl.BindFramebuffer(FramebufferTarget.Framebuffer, 0);
        _gl.Viewport(0, 0, (uint)width, (uint)height);
        _gl.ClearColor(0.05f, 0.06f, 0.1f, 1);
        _gl.Clear(ClearBufferMask.ColorBufferBit);
        // A cube hides its own back: no depth is needed.
        _gl.Enable(EnableCap.CullFace);
        _gl.UseProgram(_program);
        _gl.UniformMatrix4(_transform, 1, false, in transform.M11);
        _gl.BindTexture(TextureTarget.Texture2D, _texture);
        _gl.BindVertexArray(_vertices);
        _gl.DrawArrays(PrimitiveType.Triangles, 0, 36);
    }

    public void Dispose()
    {
        _gl.DeleteVertexArray(_vertices);
        _gl.DeleteProgram(_program);
        _gl.DeleteFramebuffer(Framebuffer);
        _gl.DeleteTexture(_texture);
    }

    private uint Compile()
    {
        uint program = _gl.CreateProgram();
        foreach (var (type, source) in ((ShaderType, string)[])[(ShaderType.VertexShader, Vertices), (ShaderType.FragmentShader, Fragments)])
        {
            uint shader = _gl.CreateShader(type);
            _gl.ShaderSource(shader, source);
            _gl.CompileShader(shader);
            _gl.AttachShader(program, shader);
            _gl.DeleteShader(shader);
        }

        _gl.LinkProgram(program);
        if (_gl.GetProgramInfoLog(program) is { Length: > 0 } log)
            Console.Error.WriteLine(log);
        return program;
    }
}
