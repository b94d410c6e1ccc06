using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Sums of neighbouring pixels that stay in registers while the taps of their windows go by: 8 pixels of two blocks of 16 output
/// channels, or 16 of one, with 512-bit vectors; 4 of one with narrower ones, where a block takes several registers.
/// </summary>
/// <remarks>A tile always computes all its pixels: input must be there to be read, output to be overwritten.</remarks>
internal unsafe struct FirstLayerTile
{
    /// <summary>Most pixels of a tile with vectors of any width.</summary>
    public const int MostPixels = 16;

    /// <summary>Most blocks of output channels of a tile.</summary>
    public static readonly int MostBlocks = Vector512.IsHardwareAccelerated ? 2 : 1;

    private readonly Vector512<float> _lowest, _highest, _mask;

    /// <summary>A tile whose last block has fewer than 16 channels, perhaps.</summary>
    public FirstLayerTile(Activation activation, int channelsOfLastBlock)
    {
        var (lowest, highest) = activation.Function switch
        {
            ActivationFunction.Relu => (0, float.PositiveInfinity),
            ActivationFunction.Clip => (activation.Alpha, activation.Beta),
            _ => (float.NegativeInfinity, float.PositiveInfinity),
        };
        (_lowest, _highest, _mask) = (Vector512.Create(lowest), Vector512.Create(highest), Lanes.KeepFirst(Vector512<float>.AllBitsSet, channelsOfLastBlock));
    }

    /// <summary>The first tap of the first pixel's window.</summary>
    public byte* Input { get; set; }

    /// <summary>Where each tap lies, in bytes from the first one.</summary>
    public int* Offsets { get; init; }

    /// <summary>Taps of a window.</summary>
    public int Taps { get; init; }

    /// <summary>Bytes from a pixel's window to the next pixel's.</summary>
    public nint Step { get; init; }

    /// <summary>Weights of the first block as <c>[tap][16]</c>, those of the second behind them.</summary>
    public float* Weights { get; init; }

    /// <summary>What sums start with.</summary>
    public float* Bias { get; init; }

    /// <summary>The first pixel of the first block.</summary>
    public float* Output { get; set; }

    /// <summary>Floats from the first block's output to the second's.</summary>
    public long OutputStep { get; set; }

    /// <summary>Whether an activation is two bounds, which a tile applies to what it stores.</summary>
    public static bool IsClamp(Activation activation) => activation.Function is ActivationFunction.None or ActivationFunction.Relu or ActivationFunction.Clip;

    /// <summary>Pixels of a tile of so many blocks.</summary>
    public static int PixelsOf(int blocks) => !Vector512.IsHardwareAccelerated ? 4 : blocks == 2 ? 8 : 16;

    /// <summary>Computes and stores all pixels.</summary>
    public void Compute(int blocks)
    {
        fixed (FirstLayerTile* tile = &this)
        {
            if (!Vector512.IsHardwareAccelerated)
                ComputeNarrow(tile);
            else if (blocks == 2)
                ComputeWide<Pair>(tile);
            else
                ComputeWide<Single>(tile);
        }
    }

