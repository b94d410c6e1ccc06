using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain gather of single elements.</summary>
internal static unsafe class GatherElementsKernel
{
    public static CpuDispatch Plan(GatherElements layer, LayerCall call) => CpuDispatch.Create(
        &Forward, new Constants(call.Input.Shape, call.Output.Shape, AxisIndex.Resolve(layer.Axis, call.Input.Shape.Rank)), call.Output.Shape.Count);

    /// <summary>An item is one element of the output.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int extent = c.Data[c.Axis];
            float index = arguments->Inputs[1][item];
            index = index < 0 ? index + extent : index;
            if (!(index >= 0 && index < extent))
            {
                arguments->Output[item] = float.NaN;
                continue;
            }

            long position = 0, stride = 1;
            int rest = item;
            for (int axis = c.Data.Rank - 1; axis >= 0; axis--)
            {
                int coordinate = rest % c.Output[axis];
                rest /= c.Output[axis];
                position += (axis == c.Axis ? (long)index : coordinate) * stride;
                stride *= c.Data[axis];
            }

            arguments->Output[item] = arguments->Inputs[0][position];
        }
    }

    private readonly record struct Constants(Shape Data, Shape Output, int Axis);
}
