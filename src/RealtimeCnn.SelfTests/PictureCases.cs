using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Regions;

namespace RealtimeCnn.SelfTests;

/// <summary>A camera frame whose network input on the GPU is compared with that on the CPU.</summary>
/// <param name="Name">Unique; says what is special.</param>
/// <param name="Format">Of the frame.</param>
/// <param name="Geometry">Of the frame.</param>
/// <param name="Preprocessing">What becomes of it.</param>
internal sealed record PictureCase(string Name, FrameFormat Format, FrameGeometry Geometry, Preprocessing Preprocessing)
{
    /// <summary>What is seen of it; null for all.</summary>
    public RegionOfInterest? Region { get; init; }

    /// <summary>The shaders that compute it, in order.</summary>
    public IReadOnlyList<string> Shaders(GlDevice device) => Region == null ? GpuImageToTensor.Shaders(Preprocessing.Map(Format, Geometry), device) : [GpuRegionToTensor.Shader];
}

/// <summary>Every format that cameras deliver, shrunk and enlarged, cropped, turned and mirrored.</summary>
internal static class PictureCases
{
    public static IReadOnlyList<PictureCase> All { get; } = [.. Formats(), .. Turns(), .. Sizes(), .. Regions()];

    private static IEnumerable<PictureCase> Formats() =>
        from pixels in Enum.GetValues<PixelFormat>()
        from matrix in Enum.GetValues<YuvMatrix>()
        from range in Enum.GetValues<YuvRange>()
        let isYuv = pixels is PixelFormat.Yuyv or PixelFormat.Nv12
        where isYuv || (matrix == default && range == default)
        select new PictureCase(
            isYuv ? $"{pixels} {matrix} {range}" : $"{pixels}", new(46, 34, pixels, matrix, range), new(Rotation.Clockwise90, Mirrored: true) { Crop = new(3, 1, 41, 32) },
            Preprocessing.ImageNet(new Size2d(17, 13)));

    /// <summary>Rows that are whole texels of four bytes, seen in every direction.</summary>
    private static IEnumerable<PictureCase> Turns() =>
        from pixels in new[] { PixelFormat.Gray, PixelFormat.Rgb, PixelFormat.Bgr, PixelFormat.Nv12 }
        from rotation in Enum.GetValues<Rotation>()
        from mirrored in (bool[])[false, true]
        select new PictureCase($"{pixels} of 48 columns, {rotation}{(mirrored ? ", mirrored" : "")}", new(48, 34, pixels), new(rotation, mirrored) { Crop = new(2, 0, 43, 34) }, new() { Size = new Size2d(11, 14), Fit = FitMode.Stretch });

    private static IEnumerable<PictureCase> Sizes() =>
        from fit in Enum.GetValues<FitMode>()
        from size in (int[])[9, 61]
        select new PictureCase($"{fit} to {size}", new(38, 27, PixelFormat.Bgr), default, new() { Size = size, Fit = fit, Border = 127.5 });

    /// <summary>Turned rectangles that reach over an edge, in every format: in rows of whole texels and others, enlarged, shrunk, and shrunk so far that not each pixel is read.</summary>
    private static IEnumerable<PictureCase> Regions() =>
        from pixels in Enum.GetValues<PixelFormat>()
        from width in (int[])[46, 48]
        from side in (float[])[7, 40, 150]
        select new PictureCase($"Region of {side} pixels of {pixels} of {width} columns", new(width, 34, pixels), new(Rotation.Clockwise90, Mirrored: true) { Crop = new(3, 1, 41, 32) }, new() { Size = new Size2d(11, 14), Border = 127.5 })
        {
            Region = new RegionOfInterest(20.25f, 33.5f, side, side * 0.75f, 0.6f),
        };
}
