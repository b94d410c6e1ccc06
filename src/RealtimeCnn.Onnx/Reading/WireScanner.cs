using System.Text;

namespace RealtimeCnn.Onnx.Reading;

/// <summary>
/// Walks the wire format before it is parsed and adds up the memory that parsing will take: two bytes of a file can become a
/// whole object, so a limit must be checked before any object is made. Names are held to their limits here too. What tensors hold is
/// passed over unread.
/// </summary>
internal sealed class WireScanner(OnnxLimits limits, Stream file)
{
    // Upper bounds for one message with its empty lists, one string or byte string, and one element of a list that grows by doubling.
    private const int MessageBytes = 320;
    private const int TextBytes = 64;
    private const int ElementBytes = 16;

    /// <summary>Bytes of a name that is too long that an error shows.</summary>
    private const int ShownBytes = 64;

    private long _position;
    private long _structure;

    /// <exception cref="InvalidDataException">The bytes are no message, or nested too deeply.</exception>
    /// <exception cref="OnnxException">Parsing would take more memory than the limit.</exception>
    public void Scan(WireMessage message)
    {
        (file.Position, _position) = (0, 0);
        Scan(message, file.Length, 0);
    }

    private void Scan(WireMessage message, long end, int depth)
    {
        if (depth > limits.MaxDepth)
            throw new InvalidDataException($"messages are nested deeper than {limits.MaxDepth}.");
        Take(MessageBytes);
        while (_position < end)
        {
            ulong tag = Varint(end);
            switch (tag & 7)
            {
                case 0:
                    Varint(end);
                    Take(ElementBytes);
                    break;
                case 1:
                    Skip(8, end);
                    Take(ElementBytes);
                    break;
                case 2:
                    ScanContent(WireSchema.Find(message, tag >> 3), Varint(end), end, depth);
                    break;
                case 5:
                    Skip(4, end);
                    Take(ElementBytes);
                    break;
                default:
                    throw new InvalidDataException($"a field has wire type {tag & 7}, which the format does not use.");
            }
        }
    }

    private void ScanContent((WireContent Content, WireMessage Message) field, ulong size, long end, int depth)
    {
        if (size > (ulong)(end - _position))
            throw Cut();
        long length = (long)size;
        switch (field.Content)
        {
            case WireContent.Message:
                Take(ElementBytes);
                Scan(field.Message, _position + length, depth + 1);
                return;
            case WireContent.Name:
                Take(TextBytes + (2L * length));
                VerifyName(length);
                return;
            case WireContent.Text:
                Take(TextBytes + (2L * length));
                break;
            case WireContent.Bytes:
                Take(TextBytes);
                break;
            case WireContent.Floats:
                Take(2L * length);
                break;
            case WireContent.Integers:
                Take(ElementBytes * length);
                break;
        }

        Skip(length, end);
    }

    private void Take(long bytes)
    {
        _structure += bytes;
        if (_structure > limits.MaxStructureBytes)
            throw OnnxException.Limit($"The file's nodes, names and numbers would need more than the limit of {limits.MaxStructureBytes >> 20} MiB", nameof(OnnxLimits.MaxStructureBytes));
    }

    private void VerifyName(long length)
    {
        if (length > limits.MaxNameBytes)
            throw OnnxException.Limit($"The name '{Encoding.UTF8.GetString(Read(Math.Min(length, ShownBytes)))}…' has {length} bytes, more than the limit of {limits.MaxNameBytes}", nameof(OnnxLimits.MaxNameBytes));
        byte[] name = Read(length);
        if (Printable.HasControls(name))
            throw new OnnxException($"The name '{Encoding.UTF8.GetString(name)}' holds control characters; names must be printable.");
    }

    private byte[] Read(long length)
    {
        byte[] bytes = new byte[length];
        file.ReadExactly(bytes);
        _position += length;
        return bytes;
    }

    private ulong Varint(long end)
    {
        ulong value = 0;
        for (int i = 0; i < 10 && _position < end; i++, _position++)
        {
            int next = file.ReadByte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next is >= 0 and < 0x80)
            {
                _position++;
                return value;
            }
        }

        throw new InvalidDataException("it ends in the middle of a number.");
    }

    private void Skip(long length, long end)
    {
        if (length > end - _position)
            throw Cut();
        file.Seek(length, SeekOrigin.Current);
        _position += length;
    }

    private static InvalidDataException Cut() => new("it ends in the middle of a field.");
}
