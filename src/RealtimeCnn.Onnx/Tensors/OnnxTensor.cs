using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Onnx;

/// <summary>
/// A tensor as files hold it: typed elements, little-endian, row-major. The network itself computes in float32; this type is
/// what goes in and comes out, and what shape arithmetic is done with, exactly.
/// </summary>
public sealed class OnnxTensor
{
    // Numbers that are converted at once on their way from a file.
    private const int Piece = 1 << 14;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly StoredBytes? _stored;

    /// <summary>A tensor of given bytes.</summary>
    /// <param name="type">Type of an element.</param>
    /// <param name="shape">Extent along each axis, in elements.</param>
    /// <param name="bytes">All elements, row-major, little-endian.</param>
    /// <exception cref="OnnxException">The type is not supported, or the number of bytes does not fit.</exception>
    public OnnxTensor(OnnxType type, Shape shape, ReadOnlyMemory<byte> bytes)
    {
        if (!type.IsSupported())
            throw new OnnxException($"Tensors of {type.Text()} are not supported; {OnnxTypes.Supported} are.");
        if (bytes.Length != (long)shape.Count * type.Size())
            throw new OnnxException($"A {type.Text()} tensor of shape {shape} has {(long)shape.Count * type.Size()} bytes; {bytes.Length} were given.");
        (Type, Shape, _bytes) = (type, shape, bytes);
    }

    /// <summary>A tensor of a file that is being loaded, whose bytes stay there until they are needed.</summary>
    internal OnnxTensor(OnnxType type, Shape shape, StoredBytes stored)
        : this(type, shape, ReadOnlyMemory<byte>.Empty, stored)
    {
    }

    private OnnxTensor(OnnxType type, Shape shape, ReadOnlyMemory<byte> bytes, StoredBytes? stored) => (Type, Shape, _bytes, _stored) = (type, shape, bytes, stored);

    /// <summary>Type of an element.</summary>
    public OnnxType Type { get; }

    /// <summary>Extent along each axis, in elements.</summary>
    public Shape Shape { get; }

    /// <summary>All elements, row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes => _stored?.All ?? _bytes;

    /// <summary>Whether the bytes are in a file that is being loaded.</summary>
    internal bool IsStored => _stored != null;

    /// <summary>Number of elements.</summary>
    public int Count => Shape.Count;

    /// <summary>A tensor of the given numbers, converted to <paramref name="type"/>: toward zero for integers, to the nearest for floats.</summary>
    /// <param name="type">Type of an element.</param>
    /// <param name="shape">Extent along each axis, in elements.</param>
    /// <param name="values">All elements, row-major.</param>
    public static OnnxTensor From(OnnxType type, Shape shape, ReadOnlySpan<double> values)
    {
        byte[] bytes = new byte[checked(values.Length * type.Size())];
        for (int i = 0; i < values.Length; i++)
            Write(type, bytes, i, values[i]);
        return new OnnxTensor(type, shape, bytes);
    }

    /// <summary>A tensor of the given integers, converted to <paramref name="type"/>; too large ones wrap around.</summary>
    /// <param name="type">Type of an element.</param>
    /// <param name="shape">Extent along each axis, in elements.</param>
    /// <param name="values">All elements, row-major.</param>
    public static OnnxTensor From(OnnxType type, Shape shape, ReadOnlySpan<long> values)
    {
        byte[] bytes = new byte[checked(values.Length * type.Size())];
        for (int i = 0; i < values.Length; i++)
            Write(type, bytes, i, values[i]);
        return new OnnxTensor(type, shape, bytes);
    }

    /// <summary>A tensor whose elements are computed one by one, so that nothing of its size is needed beside it.</summary>
    /// <param name="type">Type of an element.</param>
    /// <param name="shape">Extent along each axis, in elements.</param>
    /// <param name="element">The element at a position in row-major order.</param>
    internal static OnnxTensor Compute(OnnxType type, Shape shape, Func<int, double> element)
    {
        byte[] bytes = new byte[checked(shape.Count * type.Size())];
        for (int i = 0; i < shape.Count; i++)
            Write(type, bytes, i, element(i));
        return new OnnxTensor(type, shape, bytes);
    }

