using System.Buffers.Binary;
using System.IO.Compression;

namespace RealtimeCnn.Images;

/// <summary>Writes pictures as PNG: 8 bits a sample, gray, RGB or RGBA, no interlacing.</summary>
/// <remarks>Source: W3C Portable Network Graphics (PNG) Specification, third edition.</remarks>
public static class Png
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = BuildCrcTable();

    private enum RowFilter : byte
    {
        None = 0,
        Sub = 1,
        Up = 2,
    }

    /// <summary>Writes one picture to a file, replacing it if it is there.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="pixels">Tightly packed rows, row 0 at the top: <see cref="FrameFormat.Bytes"/> bytes.</param>
    /// <param name="format">Size and layout: <see cref="PixelFormat.Gray"/>, <see cref="PixelFormat.Rgb"/> or <see cref="PixelFormat.Rgba"/>.</param>
    /// <exception cref="ArgumentException">The format cannot be stored, or does not fit the number of bytes.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> pixels, FrameFormat format)
    {
        ColorType(pixels, format);
        using var file = File.Create(path);
        Write(file, pixels, format);
    }

    /// <summary>Writes one picture to a stream.</summary>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="pixels">Tightly packed rows, row 0 at the top: <see cref="FrameFormat.Bytes"/> bytes.</param>
    /// <param name="format">Size and layout: <see cref="PixelFormat.Gray"/>, <see cref="PixelFormat.Rgb"/> or <see cref="PixelFormat.Rgba"/>.</param>
    /// <exception cref="ArgumentException">The format cannot be stored, or does not fit the number of bytes.</exception>
    public static void Write(Stream output, ReadOnlySpan<byte> pixels, FrameFormat format)
    {
        ArgumentNullException.ThrowIfNull(output);
        byte colorType = ColorType(pixels, format);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, format.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], format.Height);
        header[8] = 8;
        header[9] = colorType;
        header[10..].Clear();

        output.Write(Signature);
        WriteChunk(output, "IHDR"u8, header);
        WriteChunk(output, "IDAT"u8, Compress(pixels, format));
        WriteChunk(output, "IEND"u8, []);
    }

    /// <summary>CRC-32 of several pieces, one after another (ISO 3309, as in zlib).</summary>
    internal static uint Crc(ReadOnlySpan<byte> bytes, uint previous = 0)
    {
        uint crc = ~previous;
        foreach (byte value in bytes)
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static byte ColorType(ReadOnlySpan<byte> pixels, FrameFormat format)
    {
        format.Validate();
        if (pixels.Length != format.Bytes)
            throw new ArgumentException($"A picture of {format} has {format.Bytes} bytes; {pixels.Length} were given.");
        return format.Pixels switch
        {
            PixelFormat.Gray => 0,
            PixelFormat.Rgb => 2,
            PixelFormat.Rgba => 6,
            _ => throw new ArgumentException($"PNG stores {PixelFormat.Gray}, {PixelFormat.Rgb} or {PixelFormat.Rgba} pixels, not {format.Pixels}: convert them first."),
        };
    }

    private static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> pixels, FrameFormat format)
    {
        int rowBytes = format.RowBytes, step = rowBytes / format.Width;
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] above = new byte[rowBytes], best = new byte[rowBytes], candidate = new byte[rowBytes];
            for (int row = 0; row < format.Height; row++)
            {
                var current = pixels.Slice(row * rowBytes, rowBytes);
                var chosen = RowFilter.None;
                long least = long.MaxValue;
                foreach (var filter in (ReadOnlySpan<RowFilter>)[RowFilter.None, RowFilter.Sub, RowFilter.Up])
                {
                    long cost = Apply(filter, current, above, step, candidate);
                    if (cost < least)
                    {
                        (least, chosen) = (cost, filter);
                        (best, candidate) = (candidate, best);
                    }
                }

                zlib.WriteByte((byte)chosen);
                zlib.Write(best);
                current.CopyTo(above);
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    /// <summary>Filters a row; the sum of the residuals' magnitudes is a good guess at how badly it will compress (specification, 12.7).</summary>
    private static long Apply(RowFilter filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int step, Span<byte> residuals)
    {
        long sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            byte predicted = filter switch
            {
                RowFilter.Sub => i < step ? (byte)0 : row[i - step],
                RowFilter.Up => above[i],
                _ => 0,
            };
            residuals[i] = (byte)(row[i] - predicted);
            sum += Math.Abs((int)(sbyte)residuals[i]);
        }

        return sum;
    }

    private static void WriteChunk(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(data, Crc(type)));
        output.Write(number);
    }

    private static uint[] BuildCrcTable()
    {
        uint[] table = new uint[256];
        for (uint index = 0; index < table.Length; index++)
        {
            uint value = index;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[index] = value;
        }

        return table;
    }
}