    /// <summary>A sum as it is stored. NaN stays NaN: of two numbers, of which one is NaN, these take the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector512<float> Clamp(Vector512<float> sum, bool isLast)
    {
        sum = Vector512.MinNative(_highest, Vector512.MaxNative(_lowest, sum));
        return isLast ? sum & _mask : sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeWide<TShape>(FirstLayerTile* tile)
        where TShape : IShape
    {
        var bias = Vector512.Load(tile->Bias);
        Vector512<float> a0 = bias, a1 = bias, a2 = bias, a3 = bias, a4 = bias, a5 = bias, a6 = bias, a7 = bias;
        if (TShape.IsPair)
            bias = Vector512.Load(tile->Bias + Lanes.Count);
        Vector512<float> b0 = bias, b1 = bias, b2 = bias, b3 = bias, b4 = bias, b5 = bias, b6 = bias, b7 = bias;
        byte* input = tile->Input;
        int* offset = tile->Offsets, end = offset + tile->Taps;
        nint step = tile->Step, step3 = 3 * step, step4 = 4 * step, second = tile->Taps * (nint)Lanes.Count;
        for (float* w = tile->Weights; offset < end; offset++, w += Lanes.Count)
        {
            byte* p = input + *offset, q = p + step4;
            byte* r = TShape.IsPair ? p : q + step4, s = TShape.IsPair ? q : r + step4;
            var u = Vector512.Load(w);
            var v = TShape.IsPair ? Vector512.Load(w + second) : u;
            Add<TShape>(p, r, u, v, ref a0, ref b0);
            Add<TShape>(p + step, r + step, u, v, ref a1, ref b1);
            Add<TShape>(p + (2 * step), r + (2 * step), u, v, ref a2, ref b2);
            Add<TShape>(p + step3, r + step3, u, v, ref a3, ref b3);
            Add<TShape>(q, s, u, v, ref a4, ref b4);
            Add<TShape>(q + step, s + step, u, v, ref a5, ref b5);
            Add<TShape>(q + (2 * step), s + (2 * step), u, v, ref a6, ref b6);
            Add<TShape>(q + step3, s + step3, u, v, ref a7, ref b7);
        }

        float* y = tile->Output, z = TShape.IsPair ? y + tile->OutputStep : y + (8 * Lanes.Count);
        tile->Store8(y, isLast: !TShape.IsPair, a0, a1, a2, a3, a4, a5, a6, a7);
        tile->Store8(z, isLast: true, b0, b1, b2, b3, b4, b5, b6, b7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TShape>(byte* p, byte* r, Vector512<float> u, Vector512<float> v, ref Vector512<float> a, ref Vector512<float> b)
        where TShape : IShape
    {
        var x = Vector512.Create(*(float*)p);
        a = Vector512.MultiplyAddEstimate(x, u, a);
        b = Vector512.MultiplyAddEstimate(TShape.IsPair ? x : Vector512.Create(*(float*)r), v, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Store8(
        float* y, bool isLast, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, Vector512<float> s4, Vector512<float> s5, Vector512<float> s6, Vector512<float> s7)
    {
        Clamp(s0, isLast).Store(y);
        Clamp(s1, isLast).Store(y + Lanes.Count);
        Clamp(s2, isLast).Store(y + (2 * Lanes.Count));
        Clamp(s3, isLast).Store(y + (3 * Lanes.Count));
        Clamp(s4, isLast).Store(y + (4 * Lanes.Count));
        Clamp(s5, isLast).Store(y + (5 * Lanes.Count));
        Clamp(s6, isLast).Store(y + (6 * Lanes.Count));
        Clamp(s7, isLast).Store(y + (7 * Lanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeNarrow(FirstLayerTile* tile)
    {
        var bias = Vector512.Load(tile->Bias);
        Vector512<float> s0 = bias, s1 = bias, s2 = bias, s3 = bias;
        byte* input = tile->Input;
        int* offset = tile->Offsets, end = offset + tile->Taps;
        nint step = tile->Step;
        for (float* w = tile->Weights; offset < end; offset++, w += Lanes.Count)
        {
            byte* p = input + *offset;
            var u = Vector512.Load(w);
            s0 = Vector512.MultiplyAddEstimate(Vector512.Create(*(float*)p), u, s0);
            s1 = Vector512.MultiplyAddEstimate(Vector512.Create(*(float*)(p + step)), u, s1);
            s2 = Vector512.MultiplyAddEstimate(Vector512.Create(*(float*)(p + (2 * step))), u, s2);
            s3 = Vector512.MultiplyAddEstimate(Vector512.Create(*(float*)(p + (3 * step))), u, s3);
        }

        float* y = tile->Output;
        tile->Clamp(s0, isLast: true).Store(y);
        tile->Clamp(s1, isLast: true).Store(y + Lanes.Count);
        tile->Clamp(s2, isLast: true).Store(y + (2 * Lanes.Count));
        tile->Clamp(s3, isLast: true).Store(y + (3 * Lanes.Count));
    }

    /// <summary>How 16 sums are shared out.</summary>
    private interface IShape
    {
        static abstract bool IsPair { get; }
    }

    /// <summary>8 pixels of two blocks.</summary>
    private readonly struct Pair : IShape
    {
        public static bool IsPair => true;
    }

    /// <summary>16 pixels of one block.</summary>
    private readonly struct Single : IShape
    {
        public static bool IsPair => false;
    }
}
