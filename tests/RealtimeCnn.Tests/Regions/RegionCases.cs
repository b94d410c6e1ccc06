using RealtimeCnn.Images;
using RealtimeCnn.Regions;
using RealtimeCnn.Tests.Images;

namespace RealtimeCnn.Tests.Regions;

/// <summary>A region of a frame and what becomes of it; the CPU and the GPU path run the same list.</summary>
public sealed record RegionCase(PreprocessingCase Picture, RegionOfInterest Region)
{
    public string Name => $"{Picture.Name}, {Region}";
}

/// <summary>Turned by nothing, quarters and anything; enlarged, shrunk, and so far shrunk that not each pixel is read; over every edge and far outside.</summary>
public static class RegionCases
{
    private static readonly RegionOfInterest Leaning = new(9.3f, 7.8f, 13, 11, 0.7f);

    public static IReadOnlyList<RegionCase> All { get; } = [.. Formats(), .. Turns(), .. Sizes(), .. Geometries(), .. Colors()];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, All.Count)];

    private static IEnumerable<RegionCase> Formats() =>
        from pixels in Enum.GetValues<PixelFormat>()
        from matrix in Enum.GetValues<YuvMatrix>()
        from range in Enum.GetValues<YuvRange>()
        where pixels is PixelFormat.Yuyv or PixelFormat.Nv12 || (matrix == YuvMatrix.Bt601 && range == YuvRange.Limited)
        from width in (int[])[22, 24]
        select new RegionCase(new PreprocessingCase($"{pixels} {matrix} {range} {width}", new(width, 14, pixels, matrix, range), default, new() { Size = new(7, 9) }), Leaning);

    private static IEnumerable<RegionCase> Turns() =>
        from angle in (float[])[0, MathF.PI / 2, MathF.PI, -MathF.PI / 2, 0.01f, MathF.PI / 4, 2.5f, -3.1f]
        select new RegionCase(Of(23, 17, new() { Size = new(6, 8), Border = new(10, 200, 90) }), Leaning with { Angle = angle });

    private static IEnumerable<RegionCase> Sizes() =>
        from region in (RegionOfInterest[])[
            new(11.5f, 8.5f, 1, 1, 0.3f), new(11.5f, 8.5f, 3, 2, -1), new(0, 0, 12, 12, 0.3f), new(23, 17, 60, 60, 0.2f), new(12, 8, 100, 20, 1), new(-90, 8, 30, 30, 0.5f), new(11, 9, 300, 220, 0.4f)]
        from fit in Enum.GetValues<FitMode>()
        select new RegionCase(Of(23, 17, new() { Size = new(6, 8), Fit = fit, Border = 127.5 }), region);

    private static IEnumerable<RegionCase> Geometries() =>
        from rotation in Enum.GetValues<Rotation>()
        from mirrored in (bool[])[false, true]
        from crop in (PictureRegion?[])[null, new(3, 1, 13, 9)]
        from side in (float[])[8, 90]
        select new RegionCase(new PreprocessingCase($"{rotation} {mirrored} {crop}", new(20, 11, PixelFormat.Bgr), new(rotation, mirrored) { Crop = crop }, new() { Size = new(5, 7), Border = 60 }), new(6.2f, 5.1f, side, side, 0.4f));

    private static IEnumerable<RegionCase> Colors() =>
        from order in Enum.GetValues<ColorOrder>()
        select new RegionCase(new PreprocessingCase($"normalised {order}", new(19, 12, PixelFormat.Rgba), default, Preprocessing.ImageNet(new(8, 8)) with { Order = order, Border = 30 }), Leaning);

    private static PreprocessingCase Of(int width, int height, Preprocessing preprocessing) => new($"{width}x{height} {preprocessing.Fit}", new(width, height, PixelFormat.Rgb), default, preprocessing);
}
