using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.SelfTests;

/// <summary>One frame in memory on its way to a network's input on a device, again and again: what benchmarks time.</summary>
internal sealed class PictureRun : IDisposable
{
    private readonly FramePool _pool = new(1);
    private readonly GlDevice _device;
    private readonly Frame _frame;
    private readonly FrameUploader _uploader;
    private readonly GpuImageToTensor _converter;
    private readonly GpuBuffer _output;

    /// <summary>A frame of noise.</summary>
    /// <param name="device">Where its tensor is made.</param>
    /// <param name="format">Of the frame.</param>
    /// <param name="preprocessing">What becomes of it.</param>
    public PictureRun(GlDevice device, FrameFormat format, Preprocessing preprocessing)
    {
        _device = device;
        _frame = new Frame(_pool.TryRent(format.Bytes)!, format, default, 0);
        new Random(1).NextBytes(_frame.Buffer.Bytes[..format.Bytes]);
        _uploader = new FrameUploader(device);
        _converter = new GpuImageToTensor(device, preprocessing);
        _output = new GpuBuffer(device, preprocessing.Shape.Area * 4L * sizeof(float), "input");
    }

    /// <summary>Uploads the frame and makes the tensor; waits for it.</summary>
    public void Run()
    {
        var picture = _uploader.TryUpload(_frame) ?? throw new InvalidOperationException("Every texture is in use, though nothing is under way.");
        _converter.Run(picture, _output);
        picture.Release();
        _device.Finish();
    }

    public void Dispose()
    {
        _output.Dispose();
        _converter.Dispose();
        _frame.Dispose();
        _uploader.Dispose();
        _pool.Dispose();
    }
}
