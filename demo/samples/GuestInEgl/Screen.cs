using System.Text;

namespace RealtimeCnn.Samples.GuestInEgl;

/// <summary>What the host draws: a texture, through a shader of its own, all over its surface.</summary>
internal sealed unsafe class Screen
{
    private const uint Vertex = 0x8B31, Fragment = 0x8B30, Texture2D = 0x0DE1, Texture0 = 0x84C0, Triangles = 0x0004, Rgba = 0x1908, Bytes = 0x1401, CompileStatus = 0x8B81;

    private const string VertexSource = """
        #version 310 es
        out highp vec2 place;
        void main()
        {
            // A triangle that covers everything; row 0 of the texture, its top one, comes to the top.
            place = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0;
            gl_Position = vec4(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0, 0.0, 1.0);
        }

        """;

    // Red light on dark blue, by how bright the picture is.
    private const string FragmentSource = """
        #version 310 es
        precision highp float;
        layout(binding = 0) uniform sampler2D picture;
        in highp vec2 place;
        out vec4 color;
        void main()
        {
            color = vec4(mix(vec3(0.03, 0.05, 0.12), vec3(1.0, 0.55, 0.25), texture(picture, place).r), 1.0);
        }

        """;

    private readonly delegate* unmanaged<uint, void> _useProgram = (delegate* unmanaged<uint, void>)Address("glUseProgram");
    private readonly delegate* unmanaged<uint, void> _activeTexture = (delegate* unmanaged<uint, void>)Address("glActiveTexture");
    private readonly delegate* unmanaged<uint, uint, void> _bindTexture = (delegate* unmanaged<uint, uint, void>)Address("glBindTexture");
    private readonly delegate* unmanaged<uint, int, int, void> _drawArrays = (delegate* unmanaged<uint, int, int, void>)Address("glDrawArrays");
    private readonly delegate* unmanaged<int, int, int, int, uint, uint, void*, void> _readPixels = (delegate* unmanaged<int, int, int, int, uint, uint, void*, void>)Address("glReadPixels");
    private readonly uint _program;

    public Screen()
    {
        var createProgram = (delegate* unmanaged<uint>)Address("glCreateProgram");
        var attachShader = (delegate* unmanaged<uint, uint, void>)Address("glAttachShader");
        var linkProgram = (delegate* unmanaged<uint, void>)Address("glLinkProgram");
        _program = createProgram();
        attachShader(_program, Compile(Vertex, VertexSource));
        attachShader(_program, Compile(Fragment, FragmentSource));
        linkProgram(_program);
    }

    /// <summary>Draws a texture.</summary>
    public void Draw(uint texture)
    {
        _useProgram(_program);
        _activeTexture(Texture0);
        _bindTexture(Texture2D, texture);
        _drawArrays(Triangles, 0, 3);
    }

    /// <summary>What was drawn, rows from the top.</summary>
    public byte[] Read(int width, int height)
    {
        byte[] bottomUp = new byte[width * height * 4], pixels = new byte[bottomUp.Length];
        fixed (byte* pointer = bottomUp)
            _readPixels(0, 0, width, height, Rgba, Bytes, pointer);
        for (int row = 0; row < height; row++)
            bottomUp.AsSpan((height - 1 - row) * width * 4, width * 4).CopyTo(pixels.AsSpan(row * width * 4));
        return pixels;
    }

    private static uint Compile(uint kind, string source)
    {
        var createShader = (delegate* unmanaged<uint, uint>)Address("glCreateShader");
        var shaderSource = (delegate* unmanaged<uint, int, byte**, int*, void>)Address("glShaderSource");
        var compileShader = (delegate* unmanaged<uint, void>)Address("glCompileShader");
        var getShader = (delegate* unmanaged<uint, uint, int*, void>)Address("glGetShaderiv");
        uint shader = createShader(kind);
        fixed (byte* text = Encoding.UTF8.GetBytes(source + "\0"))
            shaderSource(shader, 1, &text, null);
        compileShader(shader);
        int compiled;
        getShader(shader, CompileStatus, &compiled);
        return compiled != 0 ? shader : throw new InvalidOperationException("The host's shader does not compile here.");
    }

    private static nint Address(string name) => Egl.GetProcAddress(name) is var address and not 0 ? address : throw new InvalidOperationException($"The driver has no {name}.");
}
