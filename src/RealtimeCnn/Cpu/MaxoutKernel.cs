using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain maximum over groups of channels.</summary>
internal static unsafe class MaxoutKernel
{
    public static CpuDispatch Plan(Maxout layer, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var constants = new Constants(layer.Pieces, BlockedLayout.Blocks(x.Channels, Lanes.Count), y.Channels, BlockedLayout.Blocks(y.Channels, Lanes.Count), y.Area);
        return CpuDispatch.Create(&Forward, constants, y.Batch * constants.OutBlocks);
    }

    /// <summary>An item is one block of 16 output channels of one batch item.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int n = item / c.OutBlocks, block = item % c.OutBlocks;
            float* x = arguments->Inputs[0] + ((long)n * c.InBlocks * c.Area * Lanes.Count), y = arguments->Output + ((long)item * c.Area * Lanes.Count);
            new Span<float>(y, c.Area * Lanes.Count).Clear();
            for (int lane = 0; lane < Math.Min(Lanes.Count, c.Channels - (block * Lanes.Count)); lane++)
            {
                int first = ((block * Lanes.Count) + lane) * c.Pieces;
                for (int i = 0; i < c.Area; i++)
                {
                    float largest = float.NegativeInfinity;
                    for (int channel = first; channel < first + c.Pieces; channel++)
                        largest = Math.Max(largest, x[((((long)(channel / Lanes.Count) * c.Area) + i) * Lanes.Count) + (channel % Lanes.Count)]);
                    y[(i * (long)Lanes.Count) + lane] = largest;
                }
            }
        }
    }

    private readonly record struct Constants(int Pieces, int InBlocks, int Channels, int OutBlocks, int Area);
}
