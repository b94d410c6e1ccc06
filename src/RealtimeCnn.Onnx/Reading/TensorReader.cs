using System.Buffers.Binary;
using System.Globalization;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx.Reading;

/// <summary>Reads tensors in every encoding of the format: raw bytes, typed numbers, and data in a file beside the model.</summary>
/// <param name="folder">Where external data lies; null where there is no folder.</param>
internal sealed class TensorReader(string? folder)
{
    /// <exception cref="OnnxException">The type is not supported, or data and shape do not fit.</exception>
    public OnnxTensor Read(TensorProto proto, string? name = null)
    {
        name ??= proto.Name;
        var type = (OnnxType)proto.DataType;
        if (!type.IsSupported())
            throw OnnxException.Unsupported("tensor", $"Tensor '{name}' has elements of {type.Text()}; {OnnxTypes.Supported} are supported.");
        if (proto.Segment != null)
            throw new OnnxException($"Tensor '{name}' is cut into segments, which is not supported.");
        var shape = ReadShape(proto.Dims, $"Tensor '{name}'");
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
            return new OnnxTensor(type, shape, ReadExternal(proto, name, (long)shape.Count * type.Size()));
        if (proto.RawData.Length != 0)
        {
            if (proto.RawData.Length != (long)shape.Count * type.Size())
                throw new OnnxException($"Tensor '{name}' of {type.Text()} {shape} needs {(long)shape.Count * type.Size()} bytes; it has {proto.RawData.Length}.");
            return new OnnxTensor(type, shape, proto.RawData.Memory);
        }

        return new OnnxTensor(type, shape, ReadTyped(proto, type, shape, name));
    }

    /// <summary>Extents of a tensor as a shape.</summary>
    public static Shape ReadShape(IReadOnlyList<long> dims, string what)
    {
        if (dims.Count > Shape.MaxRank)
            throw new OnnxException($"{what} has {dims.Count} axes; at most {Shape.MaxRank} are supported.");
        Span<int> extents = stackalloc int[dims.Count];
        for (int i = 0; i < dims.Count; i++)
        {
            if (dims[i] is < 0 or > int.MaxValue)
                throw new OnnxException($"{what} has extent {dims[i]} along axis {i}; extents are 0 to 2^31 − 1.");
            extents[i] = (int)dims[i];
        }

        try
        {
            return new Shape(extents);
        }
        catch (ShapeException problem)
        {
            throw new OnnxException($"{what}: {problem.Message}", problem);
        }
    }

    private static byte[] ReadTyped(TensorProto proto, OnnxType type, Shape shape, string name)
    {
        int given = type switch
        {
            OnnxType.Float => proto.FloatData.Count,
            OnnxType.Double => proto.DoubleData.Count,
            OnnxType.Int64 => proto.Int64Data.Count,
            OnnxType.UInt32 or OnnxType.UInt64 => proto.Uint64Data.Count,
            _ => proto.Int32Data.Count,
        };
        if (given != shape.Count)
            throw new OnnxException($"Tensor '{name}' of {type.Text()} {shape} needs {shape.Count} numbers; it has {given}.");

        byte[] bytes = new byte[given * type.Size()];
        for (int i = 0; i < given; i++)
        {
            var to = bytes.AsSpan(i * type.Size());
            switch (type)
            {
                case OnnxType.Float:
                    BinaryPrimitives.WriteSingleLittleEndian(to, proto.FloatData[i]);
                    break;
                case OnnxType.Double:
                    BinaryPrimitives.WriteDoubleLittleEndian(to, proto.DoubleData[i]);
                    break;
                case OnnxType.Int64:
                    BinaryPrimitives.WriteInt64LittleEndian(to, proto.Int64Data[i]);
                    break;
                case OnnxType.UInt64:
                    BinaryPrimitives.WriteUInt64LittleEndian(to, proto.Uint64Data[i]);
                    break;
                case OnnxType.UInt32:
                    BinaryPrimitives.WriteUInt32LittleEndian(to, unchecked((uint)proto.Uint64Data[i]));
                    break;
                case OnnxType.Int32:
                    BinaryPrimitives.WriteInt32LittleEndian(to, proto.Int32Data[i]);
                    break;
                case OnnxType.Int16 or OnnxType.UInt16 or OnnxType.Float16:
                    BinaryPrimitives.WriteUInt16LittleEndian(to, unchecked((ushort)proto.Int32Data[i]));
                    break;
                default:
                    to[0] = unchecked((byte)proto.Int32Data[i]);
                    break;
            }
        }

        return bytes;
    }

    private byte[] ReadExternal(TensorProto proto, string name, long needed)
    {
        string Entry(string key) => proto.ExternalData.LastOrDefault(entry => entry.Key == key)?.Value ?? string.Empty;
        long Number(string key, long otherwise)
        {
            string text = Entry(key);
            if (text.Length == 0)
                return otherwise;
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? number
                : throw new OnnxException($"Tensor '{name}': external data with {key} '{text}' is not possible; it is a number of bytes.");
        }

        string location = Entry("location");
        long offset = Number("offset", 0), length = Number("length", needed);
        if (folder == null)
            throw new OnnxException($"Tensor '{name}' keeps its data in '{location}' beside the model; load the model from its file so that the folder is known.");
        string path = ResolveInside(folder, location, name);
        if (length != needed)
            throw new OnnxException($"Tensor '{name}' needs {needed} bytes; its external data says {length}.");
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new OnnxException($"Tensor '{name}' keeps its data in '{location}', which is not in the model's folder.");
        if (offset > file.Length || length > file.Length - offset)
            throw new OnnxException($"Tensor '{name}': bytes {offset} to {offset + length} lie beyond the {file.Length} bytes of '{location}'.");
        if (length > Array.MaxLength)
            throw new OnnxException($"Tensor '{name}': {length} bytes of external data are too many; at most {Array.MaxLength} are supported.");
        byte[] bytes = new byte[length];
        using var stream = file.OpenRead();
        stream.Position = offset;
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The path of a file that must lie in a folder or below, links followed.</summary>
    private static string ResolveInside(string folder, string location, string name)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        bool inside = location.Length > 0 && !location.Contains('\0', StringComparison.Ordinal) && !Path.IsPathRooted(location);
        string path = inside ? Path.GetFullPath(Path.Combine(root, location)) : string.Empty;
        if (!inside || !path.StartsWith(root, StringComparison.Ordinal) || HasLink(root, path))
            throw new OnnxException($"Tensor '{name}' keeps its data in '{location}'; external data must be a plain file in the model's own folder or below.");
        return path;
    }

    private static bool HasLink(string root, string path)
    {
        for (string? part = path; part != null && part.Length >= root.Length; part = Path.GetDirectoryName(part))
        {
            if (new FileInfo(part).LinkTarget != null)
                return true;
        }

        return false;
    }
}
