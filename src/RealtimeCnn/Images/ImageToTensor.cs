namespace RealtimeCnn.Images;

/// <summary>
/// Makes network inputs of frames on the CPU: the twin of <c>shaders/image/image_to_tensor.comp</c>, with the same
/// weights and the same order of operations. Allocates only when the format of the frames changes. Not thread-safe.
/// </summary>
/// <param name="preprocessing">What to do with the frames.</param>
/// <exception cref="ArgumentException">The preprocessing is impossible.</exception>
public sealed class ImageToTensor(Preprocessing preprocessing)
{
    private readonly Preprocessing _preprocessing = Validated(preprocessing);
    private readonly float[] _rows = preprocessing.ColorRows();
    private FrameFormat _format;
    private FrameGeometry _geometry;
    private ResampleAxis? _x;
    private ResampleAxis? _y;
    private float[] _upright = [];
    private float[] _narrowed = [];

    /// <summary>Where the input's places lie in the frame that was converted last.</summary>
    public PictureMapping Mapping { get; private set; }

    /// <summary>Fills one batch item of an NCHW tensor.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="destination">Shape <c>[N, C, H, W]</c>, with C, H and W of <see cref="Preprocessing.Shape"/>.</param>
    /// <param name="item">Batch item, from 0 to N − 1.</param>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public void Run(Frame frame, Tensor destination, int item = 0)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Run(frame.Pixels, frame.Format, frame.Geometry, destination, item);
    }

    /// <inheritdoc cref="Run(Frame, Tensor, int)"/>
    /// <param name="pixels">The picture's bytes, as <see cref="Frame.Pixels"/> has them.</param>
    /// <param name="format">Their layout.</param>
    /// <param name="geometry">How they are turned and mirrored.</param>
    /// <param name="destination">Shape <c>[N, C, H, W]</c>, with C, H and W of <see cref="Preprocessing.Shape"/>.</param>
    /// <param name="item">Batch item, from 0 to N − 1.</param>
    public void Run(ReadOnlySpan<byte> pixels, FrameFormat format, FrameGeometry geometry, Tensor destination, int item = 0)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Shape shape = destination.Shape, one = _preprocessing.Shape;
        if (shape.Rank != 4 || (shape.Channels, shape.Height, shape.Width) != (one.Channels, one.Height, one.Width) || (uint)item >= (uint)shape.Batch)
            throw new ArgumentException($"Item {item} of a tensor {shape} cannot take an input of shape {one}.");
        format.Validate();
        if (pixels.Length < format.Bytes)
            throw new ArgumentException($"A frame of {format} needs {format.Bytes} bytes; {pixels.Length} were given.");

        Prepare(format, geometry);
        ReadUpright(pixels);
        NarrowRows();
        Write(destination.Span.Slice(item * shape.Channels * shape.Area, shape.Channels * shape.Area), shape.Channels);
    }

    private static Preprocessing Validated(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        preprocessing.Validate();
        return preprocessing;
    }

    private void Prepare(FrameFormat format, FrameGeometry geometry)
    {
        if (_x is not null && format == _format && geometry == _geometry)
            return;
        (_format, _geometry) = (format, geometry);
        var map = Mapping = _preprocessing.Map(format, geometry);
        _x = new ResampleAxis(map.Upright.Width, map.Content.Width, map.WindowLeft, map.ScaleX);
        _y = new ResampleAxis(map.Upright.Height, map.Content.Height, map.WindowTop, map.ScaleY);
        _upright = new float[map.Upright.Height * map.Upright.Width * 3];
        _narrowed = new float[map.Upright.Height * map.Content.Width * 3];
    }

    private void ReadUpright(ReadOnlySpan<byte> pixels)
    {
        var steps = Mapping.PixelSteps;
        int at = 0;
        for (int y = 0; y < Mapping.Upright.Height; y++)
        {
            for (int x = 0; x < Mapping.Upright.Width; x++, at += 3)
            {
                FramePixels.Read(
                    pixels, _format, steps.OriginX + (x * steps.XPerX) + (y * steps.XPerY), steps.OriginY + (x * steps.YPerX) + (y * steps.YPerY),
                    out _upright[at], out _upright[at + 1], out _upright[at + 2]);
            }
        }
    }

    // Along x first: a row is used by several output rows.
    private void NarrowRows()
    {
        int width = Mapping.Content.Width;
        for (int y = 0; y < Mapping.Upright.Height; y++)
        {
            var row = _upright.AsSpan(y * Mapping.Upright.Width * 3, Mapping.Upright.Width * 3);
            var output = _narrowed.AsSpan(y * width * 3, width * 3);
            for (int x = 0; x < width; x++)
            {
                float r = 0, g = 0, b = 0;
                var weights = _x!.Weights(x);
                var taps = row.Slice(_x.First[x] * 3, weights.Length * 3);
                for (int k = 0; k < weights.Length; k++)
                {
                    r += weights[k] * taps[k * 3];
                    g += weights[k] * taps[(k * 3) + 1];
                    b += weights[k] * taps[(k * 3) + 2];
                }

                (output[x * 3], output[(x * 3) + 1], output[(x * 3) + 2]) = (r, g, b);
            }
        }
    }

    private void Write(Span<float> destination, int channels)
    {
        var map = Mapping;
        int area = map.Input.Height * map.Input.Width;
        var border = _preprocessing.Border;
        for (int i = 0; i < map.Input.Height; i++)
        {
            for (int j = 0; j < map.Input.Width; j++)
            {
                int y = i - map.ContentTop, x = j - map.ContentLeft;
                float r = (float)border.R, g = (float)border.G, b = (float)border.B;
                if ((uint)y < (uint)map.Content.Height && (uint)x < (uint)map.Content.Width)
                    Blend(x, y, out r, out g, out b);
                for (int c = 0; c < channels; c++)
                {
                    var row = _rows.AsSpan(c * 4, 4);
                    destination[(c * area) + (i * map.Input.Width) + j] = (row[0] * r) + (row[1] * g) + (row[2] * b) + row[3];
                }
            }
        }
    }

    private void Blend(int x, int y, out float r, out float g, out float b)
    {
        (r, g, b) = (0, 0, 0);
        var weights = _y!.Weights(y);
        int stride = Mapping.Content.Width * 3;
        int at = (_y.First[y] * stride) + (x * 3);
        for (int k = 0; k < weights.Length; k++, at += stride)
        {
            r += weights[k] * _narrowed[at];
            g += weights[k] * _narrowed[at + 1];
            b += weights[k] * _narrowed[at + 2];
        }
    }
}
