using System.Text;

namespace RealtimeCnn.Onnx.Reading;

/// <summary>
/// Walks the wire format before it is parsed and adds up the memory that parsing will take: two bytes of a file can become a
/// whole object, so a limit must be checked before any object is made. Names are held to their limits here too.
/// </summary>
internal sealed class WireScanner(OnnxLimits limits)
{
    // Upper bounds for one message with its empty lists, one string or byte string, and one element of a list that grows by doubling.
    private const int MessageBytes = 320;
    private const int TextBytes = 64;
    private const int ElementBytes = 16;

    private long _structure;

    /// <exception cref="InvalidDataException">The bytes are no message, or nested too deeply.</exception>
    /// <exception cref="OnnxException">Parsing would take more memory than the limit.</exception>
    public void Scan(ReadOnlySpan<byte> bytes, WireMessage message) => Scan(bytes, message, 0);

    private void Scan(ReadOnlySpan<byte> bytes, WireMessage message, int depth)
    {
        if (depth > limits.MaxDepth)
            throw new InvalidDataException($"messages are nested deeper than {limits.MaxDepth}.");
        Take(MessageBytes);
        while (bytes.Length > 0)
        {
            ulong tag = Varint(ref bytes);
            switch (tag & 7)
            {
                case 0:
                    Varint(ref bytes);
                    Take(ElementBytes);
                    break;
                case 1:
                    Slice(ref bytes, 8);
                    Take(ElementBytes);
                    break;
                case 2:
                    ulong length = Varint(ref bytes);
                    ScanContent(Slice(ref bytes, length), WireSchema.Find(message, tag >> 3), depth);
                    break;
                case 5:
                    Slice(ref bytes, 4);
                    Take(ElementBytes);
                    break;
                default:
                    throw new InvalidDataException($"a field has wire type {tag & 7}, which the format does not use.");
            }
        }
    }

    private void ScanContent(ReadOnlySpan<byte> content, (WireContent Content, WireMessage Message) field, int depth)
    {
        switch (field.Content)
        {
            case WireContent.Unknown:
                break;
            case WireContent.Message:
                Take(ElementBytes);
                Scan(content, field.Message, depth + 1);
                break;
            case WireContent.Name:
                Take(TextBytes + (2L * content.Length));
                VerifyName(content);
                break;
            case WireContent.Text:
                Take(TextBytes + (2L * content.Length));
                break;
            case WireContent.Bytes:
                Take(TextBytes);
                break;
            case WireContent.Floats:
                Take(2L * content.Length);
                break;
            default:
                Take((long)ElementBytes * content.Length);
                break;
        }
    }

    private void Take(long bytes)
    {
        _structure += bytes;
        if (_structure > limits.MaxStructureBytes)
            throw OnnxException.Limit($"The file's nodes, names and numbers would need more than the limit of {limits.MaxStructureBytes >> 20} MiB", nameof(OnnxLimits.MaxStructureBytes));
    }

    private void VerifyName(ReadOnlySpan<byte> name)
    {
        if (name.Length > limits.MaxNameBytes)
            throw OnnxException.Limit($"The name '{Encoding.UTF8.GetString(name[..Math.Min(name.Length, 64)])}…' has {name.Length} bytes, more than the limit of {limits.MaxNameBytes}", nameof(OnnxLimits.MaxNameBytes));
        if (Printable.HasControls(name))
            throw new OnnxException($"The name '{Encoding.UTF8.GetString(name)}' holds control characters; names must be printable.");
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < 10 && i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("it ends in the middle of a number.");
    }

    private static ReadOnlySpan<byte> Slice(ref ReadOnlySpan<byte> bytes, ulong length)
    {
        if (length > (ulong)bytes.Length)
            throw new InvalidDataException("it ends in the middle of a field.");
        var slice = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return slice;
    }
}
