using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain gather: an item is one index and the slice it chooses.</summary>
internal static unsafe class GatherKernel
{
    public static CpuDispatch Plan(Gather layer, LayerCall call)
    {
        var axis = AxisGeometry.Of(call.Input.Shape, layer.Axis);
        int indices = call.Inputs[1].Shape.Count;
        return CpuDispatch.Create(&Forward, new Constants(axis, indices), axis.Outer * indices);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            float index = arguments->Inputs[1][item % c.Indices];
            index = index < 0 ? index + c.Axis.Extent : index;
            var y = new Span<float>(arguments->Output + ((long)item * c.Axis.Inner), c.Axis.Inner);
            if (index >= 0 && index < c.Axis.Extent)
                new ReadOnlySpan<float>(arguments->Inputs[0] + ((((long)(item / c.Indices) * c.Axis.Extent) + (int)index) * c.Axis.Inner), c.Axis.Inner).CopyTo(y);
            else
                y.Fill(float.NaN);
        }
    }

    private readonly record struct Constants(AxisGeometry Axis, int Indices);
}
