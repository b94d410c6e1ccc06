using System.Numerics;
using System.Runtime.InteropServices;

namespace RealtimeCnn.Camera;

/// <summary>
/// A fast 64-bit hash of a picture's bytes, taken while they are copied, so that a repeated picture is noticed without
/// reading it back. Any change within one 8-byte word changes the hash. Not for security.
/// </summary>
public struct PixelFingerprint
{
    // Odd multipliers make each step invertible: no single changed word can cancel out. Constants: golden ratio and
    // the primes of xxHash64.
    private const ulong Multiplier = 0x9E3779B185EBCA87;
    private const ulong Mixer = 0xC2B2AE3D27D4EB4F;
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>Adds bytes. The result depends on how the picture was cut, so cut every picture the same way.</summary>
    /// <param name="bytes">The next part of the picture.</param>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        int i = 0;
        var (a, b, c, d) = (_a, _b, _c, _d);
        for (; i + 4 <= words.Length; i += 4)
        {
            a = BitOperations.RotateLeft((a ^ words[i]) * Multiplier, 29);
            b = BitOperations.RotateLeft((b ^ words[i + 1]) * Multiplier, 29);
            c = BitOperations.RotateLeft((c ^ words[i + 2]) * Multiplier, 29);
            d = BitOperations.RotateLeft((d ^ words[i + 3]) * Multiplier, 29);
        }

        for (; i < words.Length; i++)
            a = BitOperations.RotateLeft((a ^ words[i]) * Multiplier, 29);
        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
            b = BitOperations.RotateLeft((b ^ rest) * Multiplier, 29);
        (_a, _b, _c, _d) = (a, b, c, d);
    }

    /// <summary>The hash of everything added.</summary>
    public readonly ulong Value
    {
        get
        {
            ulong hash = _a;
            foreach (ulong lane in (ReadOnlySpan<ulong>)[_b, _c, _d])
                hash = BitOperations.RotateLeft(hash * Mixer, 31) ^ lane;
            return hash;
        }
    }
}
