using RealtimeCnn.Images;

namespace RealtimeCnn.Training.Data;

/// <summary>Makes pictures of one size out of frames of any, rounded to bytes, channel by channel: what a <see cref="PictureSet"/> is made of. One thread at a time.</summary>
public sealed class PictureBytes : IDisposable
{
    private readonly ImageToTensor _resize;
    private readonly Tensor _tensor;

    /// <param name="preprocessing">Size, fit and meaning of the channels; mean and scale are those of pixels from 0 to 255, 0 and 1, whatever it says.</param>
    /// <exception cref="ArgumentException">The preprocessing is impossible.</exception>
    public PictureBytes(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        preprocessing = preprocessing with { Mean = 0, Scale = 1 };
        _resize = new ImageToTensor(preprocessing);
        _tensor = new Tensor(preprocessing.Shape);
    }

    /// <summary>Shape of one picture, <c>[channels, height, width]</c>.</summary>
    public Shape Shape => new(_tensor.Shape[1], _tensor.Shape[2], _tensor.Shape[3]);

    /// <summary>Memory for a number of pictures.</summary>
    /// <exception cref="DataSetException">They do not fit into one array.</exception>
    public byte[] Allocate(int count)
    {
        long bytes = (long)count * Shape.Count;
        return bytes <= Array.MaxLength ? new byte[bytes] : throw new DataSetException($"{count} pictures of {Shape} take {bytes} bytes; at most {Array.MaxLength} fit into memory at once.");
    }

    /// <summary>Writes one picture.</summary>
    /// <param name="frame">The picture's bytes, as <see cref="Frame.Pixels"/> has them.</param>
    /// <param name="format">Their layout.</param>
    /// <param name="geometry">How they are turned and mirrored.</param>
    /// <param name="pixels">Memory of <see cref="Allocate"/>.</param>
    /// <param name="index">Which picture of it.</param>
    public void Write(ReadOnlySpan<byte> frame, FrameFormat format, FrameGeometry geometry, Span<byte> pixels, int index)
    {
        _resize.Run(frame, format, geometry, _tensor);
        var values = _tensor.Span;
        var bytes = pixels.Slice(checked(index * values.Length), values.Length);
        for (int i = 0; i < values.Length; i++)
            bytes[i] = (byte)Math.Clamp(values[i] + 0.5f, 0, 255);
    }

    /// <summary>Frees the memory of the last picture.</summary>
    public void Dispose() => _tensor.Dispose();
}
