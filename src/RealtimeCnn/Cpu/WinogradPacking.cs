using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// 3×3 weights <c>[Outputs][Inputs][3][3]</c> as the points <c>G·w·Gᵀ</c> in <c>[Outputs/Block][point][PaddedInputs][Block]</c>, computed in
/// double: lane = output; zeros behind the last output and input. Several elements make one, so that it cannot be undone.
/// </summary>
/// <param name="Outputs">Outputs of the layer.</param>
/// <param name="Inputs">Inputs of the layer.</param>
/// <param name="Block">Lanes: 16 or 4.</param>
/// <param name="PaddedInputs">Inputs and zeros behind them.</param>
internal sealed unsafe record WinogradPacking<TForm>(int Outputs, int Inputs, int Block, int PaddedInputs)
    : Packing(Cost.Product(BlockedLayout.Blocks(Outputs, Block), Points, PaddedInputs, Block))
    where TForm : IWinogradForm
{
    private const int Taps = 9, Half = 8;

    private static int Points => (TForm.Outputs + 2) * (TForm.Outputs + 2);

    /// <summary>Blocks of outputs, where eight outputs, which are computed together, lie in one.</summary>
    public override int Parts => Block < Half ? 1 : Math.Max(BlockedLayout.Blocks(Outputs, Block), 1);

    [MethodImpl(KernelCode.Optimized)]
    public override void Pack(IReadOnlyList<Parameter> sources, Span<float> packed, int from, int to)
    {
        var values = sources[0].Elements;
        var points = stackalloc Vector512<double>[Points];
        var lanes = stackalloc float[Half];
        int outputs = BlockedLayout.Blocks(Outputs, Block) * Block, begin = outputs / Parts * from, end = outputs / Parts * to, run = Math.Min(Block, Half);
        if (PaddedInputs != Inputs)
            packed[(packed.Length / Parts * from)..(packed.Length / Parts * to)].Clear();
        for (int first = begin; first < end; first += Half)
        {
            for (int i = 0; i < Inputs; i++)
            {
                Transform(values, first, i, points);
                for (int point = 0; point < Points; point++)
                {
                    Vector256.Narrow(points[point].GetLower(), points[point].GetUpper()).Store(lanes);
                    for (int output = first; output < Math.Min(first + Half, end); output += run)
                        new ReadOnlySpan<float>(lanes + (output - first), run).CopyTo(packed[((((((output / Block * Points) + point) * PaddedInputs) + i) * Block) + (output % Block))..]);
                }
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
