using System.Buffers.Binary;

namespace RealtimeCnn.Camera.Jpeg;

/// <summary>
/// Reads how a camera was held from a JPEG file's Exif header.
/// Source: CIPA DC-008 (Exif 2.32), tag 0x0112; JPEG markers from ITU-T T.81, annex B.
/// </summary>
internal static class ExifOrientation
{
    /// <summary>The stored picture is upright; also the answer for files without the tag.</summary>
    public const int Upright = 1;

    private const byte App1 = 0xE1;
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const ushort OrientationTag = 0x0112;

    /// <summary>The orientation, 1 to 8.</summary>
    /// <param name="jpeg">A JPEG file, from its first byte.</param>
    public static int Read(ReadOnlySpan<byte> jpeg)
    {
        int at = 2;
        while (at + 4 <= jpeg.Length && jpeg[at] == 0xFF)
        {
            byte marker = jpeg[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker is StartOfScan or EndOfImage)
                break;
            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (length < 2 || at + 2 + length > jpeg.Length)
                break;
            var segment = jpeg.Slice(at + 4, length - 2);
            if (marker == App1 && segment.StartsWith("Exif\0\0"u8))
                return ReadTiff(segment[6..]);
            at += 2 + length;
        }

        return Upright;
    }

    private static int ReadTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return Upright;
        bool little = tiff.StartsWith("II"u8);
        uint directory = UInt32(tiff[4..], little);
        if (directory > tiff.Length - 2)
            return Upright;
        var entries = tiff[(int)directory..];
        int count = UInt16(entries, little);
        for (int i = 0; i < count && 2 + ((i + 1) * 12) <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + (i * 12), 12);
            if (UInt16(entry, little) == OrientationTag)
                return UInt16(entry[8..], little) is var value and >= 1 and <= 8 ? value : Upright;
        }

        return Upright;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
