using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Copies a constant to where the plan wants it.</summary>
internal static unsafe class ConstantKernel
{
    public static CpuDispatch Plan(Constant layer, LayerCall call) => CpuDispatch.Create(
        &Forward, layer.Shape.Count, 1, VectorPacking.Of(call, 0, Lanes.Count));

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        int count = *(int*)arguments->Constants;
        new ReadOnlySpan<float>(arguments->Weights[0], count).CopyTo(new Span<float>(arguments->Output, count));
    }
}
