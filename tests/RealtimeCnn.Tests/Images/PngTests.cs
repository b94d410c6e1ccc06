using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Images;

public sealed class PngTests
{
    [Theory]
    [InlineData(1, 1, PixelFormat.Gray)]
    [InlineData(7, 5, PixelFormat.Gray)]
    [InlineData(33, 17, PixelFormat.Rgb)]
    [InlineData(16, 9, PixelFormat.Rgba)]
    public void FFmpeg_reads_back_every_pixel(int width, int height, PixelFormat layout)
    {
        var format = new FrameFormat(width, height, layout);
        byte[] pixels = Picture(format);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.png");
        try
        {
            Png.Write(path, pixels, format);
            Assert.Equal(pixels, DecodeWithFfmpeg(path, format));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Chunks_carry_their_checksums_and_every_row_filter_is_used()
    {
        var format = new FrameFormat(24, 24, PixelFormat.Gray);
        byte[] pixels = new byte[format.Bytes];
        for (int row = 8; row < 24; row++)
        {
            for (int column = 0; column < 24; column++)
                pixels[(row * 24) + column] = row < 16 ? (byte)(70 + column) : (byte)(((column * 37) ^ 0x55) + row);
        }

        using var file = new MemoryStream();
        Png.Write(file, pixels, format);
        byte[] bytes = file.ToArray();

        var chunks = Chunks(bytes);
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        using var zlib = new ZLibStream(new MemoryStream(chunks[1].Data), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        byte[] filtered = rows.ToArray();
        var filters = Enumerable.Range(0, 24).Select(row => (int)filtered[row * 25]).Distinct().Order();
        Assert.Equal([0, 1, 2], filters);
    }

    [Fact]
    public void The_checksum_is_that_of_the_specification()
    {
        Assert.Equal(0xCBF43926u, Png.Crc("123456789"u8));
        Assert.Equal(0xCBF43926u, Png.Crc("6789"u8, Png.Crc("12345"u8)));
    }

    [Fact]
    public void A_wrong_number_of_bytes_or_a_camera_format_is_refused()
    {
        using var file = new MemoryStream();
        var wrongSize = Assert.Throws<ArgumentException>(() => Png.Write(file, new byte[11], new FrameFormat(2, 2, PixelFormat.Rgb)));
        Assert.Contains("12 bytes; 11", wrongSize.Message, StringComparison.Ordinal);
        var wrongFormat = Assert.Throws<ArgumentException>(() => Png.Write(file, new byte[12], new FrameFormat(2, 2, PixelFormat.Bgr)));
        Assert.Contains("not Bgr", wrongFormat.Message, StringComparison.Ordinal);
        Assert.Equal(0, file.Length);
    }

    private static byte[] Picture(FrameFormat format)
    {
        byte[] pixels = new byte[format.Bytes];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((i * 7) ^ (i / format.RowBytes * 13));
        return pixels;
    }

    private static List<(string Type, byte[] Data)> Chunks(byte[] png)
    {
        var chunks = new List<(string, byte[])>();
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            Assert.Equal(Png.Crc(png.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            chunks.Add((Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }

        return chunks;
    }

    private static byte[] DecodeWithFfmpeg(string path, FrameFormat format)
    {
        string layout = format.Pixels switch { PixelFormat.Gray => "gray", PixelFormat.Rgb => "rgb24", _ => "rgba" };
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-xerror", "-err_detect", "crccheck", "-i", path, "-f", "rawvideo", "-pix_fmt", layout, "-"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        using var pixels = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(pixels);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return pixels.ToArray();
    }
}
