using System.Buffers.Binary;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx.Reading;

/// <summary>Reads tensors in every encoding of the format: raw bytes, typed numbers, and data in a file beside the model.</summary>
/// <param name="folder">Where external data lies; null where there is no folder.</param>
/// <param name="budget">What external data count against.</param>
/// <param name="progress">Told of what is read from files; null for nobody.</param>
/// <param name="file">Where the data of large tensors stayed (<see cref="WireSkeleton"/>); null where nothing did.</param>
internal sealed class TensorReader(string? folder, Budget budget, LoadProgress? progress = null, Stream? file = null) : IDisposable
{
    private readonly LoadProgress _progress = progress ??= new LoadProgress(null, default);
    private readonly ExternalData _external = new(folder, budget, progress);

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
            return new OnnxTensor(type, shape, _external.Find(proto, name, (long)shape.Count * type.Size()));
        if (file != null && WireSkeleton.TryFind(proto, out long offset, out int length))
        {
            VerifyLength(type, shape, name, length);
            _progress.Expect(length);
            return new OnnxTensor(type, shape, new StoredBytes(file, offset, length, _progress));
        }

        if (proto.RawData.Length != 0)
        {
            VerifyLength(type, shape, name, proto.RawData.Length);
            return new OnnxTensor(type, shape, proto.RawData.Memory);
        }

        return new OnnxTensor(type, shape, ReadTyped(proto, type, shape, name));
    }

    /// <summary>Closes the files with external data: what was not read from them is not read any more.</summary>
    public void Dispose() => _external.Dispose();

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

    private static void VerifyLength(OnnxType type, Shape shape, string name, int given)
    {
        if (given != (long)shape.Count * type.Size())
            throw new OnnxException($"Tensor '{name}' of {type.Text()} {shape} needs {(long)shape.Count * type.Size()} bytes; it has {given}.");
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

        byte[] bytes = new byte[checked(given * type.Size())];
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
}
