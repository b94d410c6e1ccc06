using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Images;

public class PictureMappingTests
{
    public static TheoryData<Rotation, bool, FitMode, bool> Combinations
    {
        get
        {
            var data = new TheoryData<Rotation, bool, FitMode, bool>();
            foreach (var rotation in Enum.GetValues<Rotation>())
            foreach (var fit in Enum.GetValues<FitMode>())
            foreach (bool mirrored in (bool[])[false, true])
            foreach (bool cropped in (bool[])[false, true])
                data.Add(rotation, mirrored, fit, cropped);

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void There_and_back_is_where_it_was(Rotation rotation, bool mirrored, FitMode fit, bool cropped)
    {
        var map = new PictureMapping(new(480, 640), new(rotation, mirrored) { Crop = cropped ? new(17, 30, 301, 402) : null }, new(224, 192), fit);
        foreach (var point in (PicturePoint[])[new(0, 0), new(0.5, 0.5), new(17.25, 190.125), new(192, 224)])
        {
            Near(point, map.FromStored(map.ToStored(point)), 1e-10);
            Near(point, map.FromUpright(map.ToUpright(point)), 1e-10);

            // In a picture of three times the width and half the height.
            var upright = map.ToUpright(point);
            Near(new(upright.X * 3, upright.Y / 2), map.ToPicture(point, new(map.Upright.Height / 2, map.Upright.Width * 3)), 1e-6 + (map.Upright.Height % 2));
        }

        Assert.Equal(new FrameGeometry(rotation, mirrored) { Crop = cropped ? new(17, 30, 301, 402) : null }, map.Geometry);
    }

    /// <summary>One bright pixel of a large frame, seen through the resized input, has its centre of light where the mapping says.</summary>
    [Theory]
    [MemberData(nameof(Combinations))]
    public void The_mapping_is_that_of_the_pixels(Rotation rotation, bool mirrored, FitMode fit, bool cropped)
    {
        var format = new FrameFormat(96, 64, PixelFormat.Gray);
        var converter = new ImageToTensor(new() { Size = new(24, 20), Fit = fit });
        using var tensor = new Tensor(new Shape(1, 3, 24, 20));
        var pixels = new byte[format.Bytes];
        const int X = 54, Y = 25;
        pixels[(Y * 96) + X] = 255;
        converter.Run(pixels, format, new(rotation, mirrored) { Crop = cropped ? new(20, 5, 70, 51) : null }, tensor);

        double light = 0, x = 0, y = 0;
        for (int i = 0; i < 24; i++)
        for (int j = 0; j < 20; j++)
        {
            light += tensor[0, 0, i, j];
            x += tensor[0, 0, i, j] * (j + 0.5);
            y += tensor[0, 0, i, j] * (i + 0.5);
        }

        // The triangle of one tap is sampled at whole input pixels, which moves the centre by a fraction of a pixel.
        Near(converter.Mapping.FromStored(new(X + 0.5, Y + 0.5)), new(x / light, y / light), 0.1);
    }

    [Fact]
    public void Letterbox_keeps_proportions_and_centres_whole_pixels()
    {
        var map = new PictureMapping(new(480, 640), default, new(320, 320), FitMode.Letterbox);
        Assert.Equal((0, 40, new Size2d(240, 320)), (map.ContentLeft, map.ContentTop, map.Content));
        Near(new(0, 0), map.ToStored(new(0, 40)), 1e-12);
        Near(new(640, 480), map.ToStored(new(320, 280)), 1e-12);
    }

    [Fact]
    public void Crop_takes_the_centre()
    {
        var map = new PictureMapping(new(480, 640), default, new(224, 224), FitMode.Crop);
        Near(new(80, 0), map.ToStored(new(0, 0)), 1e-12);
        Near(new(560, 480), map.ToStored(new(224, 224)), 1e-12);
    }

    [Fact]
    public void A_quarter_turn_clockwise_moves_the_stored_bottom_left_to_the_top_left()
    {
        var map = new PictureMapping(new(480, 640), new(Rotation.Clockwise90, false), new(640, 480), FitMode.Stretch);
        Assert.Equal(new Size2d(640, 480), map.Upright);
        Near(new(0, 480), map.ToStored(new(0, 0)), 1e-12);
        Near(new(640, 480), map.ToStored(new(0, 640)), 1e-12);
        var mirrored = new PictureMapping(new(480, 640), new(Rotation.Clockwise90, true), new(640, 480), FitMode.Stretch);
        Near(new(0, 0), mirrored.ToStored(new(0, 0)), 1e-12);
    }

    /// <summary>A crop is as if the camera had stored nothing else, but places keep the coordinates of what it stored.</summary>
    [Fact]
    public void A_crop_is_seen_whole_and_its_places_are_those_of_the_whole_picture()
    {
        var map = new PictureMapping(new(480, 640), new(Rotation.Clockwise90, true) { Crop = new(100, 40, 200, 300) }, new(200, 300), FitMode.Stretch);
        Assert.Equal((new Size2d(480, 640), new Size2d(200, 300)), (map.Stored, map.Upright));
        Near(new(100, 40), map.ToStored(new(0, 0)), 1e-12);
        Near(new(300, 340), map.ToStored(new(300, 200)), 1e-12);
    }

    [Theory]
    [InlineData(-1, 0, 10, 10)]
    [InlineData(0, 471, 10, 10)]
    [InlineData(631, 0, 10, 10)]
    [InlineData(0, 0, 0, 10)]
    [InlineData(0, 0, int.MaxValue, 10)]
    public void A_crop_outside_the_picture_is_refused_with_both(int left, int top, int width, int height)
    {
        var geometry = new FrameGeometry { Crop = new(left, top, width, height) };
        var problem = Assert.Throws<ArgumentException>(() => new PictureMapping(new(480, 640), geometry, 3, FitMode.Stretch));
        Assert.Contains($"{width}×{height} at ({left}, {top})", problem.Message, StringComparison.Ordinal);
        Assert.Contains("640×480", problem.Message, StringComparison.Ordinal);
        using var pool = new FramePool(1);
        var format = new FrameFormat(640, 480, PixelFormat.Gray);
        var buffer = pool.TryRent(format.Bytes)!;
        Assert.Throws<ArgumentException>(() => new Frame(buffer, format, default, 0, geometry));
        buffer.Release();
    }

    [Fact]
    public void An_impossible_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => new PictureMapping(new(0, 3), default, 3, FitMode.Stretch));

    private static void Near(PicturePoint expected, PicturePoint actual, double tolerance)
    {
        Assert.Equal(expected.X, actual.X, tolerance);
        Assert.Equal(expected.Y, actual.Y, tolerance);
    }
}
