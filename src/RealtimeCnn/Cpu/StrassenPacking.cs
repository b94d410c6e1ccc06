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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed)
    {
        var values = sources[0].Elements;
        int half = Inputs / 2, below = Outputs / 2 * Inputs, step = half * Lanes.Count;
        for (int output = 0; output < Outputs / 2; output++)
        {
            var row = packed[(output / Lanes.Count * StrassenKernel.Factors * step)..];
            for (int i = 0; i < half; i++)
            {
                int from = (output * Inputs) + i, to = (i * Lanes.Count) + (output % Lanes.Count);
                double a11 = values[from], a12 = values[from + half], a21 = values[from + below], a22 = values[from + below + half];
                double s1 = a21 + a22, s2 = s1 - a11;
                row[to] = (float)a11;
                row[to + step] = (float)a12;
                row[to + (2 * step)] = (float)s2;
                row[to + (3 * step)] = (float)(a11 - a21);
                row[to + (4 * step)] = (float)-a22;
                row[to + (5 * step)] = (float)s1;
                row[to + (6 * step)] = (float)(a12 - s2);
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

    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed)
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
