using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Live;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Drawing;

/// <summary>A picture of the user's as a texture that covers the pixels it lies behind. Made where picture or size change; else nothing is allocated.</summary>
internal sealed unsafe class GpuBackdropPicture(GlDevice device) : IDisposable
{
    private GpuTexture? _texture;
    private PixelPicture? _picture;

    /// <summary>The picture's largest centred part that has the proportions of a size, in as many texels.</summary>
    /// <exception cref="GlException">The device cannot take so many.</exception>
    public GpuTexture Of(PixelPicture picture, Size2d size)
    {
        if (_texture != null && ReferenceEquals(picture, _picture) && (_texture.Width, _texture.Height) == (size.Width, size.Height))
            return _texture;
        Dispose();
        _texture = Make(picture, size);
        _picture = picture;
        return _texture;
    }

    public void Dispose()
    {
        _texture?.Dispose();
        (_texture, _picture) = (null, null);
    }

    // As the CPU reads frames, then as networks' pictures become textures.
    private GpuTexture Make(PixelPicture picture, Size2d size)
    {
        var preprocessing = new Preprocessing { Size = size, Fit = FitMode.Crop };
        using var shrink = new GpuImageToTensor(device, preprocessing);
        using var uploader = new FrameUploader(device);
        using var numbers = new GpuBuffer(device, (long)size.Height * size.Width * 16, "backdrop");
        using var view = new GpuBufferView(numbers, 0, numbers.Bytes);
        using var pool = new FramePool(1);
        using (var frame = new Frame(pool.TryRent(picture.Format.Bytes)!, picture.Format, default, 0, picture.Geometry))
        {
            picture.Bytes.CopyTo(frame.Buffer.Bytes);
            var uploaded = uploader.TryUpload(frame)!;
            shrink.Run(uploaded, numbers);
            uploaded.Release();
        }

        var texture = new GpuTexture(device, size.Width, size.Height, GL_RGBA8, "backdrop");
        var kernel = TextureKernel.Of(new OutputTexture("backdrop") { Head = new PictureHead() }, preprocessing.Shape, Layout.Blocked);
        var program = kernel.Program(device);
        program.Use();
        kernel.SetUniforms(device.Gl, default);
        view.Bind(1);
        device.Gl.BindImageTexture(0, texture.Id, 0, 0, 0, GL_WRITE_ONLY, texture.InternalFormat);
        program.Dispatch(new Extent3d(size.Width, size.Height, 1));
        device.TensorBarrier();
        return texture;
    }
}
