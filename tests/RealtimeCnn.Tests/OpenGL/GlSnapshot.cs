using RealtimeCnn.OpenGL;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>
/// A context's state, read one value after the other by name: a list of its own, longer than what is saved, so that it
/// also finds what was forgotten.
/// </summary>
internal static unsafe class GlSnapshot
{
    private const int TextureUnits = 16;

    private static readonly string[] DesktopOnly =
    [
        "sRGB", "logic op", "primitive restart", "depth clamp", "multisample", "point size", "seamless cube map", "clip 0", "unpack swap", "unpack lsb", "pack swap", "pack lsb",
        "polygon mode", "draw buffer", "texture buffer", "query buffer",
    ];

    private static readonly (string Name, uint Value)[] Switches =
    [
        ("blend", GL_BLEND), ("cull face", GL_CULL_FACE), ("depth test", GL_DEPTH_TEST), ("stencil test", GL_STENCIL_TEST), ("scissor test", GL_SCISSOR_TEST),
        ("sRGB", GL_FRAMEBUFFER_SRGB), ("rasterizer discard", GL_RASTERIZER_DISCARD), ("logic op", GL_COLOR_LOGIC_OP), ("alpha to coverage", GL_SAMPLE_ALPHA_TO_COVERAGE),
        ("primitive restart", GL_PRIMITIVE_RESTART), ("depth clamp", GL_DEPTH_CLAMP), ("multisample", GL_MULTISAMPLE), ("dither", 0x0BD0), ("polygon offset", 0x8037),
        ("point size", 0x8642), ("seamless cube map", 0x884F), ("debug output", GL_DEBUG_OUTPUT), ("synchronous debug output", GL_DEBUG_OUTPUT_SYNCHRONOUS), ("clip 0", 0x3000),
    ];

    private static readonly (string Name, uint Value)[] Integers =
    [
        ("program", GL_CURRENT_PROGRAM), ("active texture", GL_ACTIVE_TEXTURE), ("storage buffer", GL_SHADER_STORAGE_BUFFER_BINDING), ("uniform buffer", GL_UNIFORM_BUFFER_BINDING),
        ("copy read buffer", GL_COPY_READ_BUFFER_BINDING), ("copy write buffer", GL_COPY_WRITE_BUFFER_BINDING), ("pack buffer", GL_PIXEL_PACK_BUFFER_BINDING),
        ("unpack buffer", GL_PIXEL_UNPACK_BUFFER_BINDING), ("array buffer", GL_ARRAY_BUFFER_BINDING), ("vertex array", GL_VERTEX_ARRAY_BINDING),
        ("draw framebuffer", GL_DRAW_FRAMEBUFFER_BINDING), ("read framebuffer", GL_READ_FRAMEBUFFER_BINDING), ("unpack alignment", GL_UNPACK_ALIGNMENT),
        ("unpack row length", GL_UNPACK_ROW_LENGTH), ("unpack skip rows", GL_UNPACK_SKIP_ROWS), ("unpack skip pixels", GL_UNPACK_SKIP_PIXELS),
        ("unpack swap", GL_UNPACK_SWAP_BYTES), ("unpack lsb", GL_UNPACK_LSB_FIRST), ("unpack image height", 0x806E), ("unpack skip images", 0x806D),
        ("pack alignment", GL_PACK_ALIGNMENT), ("pack row length", GL_PACK_ROW_LENGTH), ("pack skip rows", GL_PACK_SKIP_ROWS), ("pack skip pixels", GL_PACK_SKIP_PIXELS),
        ("pack swap", GL_PACK_SWAP_BYTES), ("pack lsb", GL_PACK_LSB_FIRST), ("depth mask", GL_DEPTH_WRITEMASK), ("polygon mode", GL_POLYGON_MODE),
        ("depth function", 0x0B74), ("cull face mode", 0x0B45), ("front face", 0x0B46), ("stencil mask", 0x0B98), ("draw buffer", 0x0C01), ("read buffer", 0x0C02),
        ("renderbuffer", 0x8CA7), ("indirect buffer", 0x8F43), ("dispatch buffer", 0x90EF), ("transform feedback", 0x8E25), ("texture buffer", 0x8C2A), ("atomic buffer", 0x92C1),
        ("element buffer", 0x8895), ("query buffer", 0x9193), ("program pipeline", 0x825A), ("line width", 0x0B21),
    ];

