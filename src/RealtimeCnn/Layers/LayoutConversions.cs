using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>Rearranges a row-major tensor into channel blocks. Inserted by the layout pass, never by users.</summary>
internal sealed record ToBlocked : Layer
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    internal static unsafe CpuDispatch PlanCpu(LayerCall call) => LayoutConversion.Plan(&Forward, call);

    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(LayoutConversion.Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int n = item / c.Blocks, block = item % c.Blocks, channels = Math.Min(16, c.Channels - (block * 16));
            float* x = arguments->Inputs[0] + ((((long)n * c.Channels) + (block * 16)) * c.Area);
            float* y = arguments->Output + ((long)item * c.Area * 16);
            for (int i = 0; i < c.Area; i++)
            {
                for (int lane = 0; lane < 16; lane++)
                    y[(i * 16L) + lane] = lane < channels ? x[((long)lane * c.Area) + i] : 0;
            }
        }
    }
}

/// <summary>Rearranges channel blocks into a row-major tensor. Inserted by the layout pass, never by users.</summary>
internal sealed record ToPlain : Layer
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    internal static unsafe CpuDispatch PlanCpu(LayerCall call) => LayoutConversion.Plan(&Forward, call);

    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(LayoutConversion.Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int n = item / c.Blocks, block = item % c.Blocks, channels = Math.Min(16, c.Channels - (block * 16));
            float* x = arguments->Inputs[0] + ((long)item * c.Area * 16);
            float* y = arguments->Output + ((((long)n * c.Channels) + (block * 16)) * c.Area);
            for (int lane = 0; lane < channels; lane++)
            {
                for (int i = 0; i < c.Area; i++)
                    y[((long)lane * c.Area) + i] = x[(i * 16L) + lane];
            }
        }
    }
}

/// <summary>What both layout conversions need: an item is one block of 16 channels of one batch item.</summary>
internal static class LayoutConversion
{
    public static unsafe CpuDispatch Plan(delegate*<CpuArguments*, int, int, void> kernel, LayerCall call)
    {
        var shape = call.Output.Shape;
        var constants = new Constants(shape.Channels, BlockedLayout.Blocks(shape.Channels, 16), shape.Area);
        return CpuDispatch.Create(kernel, constants, shape.Batch * constants.Blocks);
    }

    public readonly record struct Constants(int Channels, int Blocks, int Area);
}
