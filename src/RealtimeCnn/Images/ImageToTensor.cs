using System.Numerics;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Images;

/// <summary>
/// Makes network inputs of frames on the CPU: the twin of <c>shaders/image/image_to_tensor.comp</c>, with the same
/// weights and the same order of operations. Allocates only when the format of the frames changes. Not thread-safe.
/// </summary>
/// <remarks>
/// Row by row: a row is read as four floats a pixel (red, green, blue, 0), narrowed to the input's width with the three colours
/// in the lanes of one vector, and kept as three planes, over which rows are then blended with pixels in the lanes.
/// </remarks>
/// <param name="preprocessing">What to do with the frames.</param>
/// <exception cref="ArgumentException">The preprocessing is impossible.</exception>
public sealed class ImageToTensor(Preprocessing preprocessing)
{
    private const int Lanes = FramePixels.Lanes, Colors = 3;

    private readonly Preprocessing _preprocessing = Validated(preprocessing);
    private readonly float[] _rows = preprocessing.ColorRows();
    private FrameFormat _format;
    private FrameGeometry _geometry;
    private ResampleAxis? _x;
    private ResampleAxis? _y;
    private float[] _row = [];
    private float[] _narrowed = [];
    private float[] _blended = [];

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
        Narrow(pixels);
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
        _row = new float[map.Upright.Width * Lanes];
        _narrowed = new float[Colors * SeenRows * map.Content.Width];
        _blended = new float[Colors * map.Content.Width];
    }

    // Rows of the upright picture that weigh anything: fewer than all where the picture is cropped to the input's proportions.
    private int FirstRow => _y!.First[0];

    private int SeenRows => _y!.First[^1] + _y.Taps - FirstRow;

    /// <summary>Along x first: a row is used by several output rows.</summary>
    private void Narrow(ReadOnlySpan<byte> pixels)
    {
        var steps = Mapping.PixelSteps;
        int width = Mapping.Content.Width, plane = SeenRows * width;
        for (int i = 0; i < SeenRows; i++)
        {
            int y = FirstRow + i;
            FramePixels.ReadLine(pixels, _format, steps.OriginX + (y * steps.XPerY), steps.OriginY + (y * steps.YPerY), steps.XPerX, steps.YPerX, _row);
            for (int x = 0; x < width; x++)
            {
                var sum = Vector128<float>.Zero;
                var weights = _x!.Weights(x);
                var taps = _row.AsSpan(_x.First[x] * Lanes, weights.Length * Lanes);
                for (int k = 0; k < weights.Length; k++)
                    sum += Vector128.Create(weights[k]) * Vector128.Create<float>(taps.Slice(k * Lanes, Lanes));
                int at = (i * width) + x;
                (_narrowed[at], _narrowed[plane + at], _narrowed[(2 * plane) + at]) = (sum[0], sum[1], sum[2]);
            }
        }
    }

    private void Write(Span<float> destination, int channels)
    {
        var map = Mapping;
        int area = map.Input.Height * map.Input.Width;
        var border = _preprocessing.UnitBorder;
        for (int c = 0; c < channels; c++)
        {
            var row = _rows.AsSpan(c * 4, 4);
            float outside = (row[0] * (float)border.R) + (row[1] * (float)border.G) + (row[2] * (float)border.B) + row[3];
            if (map.Content != map.Input)
                destination.Slice(c * area, area).Fill(outside);
        }

        for (int y = 0; y < map.Content.Height; y++)
        {
            Blend(y);
            for (int c = 0; c < channels; c++)
                Mix(destination.Slice((c * area) + ((map.ContentTop + y) * map.Input.Width) + map.ContentLeft, map.Content.Width), _rows.AsSpan(c * 4, 4));
        }
    }

    private void Blend(int y)
    {
        int width = Mapping.Content.Width, plane = SeenRows * width;
        var weights = _y!.Weights(y);
        int first = _y.First[y] - FirstRow;
        _blended.AsSpan().Clear();
        for (int color = 0; color < Colors; color++)
        {
            var sum = _blended.AsSpan(color * width, width);
            for (int k = 0; k < weights.Length; k++)
                AddScaled(_narrowed.AsSpan((color * plane) + ((first + k) * width), width), weights[k], sum);
        }
    }

    // Product and sum are rounded one after the other, as on the GPU and in Narrow.
    private static void AddScaled(ReadOnlySpan<float> row, float weight, Span<float> sum)
    {
        int x = 0;
        for (; x <= row.Length - Vector<float>.Count; x += Vector<float>.Count)
            (new Vector<float>(sum[x..]) + (new Vector<float>(row[x..]) * weight)).CopyTo(sum[x..]);
        for (; x < row.Length; x++)
            sum[x] += row[x] * weight;
    }

    private void Mix(Span<float> output, ReadOnlySpan<float> factors)
    {
        int width = output.Length;
        ReadOnlySpan<float> r = _blended.AsSpan(0, width), g = _blended.AsSpan(width, width), b = _blended.AsSpan(2 * width, width);
        int x = 0;
        for (; x <= width - Vector<float>.Count; x += Vector<float>.Count)
        {
            var mixed = (new Vector<float>(r[x..]) * factors[0]) + (new Vector<float>(g[x..]) * factors[1]) + (new Vector<float>(b[x..]) * factors[2]);
            (mixed + new Vector<float>(factors[3])).CopyTo(output[x..]);
        }

        for (; x < width; x++)
            output[x] = (factors[0] * r[x]) + (factors[1] * g[x]) + (factors[2] * b[x]) + factors[3];
    }
}
