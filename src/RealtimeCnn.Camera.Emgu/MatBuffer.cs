using Emgu.CV;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera.Emgu;

/// <summary>A <see cref="Mat"/>'s memory as that of a frame.</summary>
/// <param name="mat">Rows without padding.</param>
/// <param name="bytes">Size of its pixels.</param>
/// <param name="owners">What goes with the frame, in this order.</param>
internal sealed unsafe class MatBuffer(Mat mat, int bytes, IDisposable[] owners) : FrameBuffer
{
    private const int Alignment = 64;

    private readonly byte* _address = (byte*)mat.DataPointer;

    public override byte* Address => _address;

    public override int Length => bytes;

    /// <summary>Whether a picture begins where a <see cref="FrameBuffer"/> may; a part of another one often does not.</summary>
    public static bool Fits(Mat mat) => mat.DataPointer % Alignment == 0;

    public override void Release()
    {
        foreach (var owner in owners)
            owner.Dispose();
    }
}
