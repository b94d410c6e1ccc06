using System.Buffers.Binary;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx.Reading;

/// <summary>
/// A model's messages without the data of its large tensors, which stay in the file: in the place of such data stands where they are. What
/// stands there cannot be written in a file, since the mark beside it is left out wherever a file has it.
/// </summary>
/// <param name="file">The file, which a <see cref="WireScanner"/> has passed.</param>
internal sealed class WireSkeleton(Stream file)
{
    /// <summary>Least size of data that stay in the file, in bytes: more than reading them again would cost.</summary>
    public const int LeastBytes = 4096;

    private const int ReferenceBytes = 12, RawData = 9, DataLocation = 14, Mark = 0x5EC;
    private const int LengthPrefixed = 2;

    /// <summary>The messages, ready to be parsed.</summary>
    /// <exception cref="InvalidDataException">A tensor has its data twice.</exception>
    public byte[] Build()
    {
        file.Position = 0;
        using var messages = new MemoryStream();
        Copy(WireMessage.ModelProto, file.Length, messages);
        return messages.ToArray();
    }

    /// <summary>Where the data of a tensor are, if they stayed in the file.</summary>
    public static bool TryFind(TensorProto tensor, out long offset, out int length)
    {
        if ((int)tensor.DataLocation != Mark)
        {
            (offset, length) = (0, 0);
            return false;
        }

        var reference = tensor.RawData.Span;
        (offset, length) = (BinaryPrimitives.ReadInt64LittleEndian(reference), BinaryPrimitives.ReadInt32LittleEndian(reference[8..]));
        return true;
    }

    private void Copy(WireMessage message, long end, MemoryStream to)
    {
        bool hasReference = false;
        while (file.Position < end)
        {
            ulong tag = ReadVarint();
            switch (tag & 7)
            {
                case 0:
                    ulong value = ReadVarint();
                    if (message == WireMessage.TensorProto && tag >> 3 == DataLocation && value > 1)
                        break;
                    WriteVarint(to, tag);
                    WriteVarint(to, value);
                    break;
                case LengthPrefixed:
                    long length = (long)ReadVarint();
                    bool isRaw = message == WireMessage.TensorProto && tag >> 3 == RawData;
                    if (isRaw && hasReference)
                        throw new InvalidDataException("a tensor has its data twice.");
                    if (isRaw && length is >= LeastBytes and <= int.MaxValue)
                    {
                        WriteReference(to, file.Position, (int)length);
                        file.Seek(length, SeekOrigin.Current);
                        hasReference = true;
                        break;
                    }

                    WriteVarint(to, tag);
                    CopyContent(WireSchema.Find(message, tag >> 3), length, to);
                    break;
                default:
                    WriteVarint(to, tag);
                    CopyBytes((tag & 7) == 1 ? 8 : 4, to);
                    break;
            }
        }
    }

    private void CopyContent((WireContent Content, WireMessage Message) field, long length, MemoryStream to)
    {
        if (field.Content != WireContent.Message)
        {
            WriteVarint(to, (ulong)length);
            CopyBytes(length, to);
            return;
        }

        using var content = new MemoryStream();
        Copy(field.Message, file.Position + length, content);
        WriteVarint(to, (ulong)content.Length);
        content.WriteTo(to);
    }

    private void CopyBytes(long length, MemoryStream to)
    {
        if (length < 0 || length > file.Length - file.Position)
            throw new InvalidDataException("it changed while it was read.");
        long at = to.Length;
        to.SetLength(at + length);
        file.ReadExactly(to.GetBuffer().AsSpan((int)at, (int)length));
        to.Position = to.Length;
    }

    private static void WriteReference(MemoryStream to, long offset, int length)
    {
        Span<byte> reference = stackalloc byte[ReferenceBytes];
        BinaryPrimitives.WriteInt64LittleEndian(reference, offset);
        BinaryPrimitives.WriteInt32LittleEndian(reference[8..], length);
        WriteVarint(to, (RawData << 3) | LengthPrefixed);
        WriteVarint(to, ReferenceBytes);
        to.Write(reference);
        WriteVarint(to, DataLocation << 3);
        WriteVarint(to, Mark);
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = file.ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                break;
        }

        return value;
    }

    private static void WriteVarint(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            to.WriteByte((byte)(value | 0x80));
        to.WriteByte((byte)value);
    }
}
