using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain one-hot coding: an item is one index.</summary>
internal static unsafe class OneHotKernel
{
    public static CpuDispatch Plan(OneHot layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Output.Shape, layer.Axis);
        return CpuDispatch.Create(&Forward, new Constants(axis, layer.Off, layer.On), axis.Runs);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int run = from; run < to; run++)
        {
            float index = arguments->Inputs[0][run];
            index = index < 0 ? index + c.Axis.Extent : index;
            float* y = arguments->Output + c.Axis.Start(run);
            for (int d = 0; d < c.Axis.Extent; d++)
                y[(long)d * c.Axis.Inner] = index == d ? c.On : c.Off;
        }
    }

    private readonly record struct Constants(AxisGeometry Axis, float Off, float On);
}
