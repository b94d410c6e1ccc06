using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// 3×3 weights <c>[Outputs][Inputs][3][3]</c> as the points <c>G·w·Gᵀ</c> in <c>[Outputs/16][point][Inputs][16]</c>, computed in double:
/// lane = output; zeros behind the last output. Several elements make one, so that it cannot be undone.
/// </summary>
internal sealed unsafe record WinogradPacking<TForm>(int Outputs, int Inputs)
    : Packing(Cost.Product(BlockedLayout.Blocks(Outputs, Lanes.Count), Points, Inputs, Lanes.Count))
    where TForm : IWinogradForm
{
    private const int Taps = 9, Half = Lanes.Count / 2;

    private static int Points => (TForm.Outputs + 2) * (TForm.Outputs + 2);

    [MethodImpl(KernelCode.Optimized)]
    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed)
    {
        var values = sources[0].Elements;
        var halves = stackalloc Vector512<double>[2 * Points];
        for (int block = 0; block < BlockedLayout.Blocks(Outputs, Lanes.Count); block++)
        {
            for (int i = 0; i < Inputs; i++)
            {
                Transform(values, block * Lanes.Count, i, halves);
                Transform(values, (block * Lanes.Count) + Half, i, halves + Points);
                for (int point = 0; point < Points; point++)
                    Vector512.Narrow(halves[point], halves[Points + point]).CopyTo(packed[(((((block * Points) + point) * Inputs) + i) * Lanes.Count)..]);
            }
        }
    }

    /// <summary>The points of eight outputs and one input.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private void Transform(ReadOnlySpan<float> values, int output, int input, Vector512<double>* points)
    {
        int side = TForm.Outputs + 2;
        var weights = stackalloc Vector512<double>[Taps];
        var rows = stackalloc Vector512<double>[side * 3];
        new Span<Vector512<double>>(weights, Taps).Clear();
        for (int lane = 0; lane < Math.Min(Half, Outputs - output); lane++)
        {
            int from = (((output + lane) * Inputs) + input) * Taps;
            for (int tap = 0; tap < Taps; tap++)
                ((double*)weights)[(tap * Half) + lane] = values[from + tap];
        }

        for (int column = 0; column < 3; column++)
            TForm.Weight(weights + column, 3, rows + column, 3);
        for (int row = 0; row < side; row++)
            TForm.Weight(rows + (row * 3), 1, points + (row * side), 1);
    }
}