    public static SortedDictionary<string, string> Take(GlApi gl)
    {
        var state = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Switches.Where(entry => Has(entry.Name)))
            state[$"enabled: {name}"] = gl.IsEnabled(value).ToString(null, null);
        foreach (var (name, value) in Integers.Where(entry => Has(entry.Name)))
            state[name] = gl.Integer(value).ToString(null, null);
        foreach (var (name, value, count) in new[] { ("viewport", GL_VIEWPORT, 4), ("scissor", GL_SCISSOR_BOX, 4), ("clear colour", GL_COLOR_CLEAR_VALUE, 4), ("blend colour", 0x8005u, 4), ("depth range", 0x0B70u, 2) })
        {
            var floats = new float[4];
            fixed (float* pointer = floats)
                gl.GetFloatv(value, pointer);
            state[name] = string.Join(" ", floats.Take(count));
        }

        byte* mask = stackalloc byte[4];
        for (uint i = 0; i < 8; i++)
        {
            Indexed(i, "storage", GL_SHADER_STORAGE_BUFFER_BINDING, GL_SHADER_STORAGE_BUFFER_START, GL_SHADER_STORAGE_BUFFER_SIZE);
            Indexed(i, "uniform", GL_UNIFORM_BUFFER_BINDING, GL_UNIFORM_BUFFER_START, GL_UNIFORM_BUFFER_SIZE);
            Indexed(i, "image", GL_IMAGE_BINDING_NAME, GL_IMAGE_BINDING_LEVEL, GL_IMAGE_BINDING_LAYERED, GL_IMAGE_BINDING_LAYER, GL_IMAGE_BINDING_ACCESS, GL_IMAGE_BINDING_FORMAT);
            if (i > 0 && gl.Enablei == null)
                continue;
            Indexed(i, "blending", GL_BLEND_SRC_RGB, GL_BLEND_DST_RGB, GL_BLEND_SRC_ALPHA, GL_BLEND_DST_ALPHA, GL_BLEND_EQUATION_RGB, GL_BLEND_EQUATION_ALPHA);
            if (gl.Enablei == null)
                gl.GetBooleanv(GL_COLOR_WRITEMASK, mask);
            else
                gl.GetBooleani_v(GL_COLOR_WRITEMASK, i, mask);
            state[$"draw buffer {i}: masks, blends"] = $"{mask[0]}{mask[1]}{mask[2]}{mask[3]} {(gl.Enablei == null ? gl.IsEnabled(GL_BLEND) : gl.IsEnabledi(GL_BLEND, i))}";
        }

        int active = gl.Integer(GL_ACTIVE_TEXTURE);
        for (uint i = 0; i < TextureUnits; i++)
        {
            gl.ActiveTexture(GL_TEXTURE0 + i);
            state[$"unit {i}: 2D, buffer, sampler, array, 3D, cube"] =
                $"{gl.Integer(GL_TEXTURE_BINDING_2D)} {(gl.TexBufferRange == null ? 0 : gl.Integer(GL_TEXTURE_BINDING_BUFFER))} {gl.Integer(GL_SAMPLER_BINDING)} {gl.Integer(0x8C1D)} {gl.Integer(0x806A)} {gl.Integer(0x8514)}";
        }

        gl.ActiveTexture((uint)active);
        return state;

        void Indexed(uint index, string name, params uint[] values) =>
            state[$"{name} {index}"] = string.Join(" ", values.Select(value => name == "blending" && gl.Enablei == null ? gl.Integer(value) : gl.Integer(value, index)));

        bool Has(string name) => !gl.Version.IsEmbedded || !(DesktopOnly.Contains(name) || (gl.DebugMessageCallback == null && name.Contains("debug output", StringComparison.Ordinal)));
    }

    public static string[] Differences(SortedDictionary<string, string> before, SortedDictionary<string, string> after) =>
        [.. before.Where(entry => after[entry.Key] != entry.Value).Select(entry => $"{entry.Key}: was {entry.Value}, is {after[entry.Key]}")];
}
