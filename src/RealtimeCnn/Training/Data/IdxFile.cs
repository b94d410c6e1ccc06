using System.Buffers.Binary;
using System.IO.Compression;

namespace RealtimeCnn.Training.Data;

/// <summary>
/// The files of MNIST and its relatives: a magic number <c>00 00 08 d</c> (bytes, d axes), d extents of four bytes, the elements;
/// the most significant byte first, plain or gzip.
/// </summary>
/// <remarks>Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", file formats.</remarks>
public static class IdxFile
{
    private const int Bytes = 8, GzipFirst = 0x1f, GzipSecond = 0x8b;

    /// <summary>Reads pictures and their labels.</summary>
    /// <param name="images">File of <c>[N, height, width]</c> or <c>[N, channels, height, width]</c>.</param>
    /// <param name="labels">File of <c>[N]</c>.</param>
    /// <param name="classes">Names of the classes; null for the numbers from 0 to the largest label.</param>
    /// <exception cref="DataSetException">A file is missing, damaged or of another kind, or they do not belong together.</exception>
    public static PictureSet Read(string images, string labels, IReadOnlyList<string>? classes = null)
    {
        var (extents, pixels) = ReadArray(images);
        if (extents.Length is not (3 or 4))
            throw new DataSetException($"'{images}' has {extents.Length} axes; pictures have three, [N, height, width], or four.");
        var (counts, numbers) = ReadArray(labels);
        if (counts.Length != 1)
            throw new DataSetException($"'{labels}' has {counts.Length} axes; labels have one.");
        if (counts[0] != extents[0])
            throw new DataSetException($"'{labels}' has {counts[0]} labels; '{images}' has {extents[0]} pictures.");
        if (counts[0] == 0)
            throw new DataSetException($"'{images}' has no pictures.");
        var shape = extents.Length == 3 ? new Shape(1, extents[1], extents[2]) : new Shape(extents[1], extents[2], extents[3]);
        try
        {
            return new PictureSet(shape, pixels, [.. numbers.Select(label => (int)label)], classes ?? [.. Enumerable.Range(0, numbers.Max() + 1).Select(label => $"{label}")]);
        }
        catch (DataSetException error)
        {
            throw new DataSetException($"'{images}' and '{labels}': {error.Message}", error);
        }
    }

    private static (int[] Extents, byte[] Elements) ReadArray(string path)
    {
        try
        {
            using var file = Open(path);
            Span<byte> start = stackalloc byte[4];
            file.ReadExactly(start);
            if (start[0] != 0 || start[1] != 0 || start[2] != Bytes || start[3] is 0 or > Shape.MaxRank)
                throw new DataSetException($"'{path}' is no IDX file of bytes: it starts with {Convert.ToHexString(start)}.");
            int[] extents = new int[start[3]];
            for (int axis = 0; axis < extents.Length; axis++)
            {
                file.ReadExactly(start);
                extents[axis] = BinaryPrimitives.ReadInt32BigEndian(start);
            }

            byte[] elements = ReadElements(file, path, new Shape(extents).Count);
            return (extents, elements);
        }
        catch (EndOfStreamException error)
        {
            throw new DataSetException($"'{path}' ends before all of its elements.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or ShapeException)
        {
            throw new DataSetException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Memory grows with what is really there, so that a header alone cannot ask for it.</summary>
    private static byte[] ReadElements(Stream file, string path, int count)
    {
        using var elements = new MemoryStream();
        byte[] piece = new byte[1 << 16];
        while (elements.Length < count)
        {
            int read = file.Read(piece, 0, (int)Math.Min(piece.Length, count - elements.Length));
            if (read == 0)
                throw new EndOfStreamException();
            elements.Write(piece, 0, read);
        }

        return file.ReadByte() < 0 ? elements.ToArray() : throw new DataSetException($"'{path}' goes on behind its {count} elements.");
    }

    private static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        bool isGzip = file.ReadByte() == GzipFirst && file.ReadByte() == GzipSecond;
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