    /// <summary>A tensor whose elements are computed one by one as integers.</summary>
    /// <param name="type">Type of an element.</param>
    /// <param name="shape">Extent along each axis, in elements.</param>
    /// <param name="element">The element at a position in row-major order.</param>
    internal static OnnxTensor Compute(OnnxType type, Shape shape, Func<int, long> element)
    {
        byte[] bytes = new byte[checked(shape.Count * type.Size())];
        for (int i = 0; i < shape.Count; i++)
            Write(type, bytes, i, element(i));
        return new OnnxTensor(type, shape, bytes);
    }

    /// <summary>One number, as a tensor without axes.</summary>
    public static OnnxTensor Scalar(OnnxType type, double value) => From(type, new Shape(ReadOnlySpan<int>.Empty), [value]);

    /// <summary>Reads a tensor in ONNX's own encoding, as test data has it (<c>.pb</c>).</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="OnnxException">It is no such file, or its type is not supported.</exception>
    public static OnnxTensor FromProto(byte[] bytes, string name) => ModelReader.ReadTensor(bytes, new OnnxLimits(), name);

    /// <summary>A vector of 64-bit integers, as ONNX gives shapes and axes.</summary>
    public static OnnxTensor Vector(params ReadOnlySpan<long> values) => From(OnnxType.Int64, new Shape(values.Length), values);

    /// <summary>A tensor of the float32 numbers of a network, converted to <paramref name="type"/>.</summary>
    /// <param name="type">Type of an element.</param>
    /// <param name="tensor">The numbers.</param>
    public static OnnxTensor From(OnnxType type, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return From(type, tensor.Shape, tensor.Span);
    }

    /// <summary>The same for numbers that are no tensor.</summary>
    /// <param name="type">Type of an element.</param>
    /// <param name="shape">Extent along each axis, in elements.</param>
    /// <param name="values">All elements, row-major.</param>
    internal static OnnxTensor From(OnnxType type, Shape shape, ReadOnlySpan<float> values)
    {
        if (type == OnnxType.Float && BitConverter.IsLittleEndian)
            return new OnnxTensor(type, shape, MemoryMarshal.AsBytes(values).ToArray());
        byte[] bytes = new byte[checked(shape.Count * type.Size())];
        for (int i = 0; i < values.Length; i++)
            Write(type, bytes, i, (double)values[i]);
        return new OnnxTensor(type, shape, bytes);
    }

