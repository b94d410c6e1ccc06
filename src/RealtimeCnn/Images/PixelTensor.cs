namespace RealtimeCnn.Images;

/// <summary>The step between pictures of 8 bits a sample and tensors of numbers in [0, 1], without resizing.</summary>
public static class PixelTensor
{
    /// <summary>A picture as a tensor: <c>x[0, c, h, w] = sample / 255</c>. Shape: <c>[1, C, H, W]</c>, C = 1 for gray, else 3 in the order red, green, blue; alpha is left out.</summary>
    /// <param name="pixels">Tightly packed rows, row 0 at the top.</param>
    /// <param name="format">Size and layout; not YUV.</param>
    /// <exception cref="ArgumentException">The format is YUV, or does not fit the number of bytes.</exception>
    public static Tensor FromPixels(ReadOnlySpan<byte> pixels, FrameFormat format)
    {
        format.Validate();
        if (pixels.Length != format.Bytes)
            throw new ArgumentException($"A picture of {format} has {format.Bytes} bytes; {pixels.Length} were given.");
        ReadOnlySpan<int> order = format.Pixels switch
        {
            PixelFormat.Gray => [0],
            PixelFormat.Rgb or PixelFormat.Rgba => [0, 1, 2],
            PixelFormat.Bgr or PixelFormat.Bgra => [2, 1, 0],
            _ => throw new ArgumentException($"A picture of {format.Pixels} must be converted to RGB first."),
        };
        int step = format.RowBytes / format.Width, area = format.Width * format.Height;
        var tensor = new Tensor(new Shape(1, order.Length, format.Height, format.Width));
        for (int channel = 0; channel < order.Length; channel++)
        {
            var plane = tensor.Span.Slice(channel * area, area);
            for (int i = 0; i < area; i++)
                plane[i] = pixels[(i * step) + order[channel]] / 255f;
        }

        return tensor;
    }

    /// <summary>A tensor as a picture: <c>sample = round(255 · clamp(x, 0, 1))</c>, NaN as 0.</summary>
    /// <param name="tensor"><c>[1, C, H, W]</c> with C = 1 (gray) or 3 (red, green, blue).</param>
    /// <returns>Tightly packed rows, and their format: <see cref="PixelFormat.Gray"/> or <see cref="PixelFormat.Rgb"/>.</returns>
    /// <exception cref="ShapeException">The tensor is not one picture.</exception>
    public static (byte[] Pixels, FrameFormat Format) ToPixels(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var shape = tensor.Shape;
        if (shape.Rank != 4 || shape.Batch != 1 || shape.Channels is not (1 or 3))
            throw new ShapeException($"A picture is a tensor [1, 1 or 3, H, W]; this one is {shape}.");
        int channels = shape.Channels;
        var format = new FrameFormat(shape.Width, shape.Height, channels == 1 ? PixelFormat.Gray : PixelFormat.Rgb);
        byte[] pixels = new byte[format.Bytes];
        for (int channel = 0; channel < channels; channel++)
        {
            var plane = tensor.Span.Slice(channel * shape.Area, shape.Area);
            for (int i = 0; i < plane.Length; i++)
            {
                float value = plane[i] * 255;
                pixels[(i * channels) + channel] = float.IsNaN(value) ? (byte)0 : (byte)MathF.Round(Math.Clamp(value, 0, 255));
            }
        }

        return (pixels, format);
    }
}
