using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Drawing;

/// <summary>
/// A <see cref="Canvas"/> on the GPU, over a window or an <see cref="OffscreenTarget"/>, that also draws camera frames and
/// tensors straight from where they lie. Between <see cref="Begin"/> and <see cref="End"/> nothing is allocated or waited for.
/// </summary>
public sealed unsafe partial class GpuCanvas : Canvas, IDisposable
{
    // As in overlay/feature_maps.frag.
    private const float SharedRange = 4;

    /// <summary>What the shader that draws shapes reads of each.</summary>
    internal const int BytesPerShape = FloatsPerShape * sizeof(float);

    private const int FloatsPerShape = 12, ShapesPerFlush = 2048, Flushes = 6;

    private readonly GlDevice _device;
    private readonly GpuTimer? _timer;
    private readonly GpuVertexArray _vertices;
    private readonly GpuTexture _font;
    private readonly GpuSampler _smooth, _exact;
    private readonly GpuBuffer _shapeBuffer;
    private readonly ShaderProgram _shapeProgram, _tensorProgram, _mapsProgram;
    private readonly Dictionary<IReadOnlyList<string>, ShaderProgram> _framePrograms = new(ReferenceEqualityComparer.Instance);
    private readonly float[] _shapes = new float[ShapesPerFlush * FloatsPerShape];
    private int _pixelWidth, _pixelHeight, _pending, _firstShape;
    private float _scale = 1;

    /// <summary>Prepares drawing on a device; compiles its shaders.</summary>
    /// <param name="device">Where.</param>
    /// <param name="isTimed">Whether it measures how long pictures take (<see cref="TryReadTime"/>).</param>
    public GpuCanvas(GlDevice device, bool isTimed = false)
    {
        ArgumentNullException.ThrowIfNull(device);
        _device = device;
        _timer = isTimed ? new GpuTimer(device, "draw") : null;
        _vertices = new GpuVertexArray(device, "canvas");
        _smooth = new GpuSampler(device, GL_LINEAR, "canvas font");
        _exact = new GpuSampler(device, GL_NEAREST, "canvas frames");
        _shapeBuffer = new GpuBuffer(device, _shapes.Length * sizeof(float) * Flushes, "canvas shapes");
        var font = OverlayFont.Instance;
        _font = new GpuTexture(device, font.Width, font.Height, GL_R8, "canvas font");
        using (var distances = GpuBuffer.Create<byte>(device, font.Distances, "canvas font"))
            _font.CopyFrom(distances.Id, GL_RED);
        _shapeProgram = device.Programs.Draw("overlay/shapes.vert", "overlay/shapes.frag");
        _tensorProgram = device.Programs.Draw("overlay/quad.vert", "overlay/tensor.frag");
        _mapsProgram = device.Programs.Draw("overlay/quad.vert", "overlay/feature_maps.frag");
    }

    /// <inheritdoc/>
    public override float Width => _pixelWidth / _scale;

    /// <inheritdoc/>
    public override float Height => _pixelHeight / _scale;

    /// <summary>Starts a picture: binds the framebuffer, sets all state that drawing depends on, and clears.</summary>
    /// <param name="framebuffer">OpenGL name; 0 is the window.</param>
    /// <param name="width">Of the framebuffer, in pixels.</param>
    /// <param name="height">Of the framebuffer, in pixels.</param>
    /// <param name="background">Fills it; null keeps what is there and draws over it.</param>
    /// <param name="scale">Pixels for each unit of the canvas.</param>
    public void Begin(uint framebuffer, int width, int height, Color? background, float scale = 1)
    {
        if (!(scale > 0))
            throw new ArgumentOutOfRangeException(nameof(scale), $"A unit of the canvas has more than 0 pixels; {scale} were asked for.");
        _device.VerifyThread();
        (_pixelWidth, _pixelHeight, _scale, _pending) = (width, height, scale, 0);
        var gl = _device.Gl;
        _timer?.Begin();
        gl.BindFramebuffer(GL_FRAMEBUFFER, framebuffer);
        gl.Viewport(0, 0, width, height);
        gl.Disable(GL_SCISSOR_TEST);
        gl.Disable(GL_DEPTH_TEST);
        gl.Disable(GL_STENCIL_TEST);
        gl.Disable(GL_CULL_FACE);
        gl.Disable(GL_RASTERIZER_DISCARD);
        gl.ColorMask(1, 1, 1, 1);
        if (!gl.Version.IsEmbedded)
        {
            gl.Disable(GL_FRAMEBUFFER_SRGB);
            gl.PolygonMode(GL_FRONT_AND_BACK, GL_FILL);
        }

        gl.Enable(GL_BLEND);
        gl.BlendEquationSeparate(GL_FUNC_ADD, GL_FUNC_ADD);
        gl.BlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
        gl.BindVertexArray(_vertices.Id);
        if (background is not { } color)
            return;
        gl.ClearColor(color.R, color.G, color.B, color.A);
        gl.Clear(GL_COLOR_BUFFER_BIT);
    }

