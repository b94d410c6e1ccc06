using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain running sum: an item is one line of elements.</summary>
internal static unsafe class CumSumKernel
{
    public static CpuDispatch Plan(CumSum layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Output.Shape, layer.Axis);
        return CpuDispatch.Create(&Forward, new Constants(axis, layer.Exclusive ? 1 : 0, layer.Reverse ? 1 : 0), axis.Runs);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int run = from; run < to; run++)
        {
            double sum = 0;
            for (int i = 0; i < c.Axis.Extent; i++)
            {
                long at = c.Axis.Start(run) + ((long)(c.Reverse != 0 ? c.Axis.Extent - 1 - i : i) * c.Axis.Inner);
                double value = arguments->Inputs[0][at];
                arguments->Output[at] = (float)(c.Exclusive != 0 ? sum : sum + value);
                sum += value;
            }
        }
    }

    private readonly record struct Constants(AxisGeometry Axis, int Exclusive, int Reverse);
}
