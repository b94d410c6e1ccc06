using System.Buffers.Binary;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

public sealed class PhotographTests : IDisposable
{
    private readonly MediaFiles _media = new();

    public void Dispose() => _media.Dispose();

    // The stored picture is 48×32: red top left, green top right, blue bottom left, white bottom right. For each
    // orientation, the corners of the upright picture in reading order, as a viewer must see them (Exif 2.32, 4.6.4).
    [Theory]
    [InlineData(1, 48, 32, "RGBW")]
    [InlineData(2, 48, 32, "GRWB")]
    [InlineData(3, 48, 32, "WBGR")]
    [InlineData(4, 48, 32, "BWRG")]
    [InlineData(5, 32, 48, "RBGW")]
    [InlineData(6, 32, 48, "BRWG")]
    [InlineData(7, 32, 48, "WGBR")]
    [InlineData(8, 32, 48, "GWRB")]
    public void A_jpeg_comes_upright(int orientation, int width, int height, string corners)
    {
        string path = _media.PathOf("turned.jpg");
        File.WriteAllBytes(path, WithOrientation(File.ReadAllBytes(Quadrants("stored.jpg", "-q:v", "1", "-pix_fmt", "yuvj444p")), orientation));
        using var frame = Photograph.Load(path);
        Assert.Equal(new FrameFormat(width, height, PixelFormat.Rgb), frame.Format);
        Assert.Equal(corners, Corners(frame));
    }

    [Theory]
    [InlineData("picture.png")]
    [InlineData("picture.bmp")]
    [InlineData("picture.webp")]
    [InlineData("picture.tiff")]
    public void Other_formats_come_through_ffmpeg(string name)
    {
        using var frame = Photograph.Load(Quadrants(name, name.EndsWith("webp", StringComparison.Ordinal) ? ["-lossless", "1"] : []));
        Assert.Equal(new FrameFormat(48, 32, PixelFormat.Rgb), frame.Format);
        Assert.Equal("RGBW", Corners(frame));
    }

    [Fact]
    public void An_odd_size_keeps_its_last_row_and_column()
    {
        string path = _media.PathOf("odd.png");
        MediaFiles.Ffmpeg("-f", "lavfi", "-i", "color=c=red:s=31x17,format=rgb24", "-frames:v", "1", path);
        using var frame = Photograph.Load(path);
        Assert.Equal((31, 17), (frame.Format.Width, frame.Format.Height));
    }

    [Fact]
    public void A_missing_file_is_named() => Says("no file", Path.Combine(_media.Folder, "none.jpg"));

    [Fact]
    public void A_folder_is_no_picture() => Says("folder", _media.Folder);

    [Fact]
    public void An_empty_file_is_no_picture() => Says("empty", Write("empty.png", []));

    [Fact]
    public void A_text_is_no_picture() => Says("not a video or picture", Write("text.png", "Call me Ishmael."u8.ToArray()));

    [Fact]
    public void A_jpeg_cut_short_is_damaged()
    {
        byte[] whole = File.ReadAllBytes(Quadrants("whole.jpg"));
        Says("not a whole JPEG", Write("cut.jpg", whole[..(whole.Length / 2)]));
        Says("not a whole JPEG", Write("head.jpg", whole[..20]));
    }

    [Fact]
    public void A_folder_comes_in_the_order_of_names_and_its_damaged_file_is_skipped_and_counted()
    {
        string folder = Directory.CreateDirectory(_media.PathOf("album")).FullName;
        foreach (var (name, size) in ((string, int)[])[("b.png", 20), ("a.png", 10), ("d.png", 40)])
            MediaFiles.Ffmpeg("-f", "lavfi", "-i", $"color=c=red:s={size}x{size}", "-frames:v", "1", Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, "c.jpg"), "no picture");
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "not even by name");
        using var source = new ImageSource(folder, TimeSpan.FromMilliseconds(40));
        source.Start(FrameDelivery.Every);
        List<(int Width, double Time)> seen = [];
        while (source.Take(TimeSpan.FromSeconds(30)) is { } frame)
        {
            using (frame)
                seen.Add((frame.Format.Width, frame.Timestamp.TotalMilliseconds));
        }

        Assert.Equal([10, 20, 40], seen.Select(frame => frame.Width));
        Assert.Equal([0, 40, 80], seen.Select(frame => Math.Round(frame.Time - seen[0].Time)));
        Assert.Equal((SourceState.Ended, false, 1), (source.Status.State, source.Status.Faulted, source.Status.FramesCorrupt));
    }

    [Fact]
    public void A_looped_picture_keeps_coming()
    {
        using var source = new ImageSource(Quadrants("one.png"), TimeSpan.FromMilliseconds(1), loop: true);
        source.Start(FrameDelivery.Every);
        for (int i = 0; i < 3; i++)
        {
            using var frame = source.Take(TimeSpan.FromSeconds(30));
            Assert.Equal(i, frame?.Sequence);
        }
    }

    private string Quadrants(string name, params string[] encoder)
    {
        string path = _media.PathOf(name);
        MediaFiles.Ffmpeg([
            "-f", "lavfi", "-i", "color=c=red:s=24x16", "-f", "lavfi", "-i", "color=c=0x00FF00:s=24x16", "-f", "lavfi", "-i", "color=c=blue:s=24x16", "-f", "lavfi", "-i", "color=c=white:s=24x16",
            "-filter_complex", "[0]format=gbrp[r];[1]format=gbrp[g];[2]format=gbrp[b];[3]format=gbrp[w];[r][g]hstack[t];[b][w]hstack[u];[t][u]vstack",
            "-frames:v", "1", .. encoder, path]);
        return path;
    }

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_media.PathOf(name), bytes);
        return _media.PathOf(name);
    }

    private static void Says(string words, string path)
    {
        var error = Assert.Throws<CameraException>(() => Photograph.Load(path));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(path), error.Message, StringComparison.Ordinal);
    }

    private static string Corners(Frame frame)
    {
        var (width, height) = (frame.Format.Width, frame.Format.Height);
        string corners = "";
        foreach (var (x, y) in ((int, int)[])[(4, 4), (width - 5, 4), (4, height - 5), (width - 5, height - 5)])
        {
            var pixel = frame.Pixels.Slice(((y * width) + x) * 3, 3);
            corners += (pixel[0] > 128, pixel[1] > 128, pixel[2] > 128) switch
            {
                (true, false, false) => 'R',
                (false, true, false) => 'G',
                (false, false, true) => 'B',
                (true, true, true) => 'W',
                _ => '?',
            };
        }

        return corners;
    }

    // Exif in big-endian order, with an unrelated tag before the orientation.
    private static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 0, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 2,
            0x01, 0x00, 0, 3, 0, 0, 0, 1, 0, 48, 0, 0,
            0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
            0, 0, 0, 0,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(exif.AsSpan(2), (ushort)(exif.Length - 2));
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
