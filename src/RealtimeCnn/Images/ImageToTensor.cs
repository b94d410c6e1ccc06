namespace RealtimeCnn.Images;

/// <summary>
/// Makes network inputs of frames on the CPU: the twin of <c>shaders/image/image_to_tensor.comp</c>, with the same
/// weights, added up in another order: rows of the frame first, because their pixels lie side by side in vectors. Allocates only when
/// the format of the frames changes. Not thread-safe.
/// </summary>
public sealed class ImageToTensor
{
    private readonly Preprocessing _preprocessing;
    private readonly float[] _work;

    /// <param name="preprocessing">What to do with the frames.</param>
    /// <exception cref="ArgumentException">The preprocessing is impossible.</exception>
    public ImageToTensor(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        preprocessing.Validate();
        _preprocessing = preprocessing;
        Reader = new FrameReader(preprocessing);
        _work = new float[FramePlanes.WorkFloats(Math.Max(preprocessing.Size.Width, preprocessing.Size.Height), preprocessing.Shape.Channels)];
    }

    /// <summary>Where the input's places lie in the frame that was converted last.</summary>
    public PictureMapping Mapping => Reader.Mapping;

    /// <summary>Shape of the input for one frame.</summary>
    internal Shape Shape => _preprocessing.Shape;

    /// <summary>Reads the frames.</summary>
    internal FrameReader Reader { get; }

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
    public unsafe void Run(ReadOnlySpan<byte> pixels, FrameFormat format, FrameGeometry geometry, Tensor destination, int item = 0)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Shape shape = destination.Shape, one = Shape;
        if (shape.Rank != 4 || (shape.Channels, shape.Height, shape.Width) != (one.Channels, one.Height, one.Width) || (uint)item >= (uint)shape.Batch)
            throw new ArgumentException($"Item {item} of a tensor {shape} cannot take an input of shape {one}.");
        Reader.Prepare(pixels.Length, format, geometry);
        fixed (byte* frame = pixels)
        fixed (float* tensor = destination.Span, work = _work)
        {
            var rows = Reader.Rows(frame);
            FramePlanes.Write(rows, 0, rows.Down.Length, tensor + ((nint)item * one.Count), work);
        }
    }
}
