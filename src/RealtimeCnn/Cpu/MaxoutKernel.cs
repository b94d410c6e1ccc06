using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain maximum over groups of channels.</summary>
internal static unsafe class MaxoutKernel
{
    public static CpuDispatch Plan(Maxout layer, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var constants = new Constants(layer.Pieces, BlockedLayout.Blocks(x.Channels, 16), y.Channels, BlockedLayout.Blocks(y.Channels, 16), y.Area);
        return CpuDispatch.Create(&Forward, constants, y.Batch * constants.OutBlocks);
    }

    /// <summary>An item is one block of 16 output channels of one batch item.</summary>
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int n = item / c.OutBlocks, block = item % c.OutBlocks;
            float* x = arguments->Inputs[0] + ((long)n * c.InBlocks * c.Area * 16), y = arguments->Output + ((long)item * c.Area * 16);
            new Span<float>(y, c.Area * 16).Clear();
            for (int lane = 0; lane < Math.Min(16, c.Channels - (block * 16)); lane++)
            {
                int first = ((block * 16) + lane) * c.Pieces;
                for (int i = 0; i < c.Area; i++)
                {
                    float largest = float.NegativeInfinity;
                    for (int channel = first; channel < first + c.Pieces; channel++)
                        largest = Math.Max(largest, x[((((long)(channel / 16) * c.Area) + i) * 16) + (channel % 16)]);
                    y[(i * 16L) + lane] = largest;
                }
            }
        }
    }

    private readonly record struct Constants(int Pieces, int InBlocks, int Channels, int OutBlocks, int Area);
}
