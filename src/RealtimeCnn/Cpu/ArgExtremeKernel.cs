using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain search for the index of an extreme: an item is one line of elements.</summary>
internal static unsafe class ArgExtremeKernel
{
    public static CpuDispatch Plan(ArgExtremeLayer layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Input.Shape, layer.Axis);
        return CpuDispatch.Create(&Forward, new Constants(axis, layer.Direction, layer.SelectLast ? 1 : 0), axis.Runs);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int run = from; run < to; run++)
        {
            float* x = arguments->Inputs[0] + c.Axis.Start(run);
            float best = float.NegativeInfinity;
            int index = 0;
            for (int i = 0; i < c.Axis.Extent; i++)
            {
                float value = x[(long)i * c.Axis.Inner] * c.Direction;
                if (value > best || (c.SelectLast != 0 && value == best))
                    (best, index) = (value, i);
            }

            arguments->Output[run] = index;
        }
    }

    private readonly record struct Constants(AxisGeometry Axis, float Direction, int SelectLast);
}
