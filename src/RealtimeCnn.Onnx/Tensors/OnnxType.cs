#pragma warning disable CA1720 // The members carry the names that the format gives its types.
namespace RealtimeCnn.Onnx;

/// <summary>Element types of ONNX tensors; the numbers are those of the format.</summary>
public enum OnnxType
{
    /// <summary>Not stated.</summary>
    Undefined = 0,

    /// <summary>float32.</summary>
    Float = 1,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8 = 2,

    /// <summary>Signed, 8 bits.</summary>
    Int8 = 3,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16 = 4,

    /// <summary>Signed, 16 bits.</summary>
    Int16 = 5,

    /// <summary>Signed, 32 bits.</summary>
    Int32 = 6,

    /// <summary>Signed, 64 bits.</summary>
    Int64 = 7,

    /// <summary>Text; not supported.</summary>
    String = 8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 9,

    /// <summary>IEEE 754 half precision.</summary>
    Float16 = 10,

    /// <summary>float64.</summary>
    Double = 11,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32 = 12,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64 = 13,

    /// <summary>Complex of float32; not supported.</summary>
    Complex64 = 14,

    /// <summary>Complex of float64; not supported.</summary>
    Complex128 = 15,

    /// <summary>The upper half of a float32; not supported.</summary>
    BFloat16 = 16,

    /// <summary>8-bit float; not supported.</summary>
    Float8E4M3FN = 17,

    /// <summary>8-bit float; not supported.</summary>
    Float8E4M3FNUZ = 18,

    /// <summary>8-bit float; not supported.</summary>
    Float8E5M2 = 19,

    /// <summary>8-bit float; not supported.</summary>
    Float8E5M2FNUZ = 20,

    /// <summary>4-bit unsigned; not supported.</summary>
    UInt4 = 21,

    /// <summary>4-bit signed; not supported.</summary>
    Int4 = 22,

    /// <summary>4-bit float; not supported.</summary>
    Float4E2M1 = 23,

    /// <summary>8-bit power of two; not supported.</summary>
    Float8E8M0 = 24,

    /// <summary>2-bit unsigned; not supported.</summary>
    UInt2 = 25,

    /// <summary>2-bit signed; not supported.</summary>
    Int2 = 26,
}

/// <summary>What the element types are.</summary>
internal static class OnnxTypes
{
    /// <summary>The types that can be read, computed with and written.</summary>
    public const string Supported = "float, double, float16, int8, int16, int32, int64, uint8, uint16, uint32, uint64 and bool";

    /// <summary>Bytes of one element; 0 for types that are not supported.</summary>
    public static int Size(this OnnxType type) => type switch
    {
        OnnxType.UInt8 or OnnxType.Int8 or OnnxType.Bool => 1,
        OnnxType.UInt16 or OnnxType.Int16 or OnnxType.Float16 => 2,
        OnnxType.Float or OnnxType.Int32 or OnnxType.UInt32 => 4,
        OnnxType.Int64 or OnnxType.UInt64 or OnnxType.Double => 8,
        _ => 0,
    };

    public static bool IsSupported(this OnnxType type) => Size(type) != 0;

    public static bool IsFloat(this OnnxType type) => type is OnnxType.Float or OnnxType.Float16 or OnnxType.Double;

    /// <summary>Integers and bool.</summary>
    public static bool IsInteger(this OnnxType type) => IsSupported(type) && !IsFloat(type);

    /// <summary>The least and greatest value of an integer type, as exactly as a double can hold them.</summary>
    public static (double Least, double Greatest) Range(this OnnxType type) => type switch
    {
        OnnxType.UInt8 => (0, byte.MaxValue),
        OnnxType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        OnnxType.UInt16 => (0, ushort.MaxValue),
        OnnxType.Int16 => (short.MinValue, short.MaxValue),
        OnnxType.Int32 => (int.MinValue, int.MaxValue),
        OnnxType.UInt32 => (0, uint.MaxValue),
        OnnxType.Int64 => (long.MinValue, long.MaxValue),
        OnnxType.UInt64 => (0, ulong.MaxValue),
        OnnxType.Bool => (0, 1),
        _ => (double.NegativeInfinity, double.PositiveInfinity),
    };

    /// <summary>The name ONNX documents use.</summary>
    public static string Text(this OnnxType type) => Enum.IsDefined(type) ? type.ToString().ToLowerInvariant() : $"type {(int)type}";
}
