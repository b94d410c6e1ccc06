using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>The part of a host's state that drawing a picture touches.</summary>
internal sealed unsafe class GuestDrawState(GlApi gl)
{
    private static readonly uint[] EmbeddedSwitches =
        [GL_CULL_FACE, GL_DEPTH_TEST, GL_STENCIL_TEST, GL_SCISSOR_TEST, GL_RASTERIZER_DISCARD, GL_SAMPLE_ALPHA_TO_COVERAGE];

    private static readonly uint[] DesktopSwitches =
        [.. EmbeddedSwitches, GL_FRAMEBUFFER_SRGB, GL_COLOR_LOGIC_OP, GL_PRIMITIVE_RESTART, GL_DEPTH_CLAMP, GL_MULTISAMPLE];

    // Where blending and masks are not each draw buffer's own, they are those of one.
    private readonly bool _isIndexed = gl.Enablei != null;
    private readonly uint[] _capabilities = gl.Version.IsEmbedded ? EmbeddedSwitches : DesktopSwitches;
    private readonly bool[] _switches = new bool[DesktopSwitches.Length];
    private readonly DrawBuffer[] _drawBuffers = new DrawBuffer[gl.Enablei != null ? Math.Min(8, gl.Integer(GL_MAX_DRAW_BUFFERS)) : 1];
    private readonly int[] _viewport = new int[4];
    private readonly int[] _scissor = new int[4];
    private readonly float[] _clearColor = new float[4];
    private readonly int[] _polygonMode = new int[2];
    private int _vertexArray;
    private int _arrayBuffer;
    private int _indirectBuffer;
    private int _drawFramebuffer;
    private int _readFramebuffer;
    private byte _depthMask;

    public void Save()
    {
        for (int i = 0; i < _capabilities.Length; i++)
            _switches[i] = gl.IsEnabled(_capabilities[i]) != 0;
        for (uint i = 0; i < _drawBuffers.Length; i++)
            _drawBuffers[i] = ReadDrawBuffer(i);
        Read(GL_VIEWPORT, _viewport);
        Read(GL_SCISSOR_BOX, _scissor);
        if (gl.PolygonMode != null)
            Read(GL_POLYGON_MODE, _polygonMode);
        fixed (float* pointer = _clearColor)
            gl.GetFloatv(GL_COLOR_CLEAR_VALUE, pointer);
        byte depthMask;
        gl.GetBooleanv(GL_DEPTH_WRITEMASK, &depthMask);
        _depthMask = depthMask;
        (_vertexArray, _arrayBuffer, _indirectBuffer) = (gl.Integer(GL_VERTEX_ARRAY_BINDING), gl.Integer(GL_ARRAY_BUFFER_BINDING), gl.Integer(GL_DRAW_INDIRECT_BUFFER_BINDING));
        (_drawFramebuffer, _readFramebuffer) = (gl.Integer(GL_DRAW_FRAMEBUFFER_BINDING), gl.Integer(GL_READ_FRAMEBUFFER_BINDING));
    }

    public void Restore()
    {
        for (int i = 0; i < _capabilities.Length; i++)
        {
            if (_switches[i])
                gl.Enable(_capabilities[i]);
            else
                gl.Disable(_capabilities[i]);
        }

        for (uint i = 0; i < _drawBuffers.Length; i++)
            WriteDrawBuffer(i, _drawBuffers[i]);
        gl.Viewport(_viewport[0], _viewport[1], _viewport[2], _viewport[3]);
        gl.Scissor(_scissor[0], _scissor[1], _scissor[2], _scissor[3]);
        if (gl.PolygonMode != null)
            gl.PolygonMode(GL_FRONT_AND_BACK, (uint)_polygonMode[0]);
        gl.ClearColor(_clearColor[0], _clearColor[1], _clearColor[2], _clearColor[3]);
        gl.DepthMask(_depthMask);
        gl.BindVertexArray((uint)_vertexArray);
        gl.BindBuffer(GL_ARRAY_BUFFER, (uint)_arrayBuffer);
        gl.BindBuffer(GL_DRAW_INDIRECT_BUFFER, (uint)_indirectBuffer);
        gl.BindFramebuffer(GL_DRAW_FRAMEBUFFER, (uint)_drawFramebuffer);
        gl.BindFramebuffer(GL_READ_FRAMEBUFFER, (uint)_readFramebuffer);
    }

    private DrawBuffer ReadDrawBuffer(uint i)
    {
        byte* mask = stackalloc byte[4];
        if (_isIndexed)
            gl.GetBooleani_v(GL_COLOR_WRITEMASK, i, mask);
        else
            gl.GetBooleanv(GL_COLOR_WRITEMASK, mask);
        bool blends = (_isIndexed ? gl.IsEnabledi(GL_BLEND, i) : gl.IsEnabled(GL_BLEND)) != 0;
        return new(
            blends, mask[0], mask[1], mask[2], mask[3], Number(GL_BLEND_SRC_RGB), Number(GL_BLEND_DST_RGB), Number(GL_BLEND_SRC_ALPHA),
            Number(GL_BLEND_DST_ALPHA), Number(GL_BLEND_EQUATION_RGB), Number(GL_BLEND_EQUATION_ALPHA));

        uint Number(uint name) => (uint)(_isIndexed ? gl.Integer(name, i) : gl.Integer(name));
    }

    private void WriteDrawBuffer(uint i, in DrawBuffer saved)
    {
        if (!_isIndexed)
        {
            if (saved.Blends)
                gl.Enable(GL_BLEND);
            else
                gl.Disable(GL_BLEND);
            gl.ColorMask(saved.Red, saved.Green, saved.Blue, saved.Alpha);
            gl.BlendFuncSeparate(saved.SourceRgb, saved.DestinationRgb, saved.SourceAlpha, saved.DestinationAlpha);
            gl.BlendEquationSeparate(saved.EquationRgb, saved.EquationAlpha);
            return;
        }

        if (saved.Blends)
            gl.Enablei(GL_BLEND, i);
        else
            gl.Disablei(GL_BLEND, i);
        gl.ColorMaski(i, saved.Red, saved.Green, saved.Blue, saved.Alpha);
        gl.BlendFuncSeparatei(i, saved.SourceRgb, saved.DestinationRgb, saved.SourceAlpha, saved.DestinationAlpha);
        gl.BlendEquationSeparatei(i, saved.EquationRgb, saved.EquationAlpha);
    }

    private void Read(uint name, int[] values)
    {
        fixed (int* pointer = values)
            gl.GetIntegerv(name, pointer);
    }

    private readonly record struct DrawBuffer(
        bool Blends, byte Red, byte Green, byte Blue, byte Alpha,
        uint SourceRgb, uint DestinationRgb, uint SourceAlpha, uint DestinationAlpha, uint EquationRgb, uint EquationAlpha);
}
