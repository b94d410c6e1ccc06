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
    [InlineData("picture.ppm")]
    [InlineData("picture.tga")]
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
    public void A_text_is_no_picture() => Says("not a picture", Write("text.png", "Call me Ishmael."u8.ToArray()));

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

    [Theory]
    [InlineData("my%20dog.png")]
    [InlineData("cat[1].png")]
    [InlineData("a*?{b}.bmp")]
    [InlineData("100%.webp")]
    [InlineData("-i.png")]
    public void A_name_is_only_a_name(string name)
    {
        string plain = Quadrants("plain" + Path.GetExtension(name), name.EndsWith("webp", StringComparison.Ordinal) ? ["-lossless", "1"] : []);
        File.Move(plain, _media.PathOf(name));
        using var frame = Photograph.Load(_media.PathOf(name));
        Assert.Equal("RGBW", Corners(frame));
    }

    [Theory]
    [InlineData("picture.jpg")]
    [InlineData("picture.png")]
    [InlineData("picture.bmp")]
    [InlineData("picture.webp")]
    [InlineData("picture.tiff")]
    [InlineData("picture.ppm")]
    [InlineData("picture.tga")]
    [InlineData("picture.gif")]
    public void A_picture_of_more_pixels_than_allowed_is_refused(string name)
    {
        string path = Quadrants(name);
        Photograph.Load(path, 48 * 32).Dispose();
        foreach (int limit in (int[])[1, (48 * 32) - 1])
        {
            string message = Assert.Throws<CameraException>(() => Photograph.Load(path, limit)).Message;
            Assert.Contains($"{name}' has 48×32 pixels; at most {limit} are decoded", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_header_that_promises_too_much_is_believed_and_refused_before_anything_is_decoded()
    {
        byte[] jpeg = File.ReadAllBytes(Quadrants("small.jpg"));
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 65500);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 65500);
        Says("65500×65500 pixels", Write("huge.jpg", jpeg));

        byte[] png = File.ReadAllBytes(Quadrants("small.png"));
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 16000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 16000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        Says("16000×16000 pixels", Write("huge.png", png));
    }

    [Fact]
    public void An_animated_webp_is_named_as_what_it_is()
    {
        string path = _media.PathOf("moving.webp");
        MediaFiles.Ffmpeg("-f", "lavfi", "-i", "testsrc=s=32x32:r=5", "-frames:v", "3", "-c:v", "libwebp_anim", path);
        Says("animated WebP", path);
    }

    [Fact]
    public void Of_an_animated_gif_the_first_picture_comes()
    {
        string path = _media.PathOf("moving.gif");
        MediaFiles.Ffmpeg("-f", "lavfi", "-i", "testsrc=s=32x32:r=5", "-frames:v", "3", path);
        using var frame = Photograph.Load(path);
        Assert.Equal((32, 32), (frame.Format.Width, frame.Format.Height));
    }

    [Theory]
    [InlineData("half.png")]
    [InlineData("half.bmp")]
    [InlineData("half.webp")]
    [InlineData("half.tiff")]
    [InlineData("half.ppm")]
    public void Half_a_picture_is_none(string name)
    {
        string path = _media.PathOf(name);
        MediaFiles.Ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x240", "-frames:v", "1", path);
        byte[] whole = File.ReadAllBytes(path);
        Says("", Write(name, whole[..(whole.Length * 3 / 4)]));
    }

    [Fact]
    public void Pictures_of_a_folder_that_cannot_be_shown_are_named()
    {
        string folder = Directory.CreateDirectory(_media.PathOf("mixed")).FullName;
        File.Move(Quadrants("b.png"), Path.Combine(folder, "b.png"));
        byte[] jpeg = File.ReadAllBytes(Quadrants("small.jpg"));
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 20000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 20000);
        File.WriteAllBytes(Path.Combine(folder, "a.jpg"), jpeg);
        File.WriteAllText(Path.Combine(folder, "c.png"), "no picture");
        using var source = new ImageSource(folder, loop: false);
        source.Start(FrameDelivery.Every);
        using (var shown = source.Take(TimeSpan.FromSeconds(30)))
            Assert.Equal(48, shown?.Format.Width);
        Assert.Null(source.Take(TimeSpan.FromSeconds(30)));
        Assert.Equal((SourceState.Ended, false, 2), (source.Status.State, source.Status.Faulted, source.Status.FramesCorrupt));
        Assert.Collection(source.Skipped, first => Assert.Contains("a.jpg' has 20000×20000", first, StringComparison.Ordinal), second => Assert.Contains("c.png' is not a picture", second, StringComparison.Ordinal));
        Assert.Contains("c.png", source.Status.Damage, StringComparison.Ordinal);
        Assert.Contains("2 damaged ones were left out", source.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_damaged_pictures_ends_with_the_reason()
    {
        string folder = Directory.CreateDirectory(_media.PathOf("ruins")).FullName;
        File.WriteAllText(Path.Combine(folder, "a.png"), "no picture");
        File.WriteAllText(Path.Combine(folder, "b.png"), "no picture");
        using var source = new ImageSource(folder);
        source.Start();
        Assert.Null(source.Take(TimeSpan.FromSeconds(30)));
        Assert.True(source.Status.Faulted);
        Assert.Contains("a.png", source.Status.Reason, StringComparison.Ordinal);
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

    // PNG's checksum of a chunk (ISO 3309), bit by bit.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte next in bytes)
        {
            crc ^= next;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
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
