using RealtimeCnn.Images;

namespace RealtimeCnn.Studio.Looking;

/// <summary>A frame's bytes, kept while its memory goes back to the source.</summary>
internal sealed class FrameCopy
{
    private byte[] _bytes = [];
    private FrameFormat _format;
    private FrameGeometry _geometry;

    /// <summary>When it was copied; null where there is none.</summary>
    public TimeSpan? CopiedAt { get; private set; }

    /// <summary>Copies a frame.</summary>
    public void Copy(Frame frame)
    {
        var pixels = frame.Pixels;
        if (_bytes.Length < pixels.Length)
            _bytes = new byte[pixels.Length];
        pixels.CopyTo(_bytes);
        (_format, _geometry, CopiedAt) = (frame.Format, frame.Geometry, FrameClock.Now);
    }

    /// <summary>What a network gets of it; the caller's.</summary>
    public Tensor ToTensor(Preprocessing preprocessing)
    {
        var tensor = new Tensor(preprocessing.Shape);
        new ImageToTensor(preprocessing).Run(_bytes.AsSpan(0, _format.Bytes), _format, _geometry, tensor);
        return tensor;
    }
}
