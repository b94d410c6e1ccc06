using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Weights <c>[Outputs][Inputs]</c> as the factors that <see cref="StrassenKernel"/> multiplies with, in its order, as
/// <c>[Outputs/2/16][factor][Inputs/2][16]</c>, computed in double: lane = output. Several elements make one, so that it cannot be undone.
/// </summary>
internal sealed record StrassenPacking(int Outputs, int Inputs)
    : Packing(Cost.Product(Outputs / 2, StrassenKernel.Factors, Inputs / 2))
{
    /// <summary>Blocks of half of the outputs.</summary>
    public override int Parts => Outputs / 2 / Lanes.Count;

    [MethodImpl(KernelCode.Optimized)]
    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to)
    {
        var values = sources[0].Elements;
        int half = Inputs / 2, below = Outputs / 2 * Inputs, step = half * Lanes.Count;
        for (int output = from * Lanes.Count; output < to * Lanes.Count; output++)
        {
            var row = packed[(output / Lanes.Count * StrassenKernel.Factors * step)..];
            for (int i = 0; i < half; i++)
            {
                int value = (output * Inputs) + i, place = (i * Lanes.Count) + (output % Lanes.Count);
                double a11 = values[value], a12 = values[value + half], a21 = values[value + below], a22 = values[value + below + half];
                double s1 = a21 + a22, s2 = s1 - a11;
                row[place] = (float)a11;
                row[place + step] = (float)a12;
                row[place + (2 * step)] = (float)s2;
                row[place + (3 * step)] = (float)(a11 - a21);
                row[place + (4 * step)] = (float)-a22;
                row[place + (5 * step)] = (float)s1;
                row[place + (6 * step)] = (float)(a12 - s2);
            }
        }
    }
}

/// <summary>
/// The largest magnitude of inputs with which no sum of <see cref="StrassenKernel"/> overflows: its factors are at most four weights and
/// four inputs large, and at most four of its products are summed. Negative where a weight is not finite.
/// </summary>
internal sealed record StrassenLimit(int Inputs) : Packing(1)
{
    private const double Growth = 4 * 4 * 4;

    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to)
    {
        float largest = 0;
        bool finite = true;
        foreach (float value in sources[0].Elements)
        {
            finite &= float.IsFinite(value);
            largest = Math.Max(largest, Math.Abs(value));
        }

        packed[0] = finite ? (float)Math.Min(float.MaxValue / (Growth * Inputs * Math.Max(largest, 1d / float.MaxValue)), float.MaxValue / Growth) : -1;
    }
}
