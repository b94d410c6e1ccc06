using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RealtimeCnn.Cpu;

/// <summary>Reads the 16 elements of a vector out of memory of one element type.</summary>
internal unsafe interface ILoad
{
    /// <param name="memory">The first element of the tensor.</param>
    /// <param name="vector">The number of the vector.</param>
    static abstract Vector512<float> Load(void* memory, long vector);
}

/// <summary>Writes the 16 elements of a vector into memory of one element type.</summary>
internal unsafe interface IStore
{
    /// <inheritdoc cref="ILoad.Load"/>
    static abstract void Store(Vector512<float> value, void* memory, long vector);
}

/// <summary>float32 in memory.</summary>
internal readonly unsafe struct Floats : ILoad, IStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(void* memory, long vector) => Vector512.Load((float*)memory + (vector * Lanes.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, void* memory, long vector) => Vector512.StoreAligned(value, (float*)memory + (vector * Lanes.Count));
}

/// <summary>Bytes in memory: whole numbers from 0 to 255.</summary>
internal readonly unsafe struct Bytes : ILoad
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(void* memory, long vector)
    {
        byte* bytes = (byte*)memory + (vector * Lanes.Count);
        if (Avx512F.IsSupported)
            return Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(bytes)));
        if (Avx2.IsSupported)
            return Vector512.ConvertToSingle(Lanes.Join(Avx2.ConvertToVector256Int32(bytes), Avx2.ConvertToVector256Int32(bytes + 8)));
        var (lower, upper) = Vector256.Widen(Vector256.Create(Vector128.WidenLower(Vector128.Load(bytes)), Vector128.WidenUpper(Vector128.Load(bytes))));
        return Vector512.ConvertToSingle(Lanes.Join(lower, upper).AsInt32());
    }
}

/// <summary>IEEE 754 halves in memory.</summary>
/// <remarks>Source: Fabian Giesen 2012, "float→half variants": the exponent is moved by a multiplication, which handles subnormal numbers.</remarks>
internal readonly unsafe struct Halves : ILoad, IStore
{
    private const int HalfInfinity = 0x7c00, FloatInfinity = 0x7f800000, QuietNaN = 0x7e00;

    /// <summary>Stores a run of floats of any length.</summary>
    public static void Narrow(ReadOnlySpan<float> floats, Span<Half> halves)
    {
        fixed (float* from = floats)
        fixed (Half* to = halves)
        {
            int vectors = floats.Length / Lanes.Count;
            for (int i = 0; i < vectors; i++)
                Store(Vector512.Load(from + (i * (long)Lanes.Count)), to, i);
            for (int i = vectors * Lanes.Count; i < floats.Length; i++)
                to[i] = (Half)from[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(void* memory, long vector)
    {
        var (lower, upper) = Vector256.Widen(Vector256.Load((ushort*)memory + (vector * Lanes.Count)));
        var half = Lanes.Join(lower, upper).AsInt32();
        var magnitude = half & Vector512.Create(0x7fff);
        // 2^112, the distance of the two exponents' biases.
        var number = ((magnitude << 13).AsSingle() * Vector512.Create(0x77800000).AsSingle()).AsInt32();
        var infinite = Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(HalfInfinity));
        number = Vector512.ConditionalSelect(infinite, (magnitude << 13) | Vector512.Create(FloatInfinity), number);
        return (number | ((half & Vector512.Create(0x8000)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, void* memory, long vector)
    {
        var bits = value.AsInt32();
        var magnitude = bits & Vector512.Create(0x7fffffff);
        // Subnormal halves: adding 0.5 lets the processor round the mantissa to where it belongs.
        var magic = Vector512.Create(0x3f000000);
        var subnormal = (magnitude.AsSingle() + magic.AsSingle()).AsInt32() - magic;
        // Normal ones: move the exponent, and round to nearest with ties to even.
        var odd = Vector512.ShiftRightLogical(magnitude, 13) & Vector512<int>.One;
        var normal = Vector512.ShiftRightLogical(magnitude + Vector512.Create(((15 - 127) << 23) + 0xfff) + odd, 13);
        var special = Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, Vector512.Create(FloatInfinity)), Vector512.Create(QuietNaN), Vector512.Create(HalfInfinity));
        var half = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(113 << 23)), subnormal, normal);
        half = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(magnitude, Vector512.Create((127 + 16) << 23)), special, half);
        half |= Vector512.ShiftRightLogical(bits, 16) & Vector512.Create(0x8000);
        Vector256.Narrow(half.AsUInt32().GetLower(), half.AsUInt32().GetUpper()).Store((ushort*)memory + (vector * Lanes.Count));
    }
}
