using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradient of local response normalisation, row-major. With <c>d = Bias + Alpha/Size·Σ x²</c> over a channel's window:
/// <c>dx[c] = dy[c]·d[c]^−Beta − 2·Alpha·Beta/Size·x[c]·Σ over the channels e whose windows hold c of dy[e]·x[e]·d[e]^(−Beta − 1)</c>.
/// An item is some pixels of one picture.
/// </summary>
internal static unsafe class LrnGradientKernel
{
    private const int PixelsPerItem = 64;

    public static CpuDispatch Plan(Lrn layer, LayerCall call)
    {
        var x = call.Output.Shape;
        int parts = (x.Area + PixelsPerItem - 1) / PixelsPerItem;
        return CpuDispatch.Create(&Backward, new Constants(x.Channels, x.Area, parts, (layer.Size - 1) / 2, layer.Size / 2, layer.Alpha / layer.Size, layer.Beta, layer.Bias), x.Batch * parts)
            .WithScratch(x.Count);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var (n, part) = Math.DivRem(item, c.Parts);
            int pixels = Math.Min(PixelsPerItem, c.Area - (part * PixelsPerItem));
            long first = ((long)n * c.Channels * c.Area) + ((long)part * PixelsPerItem);
            float* dy = arguments->Inputs[0] + first, x = arguments->Inputs[1] + first, dx = arguments->Output + first, shares = arguments->Scratch[0] + first;
            for (int channel = 0; channel < c.Channels; channel++)
            {
                for (int i = 0; i < pixels; i++)
                {
                    long at = ((long)channel * c.Area) + i;
                    float divisor = c.Bias + (c.Weight * Sum(x, x, in c, channel - c.Before, channel + c.After, i)), power = MathF.Pow(divisor, -c.Beta);
                    dx[at] = dy[at] * power;
                    shares[at] = dy[at] * x[at] * power / divisor;
                }
            }

            for (int channel = 0; channel < c.Channels; channel++)
            {
                for (int i = 0; i < pixels; i++)
                {
                    long at = ((long)channel * c.Area) + i;
                    dx[at] -= 2 * c.Weight * c.Beta * x[at] * Sum(shares, null, in c, channel - c.After, channel + c.Before, i);
                }
            }
        }
    }

    /// <summary>Over some channels, the sum of one pixel's numbers, or of their products with others.</summary>
    private static float Sum(float* a, float* b, in Constants c, int from, int last, int pixel)
    {
        float sum = 0;
        for (int channel = Math.Max(from, 0); channel <= Math.Min(last, c.Channels - 1); channel++)
        {
            long at = ((long)channel * c.Area) + pixel;
            sum += b == null ? a[at] : a[at] * b[at];
        }

        return sum;
    }

    /// <param name="Channels">Channels.</param>
    /// <param name="Area">Pixels of each.</param>
    /// <param name="Parts">Items of a picture.</param>
    /// <param name="Before">Channels of a window before its own.</param>
    /// <param name="After">The same behind it.</param>
    /// <param name="Weight">Alpha / Size.</param>
    /// <param name="Beta">The exponent.</param>
    /// <param name="Bias">What is added to the sum.</param>
    private readonly record struct Constants(int Channels, int Area, int Parts, int Before, int After, float Weight, float Beta, float Bias);
}
