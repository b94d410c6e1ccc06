using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace RealtimeCnn.Teaching;

// As a file keeps them: a mark, the numbers of the classes, names, each example, and a SHA-256 of all that; little-endian.
public sealed partial class TaughtClasses
{
    private const int MostNameBytes = 1024;

    private static ReadOnlySpan<byte> Mark => "rtcnn taught 1\n"u8;

    /// <summary>All of it as bytes, which <see cref="FromBytes"/> reads.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Mark);
        foreach (int number in (int[])[Features, ThumbnailSize.Height, ThumbnailSize.Width, Nothing, _names.Length, _shots.Count])
            writer.Write(number);
        foreach (string name in _names)
        {
            byte[] text = Encoding.UTF8.GetBytes(name);
            writer.Write(text.Length);
            writer.Write(text);
        }

        foreach (var shot in _shots)
        {
            writer.Write(shot.Class);
            writer.Write(shot.Take);
            writer.Write(MemoryMarshal.AsBytes(shot.Embedding));
            writer.Write(shot.Thumbnail);
        }

        writer.Flush();
        bytes.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        return bytes.ToArray();
    }

    /// <summary>Classes and examples from <see cref="ToBytes"/>.</summary>
    /// <param name="bytes">All bytes.</param>
    /// <exception cref="FormatException">They are something else, or damaged; the message says what is wrong.</exception>
    public static TaughtClasses FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Mark))
            throw new FormatException("The examples are none: they do not begin as examples do.");
        int end = bytes.Length - SHA256.HashSizeInBytes;
        if (end < Mark.Length || !SHA256.HashData(bytes[..end]).AsSpan().SequenceEqual(bytes[end..]))
            throw new FormatException("The examples are damaged: what is there and its checksum differ.");
        var rest = bytes[Mark.Length..end];
        var (features, size) = (Number(ref rest), new Size2d(Number(ref rest), Number(ref rest)));
        var (nothing, places, count) = (Number(ref rest), Number(ref rest), Number(ref rest));
        if (places is < 1 or > MostClasses)
            throw new FormatException($"{places} classes are not possible; there are from 1 to {MostClasses}.");
        string[] names = new string[places];
        for (int i = 0; i < places; i++)
        {
            int length = Number(ref rest);
            names[i] = length is >= 0 and <= MostNameBytes ? Encoding.UTF8.GetString(Part(ref rest, length)) : throw new FormatException($"A name of {length} bytes is not possible.");
        }

        TaughtClasses taught;
        try
        {
            taught = new TaughtClasses(features, size, names, nothing);
        }
        catch (ArgumentException problem)
        {
            throw new FormatException(problem.Message, problem);
        }

        taught.ReadShots(rest, count);
        return taught;
    }

    private void ReadShots(ReadOnlySpan<byte> rest, int count)
    {
        int thumbnail = ThumbnailSize.Height * ThumbnailSize.Width * 3, embedding = Features * sizeof(float);
        long each = (2L * sizeof(int)) + embedding + thumbnail;
        if (count < 0 || count * each != rest.Length)
            throw new FormatException($"{count} examples of {each} bytes are not the {rest.Length} bytes that are there.");
        for (int i = 0, take = 0; i < count; i++)
        {
            int label = Number(ref rest), before = take;
            take = Number(ref rest);
            float[] values = MemoryMarshal.Cast<byte, float>(Part(ref rest, embedding)).ToArray();
            byte[] pixels = Part(ref rest, thumbnail).ToArray();
            if ((uint)label >= (uint)_names.Length || take < before)
                throw new FormatException($"Example {i} is of class {label}, take {take}; there are {_names.Length} classes, and takes follow each other.");
            if (FirstNotFinite(values) is var wrong and >= 0)
                throw new FormatException($"Number {wrong} of example {i} is {values[wrong]}.");
            if (_counts[label] == MostShots)
                throw new FormatException($"Class '{_names[label]}' has more than {MostShots} examples.");
            Append(new Shot(label, take, values, pixels));
        }
    }

    private static int Number(ref ReadOnlySpan<byte> rest) => BitConverter.ToInt32(Part(ref rest, sizeof(int)));

    private static ReadOnlySpan<byte> Part(ref ReadOnlySpan<byte> rest, int length)
    {
        if (length > rest.Length)
            throw new FormatException("The examples end too soon.");
        var part = rest[..length];
        rest = rest[length..];
        return part;
    }
}
