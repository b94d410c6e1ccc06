using RealtimeCnn.Drawing;
using RealtimeCnn.Images;

namespace RealtimeCnn.OpenGL.Drawing;

/// <summary>A picture shrunk on the GPU, for a blurred backdrop. Allocates only when the size changes.</summary>
internal sealed class GpuShrunkenPicture(GlDevice device) : IDisposable
{
    private GpuImageToTensor? _shrink;
    private GpuBuffer? _buffer;
    private GpuBufferView? _view;
    private GpuTensor? _tensor;
    private Size2d _size;

    /// <summary>Shrinks a picture now.</summary>
    public GpuTensor Of(FrameTexture picture, Backdrop backdrop)
    {
        var size = backdrop.GridOf(picture.Upright);
        if (_tensor is null || size != _size)
        {
            Dispose();
            var preprocessing = new Preprocessing { Size = size };
            _shrink = new GpuImageToTensor(device, preprocessing);
            _buffer = new GpuBuffer(device, (long)size.Height * size.Width * 16, "shrunken picture");
            _view = new GpuBufferView(_buffer, 0, _buffer.Bytes);
            _tensor = new GpuTensor(device, _view, preprocessing.Shape);
            _size = size;
        }

        _shrink!.Run(picture, _buffer!);
        return _tensor;
    }

    public void Dispose()
    {
        _shrink?.Dispose();
        _tensor?.Dispose();
        _view?.Dispose();
        _buffer?.Dispose();
        (_shrink, _tensor, _view, _buffer) = (null, null, null, null);
    }
}