    /// <summary>The numbers as a network computes with them: float32, rounded to the nearest where the type has more digits. The caller disposes it.</summary>
    public Tensor ToTensor()
    {
        var tensor = new Tensor(Shape);
        try
        {
            if (Type != OnnxType.Float || !BitConverter.IsLittleEndian)
                Convert(tensor.Span);
            else if (_stored != null)
                _stored.Read(0, MemoryMarshal.AsBytes(tensor.Span));
            else
                _bytes.Span.CopyTo(MemoryMarshal.AsBytes(tensor.Span));
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>One element as a double; 64-bit integers are rounded to the nearest.</summary>
    /// <param name="index">Position in row-major order.</param>
    public double DoubleAt(int index) => DoubleAt(Type, Bytes.Span, index);

    /// <summary>One element as a 64-bit integer; fractions are cut off, and numbers out of range are held at its ends.</summary>
    /// <param name="index">Position in row-major order.</param>
    public long Int64At(int index) => Int64At(Type, Bytes.Span, index);

    private static double DoubleAt(OnnxType type, ReadOnlySpan<byte> bytes, int index)
    {
        var from = bytes[(index * type.Size())..];
        return type switch
        {
            OnnxType.Float => BinaryPrimitives.ReadSingleLittleEndian(from),
            OnnxType.Double => BinaryPrimitives.ReadDoubleLittleEndian(from),
            OnnxType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(from),
            OnnxType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(from),
            _ => Int64At(type, bytes, index),
        };
    }

    private static long Int64At(OnnxType type, ReadOnlySpan<byte> bytes, int index)
    {
        var from = bytes[(index * type.Size())..];
        return type switch
        {
            OnnxType.UInt8 => from[0],
            OnnxType.Int8 => (sbyte)from[0],
            OnnxType.Bool => from[0] == 0 ? 0 : 1,
            OnnxType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(from),
            OnnxType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(from),
            OnnxType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(from),
            OnnxType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(from),
            OnnxType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(from),
            OnnxType.UInt64 => (long)BinaryPrimitives.ReadUInt64LittleEndian(from),
            _ => (long)DoubleAt(type, bytes, index),
        };
    }

    /// <summary>All elements as doubles.</summary>
    public double[] ToDoubles()
    {
        double[] values = new double[Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = DoubleAt(i);
        return values;
    }

    /// <summary>All elements as 64-bit integers.</summary>
    public long[] ToInt64s()
    {
        long[] values = new long[Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = Int64At(i);
        return values;
    }

    /// <summary>The same elements under another shape of as many elements.</summary>
    public OnnxTensor Reshaped(Shape shape) => _stored == null ? new(Type, shape, _bytes) : new(Type, shape, _stored);

    /// <inheritdoc/>
    public override string ToString() => $"{Type.Text()} {Shape}";

    private void Convert(Span<float> values)
    {
        byte[] piece = new byte[_stored == null ? 0 : Piece * Type.Size()];
        for (int first = 0; first < values.Length; first += Piece)
        {
            int count = Math.Min(Piece, values.Length - first), size = Type.Size();
            _stored?.Read(first * size, piece.AsSpan(0, count * size));
            var bytes = _stored == null ? _bytes.Span.Slice(first * size, count * size) : piece;
            for (int i = 0; i < count; i++)
                values[first + i] = (float)DoubleAt(Type, bytes, i);
        }
    }

    private static void Write(OnnxType type, byte[] bytes, int index, double value)
    {
        var to = bytes.AsSpan(index * type.Size());
        switch (type)
        {
            case OnnxType.Float:
                BinaryPrimitives.WriteSingleLittleEndian(to, (float)value);
                break;
            case OnnxType.Double:
                BinaryPrimitives.WriteDoubleLittleEndian(to, value);
                break;
            case OnnxType.Float16:
                BinaryPrimitives.WriteHalfLittleEndian(to, (Half)value);
                break;
            case OnnxType.UInt64:
                BinaryPrimitives.WriteUInt64LittleEndian(to, value < 0 ? (ulong)(long)value : (ulong)value);
                break;
            case OnnxType.Bool:
                to[0] = value != 0 ? (byte)1 : (byte)0;
                break;
            default:
                Write(type, bytes, index, (long)value);
                break;
        }
    }

    private static void Write(OnnxType type, byte[] bytes, int index, long value)
    {
        var to = bytes.AsSpan(index * type.Size());
        switch (type)
        {
            case OnnxType.UInt8 or OnnxType.Int8:
                to[0] = unchecked((byte)value);
                break;
            case OnnxType.UInt16 or OnnxType.Int16:
                BinaryPrimitives.WriteUInt16LittleEndian(to, unchecked((ushort)value));
                break;
            case OnnxType.Int32 or OnnxType.UInt32:
                BinaryPrimitives.WriteUInt32LittleEndian(to, unchecked((uint)value));
                break;
            case OnnxType.Int64 or OnnxType.UInt64:
                BinaryPrimitives.WriteInt64LittleEndian(to, value);
                break;
            default:
                Write(type, bytes, index, (double)value);
                break;
        }
    }
}
