using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Cpu;

/// <summary>
/// A register tile whose lanes are 16 pixels side by side in a row of a row-major plane, for values of so few channels that a block of 16
/// would be mostly zeros: at two places, for all channels, a bias and the sum over taps, in their order, of what lies there times the
/// channel's weight.
/// </summary>
internal unsafe struct PixelTile
{
    /// <summary>Channels of a tile, and most of a value for which lanes are pixels.</summary>
    public const int Channels = 6;

    /// <summary>Places of a tile.</summary>
    public const int Places = 2;

    /// <summary>Biases of all channels.</summary>
    public float* Bias;

    /// <summary>Weights of the first tap, one for each channel of a tile; those of the next tap follow.</summary>
    public float* Weights;

    /// <summary>Floats from a place to its first pixel under each tap.</summary>
    public int* Offsets;

    /// <summary>How many taps there are.</summary>
    public int Taps;

    /// <summary>Channels that are written.</summary>
    public int Written;

    /// <summary>Floats from an output's place to that of the next channel.</summary>
    public nint OutputStride;

    /// <summary>Pixels of a place that are written, at most 16.</summary>
    public int Pixels;

    /// <summary>All channels of two places.</summary>
    /// <param name="tile">What is computed.</param>
    /// <param name="inputs">Where the places lie in the input.</param>
    /// <param name="outputs">Where they lie in the output's first channel.</param>
    [MethodImpl(KernelCode.Optimized)]
    public static void Compute(PixelTile* tile, float** inputs, float** outputs)
    {
        float* bias = tile->Bias, weights = tile->Weights, x = inputs[0], y = inputs[1];
        Vector512<float> a0 = Vector512.Create(bias[0]), a1 = Vector512.Create(bias[1]), a2 = Vector512.Create(bias[2]);
        Vector512<float> a3 = Vector512.Create(bias[3]), a4 = Vector512.Create(bias[4]), a5 = Vector512.Create(bias[5]);
        Vector512<float> b0 = a0, b1 = a1, b2 = a2, b3 = a3, b4 = a4, b5 = a5;
        int* offset = tile->Offsets;
        for (int* end = offset + tile->Taps; offset < end; offset++, weights += Channels)
        {
            Vector512<float> u = Vector512.Load(x + *offset), v = Vector512.Load(y + *offset);
            var weight = Vector512.Create(weights[0]);
            a0 = Lanes.MultiplyAdd(weight, u, a0);
            b0 = Lanes.MultiplyAdd(weight, v, b0);
            weight = Vector512.Create(weights[1]);
            a1 = Lanes.MultiplyAdd(weight, u, a1);
            b1 = Lanes.MultiplyAdd(weight, v, b1);
            weight = Vector512.Create(weights[2]);
            a2 = Lanes.MultiplyAdd(weight, u, a2);
            b2 = Lanes.MultiplyAdd(weight, v, b2);
            weight = Vector512.Create(weights[3]);
            a3 = Lanes.MultiplyAdd(weight, u, a3);
            b3 = Lanes.MultiplyAdd(weight, v, b3);
            weight = Vector512.Create(weights[4]);
            a4 = Lanes.MultiplyAdd(weight, u, a4);
            b4 = Lanes.MultiplyAdd(weight, v, b4);
            weight = Vector512.Create(weights[5]);
            a5 = Lanes.MultiplyAdd(weight, u, a5);
            b5 = Lanes.MultiplyAdd(weight, v, b5);
        }

        Store(tile, outputs[0], a0, a1, a2, a3, a4, a5);
        Store(tile, outputs[1], b0, b1, b2, b3, b4, b5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(PixelTile* tile, float* output, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3, Vector512<float> v4, Vector512<float> v5)
    {
        nint plane = tile->OutputStride;
        int channels = tile->Written, pixels = tile->Pixels;
        Lanes.StoreFirst(v0, output, pixels);
        if (channels > 1)
            Lanes.StoreFirst(v1, output + plane, pixels);
        if (channels > 2)
            Lanes.StoreFirst(v2, output + (2 * plane), pixels);
        if (channels > 3)
            Lanes.StoreFirst(v3, output + (3 * plane), pixels);
        if (channels > 4)
            Lanes.StoreFirst(v4, output + (4 * plane), pixels);
        if (channels > 5)
            Lanes.StoreFirst(v5, output + (5 * plane), pixels);
    }
}