    /// <summary>Ends the picture: what was drawn is on its way to the GPU.</summary>
    public void End()
    {
        Clip(null);
        _device.Gl.BindVertexArray(0);
        if (_timer == null)
            return;

        // Software draws on threads of its own when it is asked to finish, at the latest inside the next network: that time is this picture's.
        if (!_device.Info.TimersWork)
            _device.Gl.Finish();
        _timer.End();
    }

    /// <summary>How long the device took from <see cref="Begin"/> to <see cref="End"/> of a picture, in their order, once it is known. Never waits.</summary>
    /// <param name="elapsed">The time.</param>
    /// <returns>False when there is none yet, or times are not measured.</returns>
    public bool TryReadTime(out TimeSpan elapsed)
    {
        elapsed = default;
        return _timer != null && _timer.TryRead(out elapsed);
    }

    /// <summary>Draws a camera frame, upright, stretched to a rectangle.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="where">The rectangle.</param>
    /// <param name="mirrored">Whether left and right change places.</param>
    public void Picture(FrameTexture frame, Area where, bool mirrored = false)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Flush();
        var mapping = new PictureMapping(new(frame.Format.Height, frame.Format.Width), frame.Geometry with { Mirrored = frame.Geometry.Mirrored != mirrored }, 1, FitMode.Stretch);
        var (upright, steps) = (mapping.Upright, mapping.PixelSteps);
        if (!_framePrograms.TryGetValue(frame.Defines, out var program))
            _framePrograms.Add(frame.Defines, program = _device.Programs.Draw("overlay/quad.vert", "overlay/frame.frag", frame.Defines));
        BeginQuad(program, where);
        var gl = _device.Gl;
        gl.ActiveTexture(GL_TEXTURE0);
        gl.BindTexture(GL_TEXTURE_2D, frame.Id);
        _exact.Bind(0);
        gl.Uniform4f(2, upright.Width, upright.Height, steps.OriginX, steps.OriginY);
        gl.Uniform1f(4, _scale);
        gl.Uniform2f(5, frame.Format.Width, frame.Format.Height);
        gl.Uniform4f(3, steps.XPerX, steps.YPerX, steps.XPerY, steps.YPerY);
        gl.DrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    }

    /// <summary>Draws a tensor of one channel (gray) or three (red, green, blue), clamped between black and white, stretched to a rectangle.</summary>
    /// <param name="tensor">The value.</param>
    /// <param name="where">The rectangle.</param>
    /// <param name="head">Which numbers are black and white; null for 0 and 1.</param>
    public void Picture(GpuTensor tensor, Area where, PictureHead? head = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        float black = head?.Black ?? 0, factor = head?.Factor ?? 1;
        Flush();
        BeginQuad(_tensorProgram, where);
        tensor.View.Bind(1);
        _device.Gl.Uniform4f(2, tensor.Shape.Width, tensor.Shape.Height, tensor.Shape.Channels, 0);
        _device.Gl.Uniform2f(3, black, factor);
        _device.Gl.DrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    }

    /// <summary>Draws channels of a tensor as a grid of feature maps, each over its own range.</summary>
    /// <param name="tensor">The value.</param>
    /// <param name="where">The whole grid.</param>
    /// <param name="columns">Maps in a row.</param>
    /// <param name="rows">Maps in a column.</param>
    /// <param name="gap">Units between maps.</param>
    /// <param name="firstChannel">The first one shown.</param>
    /// <param name="colors">How values become colours.</param>
    public void FeatureMaps(GpuTensor tensor, Area where, int columns, int rows, float gap = 2, int firstChannel = 0, MapColors colors = MapColors.Stretched)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Flush();
        bool shares = MapScale.SharesRange(colors, tensor.Shape);
        var ranges = tensor.MeasureRanges(shares);
        BeginQuad(_mapsProgram, where);
        tensor.View.Bind(1);
        ranges.Bind(2);
        var (gl, shape) = (_device.Gl, tensor.Shape);
        gl.Uniform4f(2, shape.Width, shape.Height, firstChannel, Math.Min(shape.Channels - firstChannel, columns * rows));
        gl.Uniform4f(3, columns, rows, gap, (float)colors + (shares ? SharedRange : 0));
        gl.DrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    }

    /// <summary>Draws things from where shaders found them, as <see cref="BoxPainter"/> draws those that came back.</summary>
    /// <param name="boxes">The things.</param>
    /// <param name="picture">Where the whole upright picture lies.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture.</param>
    /// <param name="painter">Has the labels.</param>
    internal void Boxes(GpuBoxes boxes, Area picture, PictureMapping mapping, BoxPainter painter)
    {
        Flush();
        boxes.Make(picture, mapping, painter, _scale);
        BeginShapes(boxes.Shapes!, GpuBoxes.FirstShape);
        var gl = _device.Gl;
        gl.BindBuffer(GL_DRAW_INDIRECT_BUFFER, boxes.Shapes!.Id);
        gl.DrawArraysIndirect(GL_TRIANGLE_STRIP, null);
        gl.BindBuffer(GL_DRAW_INDIRECT_BUFFER, 0);
    }

    /// <inheritdoc/>
    public override void Clip(Area? where)
    {
        Flush();
        var gl = _device.Gl;
        if (where is not { } area)
        {
            gl.Disable(GL_SCISSOR_TEST);
            return;
        }

        var pixels = PixelBounds.Of(area, _scale, new PixelBounds(0, 0, _pixelWidth, _pixelHeight));
        gl.Scissor(pixels.Left, _pixelHeight - pixels.Bottom, pixels.Right - pixels.Left, pixels.Bottom - pixels.Top);
        gl.Enable(GL_SCISSOR_TEST);
    }

    /// <inheritdoc/>
    public override void Fill(Area where, Color color, float radius = 0) => Add(where, color, -1, radius, 0);

    /// <inheritdoc/>
    public override void Outline(Area where, Color color, float thickness, float radius = 0) => Add(where, color, -1, radius, thickness);

    /// <inheritdoc/>
    public override void Line(float fromX, float fromY, float toX, float toY, Color color, float thickness = 1.5f)
    {
        // A diagonal of its rectangle, a pixel's width inside, so that the edges are smooth.
        float radius = thickness / 2, reach = radius + (1 / _scale);
        bool rises = (toX - fromX) * (toY - fromY) < 0;
        Add(new Area(Math.Min(fromX, toX) - reach, Math.Min(fromY, toY) - reach, Math.Abs(toX - fromX) + (2 * reach), Math.Abs(toY - fromY) + (2 * reach)), color, rises ? -3 : -2, radius, reach);
    }

    /// <summary>Frees what drawing needs on the GPU.</summary>
    public void Dispose()
    {
        _shapeBuffer.Dispose();
        _font.Dispose();
        _smooth.Dispose();
        _exact.Dispose();
        _vertices.Dispose();
        _timer?.Dispose();
    }

    private protected override void Glyph(int cell, Area where, Color color) => Add(where, color, cell, 0, 0);

    private void Add(Area where, Color color, float glyph, float radius, float thickness)
    {
        if (_pending == ShapesPerFlush)
            Flush();
        var shape = _shapes.AsSpan(_pending++ * FloatsPerShape, FloatsPerShape);
        (shape[0], shape[1], shape[2], shape[3]) = (where.X, where.Y, where.Width, where.Height);
        (shape[4], shape[5], shape[6], shape[7]) = (color.R, color.G, color.B, color.A);
        (shape[8], shape[9], shape[10], shape[11]) = (glyph, radius, thickness, _scale);
    }

    private void Flush()
    {
        if (_pending == 0)
            return;

        // Each flush writes behind the one before, so that the GPU may still be reading that.
        if (_firstShape + _pending > ShapesPerFlush * Flushes)
            _firstShape = 0;
        _shapeBuffer.Upload<float>(_shapes.AsSpan(0, _pending * FloatsPerShape), _firstShape * (long)BytesPerShape);
        BeginShapes(_shapeBuffer, _firstShape * (nint)BytesPerShape);
        _device.Gl.DrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, _pending);
        _firstShape += _pending;
        _pending = 0;
    }

    // The attributes of overlay/shapes.vert are three vec4 of each instance.
    private void BeginShapes(GpuBuffer shapes, nint offset)
    {
        const int Vector = 4 * sizeof(float);
        var gl = _device.Gl;
        _shapeProgram.Use();
        gl.Uniform2f(0, Width, Height);
        gl.ActiveTexture(GL_TEXTURE0);
        gl.BindTexture(GL_TEXTURE_2D, _font.Id);
        _smooth.Bind(0);
        gl.BindBuffer(GL_ARRAY_BUFFER, shapes.Id);
        for (uint i = 0; i < BytesPerShape / Vector; i++)
        {
            gl.EnableVertexAttribArray(i);
            gl.VertexAttribDivisor(i, 1);
            gl.VertexAttribPointer(i, 4, GL_FLOAT, 0, BytesPerShape, (void*)(offset + ((nint)i * Vector)));
        }

        gl.BindBuffer(GL_ARRAY_BUFFER, 0);
    }

    private void BeginQuad(ShaderProgram program, Area where)
    {
        program.Use();
        _device.Gl.Uniform2f(0, Width, Height);
        _device.Gl.Uniform4f(1, where.X, where.Y, where.Width, where.Height);
    }
}
