using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Images;

/// <summary>One frame and what becomes of it; the CPU and the GPU path run the same list.</summary>
public sealed record PreprocessingCase(string Name, FrameFormat Format, FrameGeometry Geometry, Preprocessing Preprocessing)
{
    /// <summary>Every byte value occurs, neighbours differ, and the seed is fixed.</summary>
    public byte[] Pixels()
    {
        var pixels = new byte[Format.Bytes];
        new Random(20).NextBytes(pixels);
        return pixels;
    }

    public override string ToString() => Name;
}

/// <summary>Awkward sizes on purpose: 1, primes, enlarging, shrinking, barely either.</summary>
public static class PreprocessingCases
{
    public static IReadOnlyList<PreprocessingCase> All { get; } = [.. Formats(), .. Sizes(), .. Geometries(), .. Colors()];

    public static TheoryData<string> Names => [.. All.Select(one => one.Name)];

    public static PreprocessingCase Get(string name) => All.Single(one => one.Name == name);

    private static IEnumerable<PreprocessingCase> Formats() =>
        from pixels in Enum.GetValues<PixelFormat>()
        from matrix in Enum.GetValues<YuvMatrix>()
        from range in Enum.GetValues<YuvRange>()
        where pixels is PixelFormat.Yuyv or PixelFormat.Nv12 || (matrix == YuvMatrix.Bt601 && range == YuvRange.Limited)
        from crop in (PictureRegion?[])[null, new(3, 1, 17, 12)]
        select new PreprocessingCase(
            $"{pixels} {matrix} {range}{(crop == null ? "" : " cropped")}", new(22, 14, pixels, matrix, range), new() { Crop = crop }, new() { Size = new(7, 9) });

    private static IEnumerable<PreprocessingCase> Sizes()
    {
        (int Width, int Height, Size2d Size)[] sizes =
            [(1, 1, 1), (1, 1, new(3, 5)), (37, 23, 1), (2, 1, new(1, 2)), (5, 3, new(13, 17)), (31, 17, new(17, 31)), (64, 48, new(48, 64)), (65, 49, new(64, 64)), (101, 7, new(9, 10))];
        return from size in sizes
               from fit in Enum.GetValues<FitMode>()
               select new PreprocessingCase(
                   $"{size.Width}x{size.Height} to {size.Size.Width}x{size.Size.Height} {fit}", new(size.Width, size.Height, PixelFormat.Rgb), default,
                   new() { Size = size.Size, Fit = fit, Border = new(25, 51, 77) });
    }

    private static IEnumerable<PreprocessingCase> Geometries() =>
        from rotation in Enum.GetValues<Rotation>()
        from mirrored in (bool[])[false, true]
        from fit in Enum.GetValues<FitMode>()
        from crop in (PictureRegion?[])[null, new(3, 1, 13, 9)]
        select new PreprocessingCase(
            $"{rotation} {(mirrored ? "mirrored " : "")}{(crop == null ? "" : "cropped ")}{fit}", new(20, 11, PixelFormat.Bgr), new(rotation, mirrored) { Crop = crop },
            new() { Size = new(9, 7), Fit = fit });

    private static IEnumerable<PreprocessingCase> Colors() =>
        from order in Enum.GetValues<ColorOrder>()
        select new PreprocessingCase($"normalised {order}", new(19, 12, PixelFormat.Rgba), default, Preprocessing.ImageNet(new(8, 8)) with { Order = order });
}
