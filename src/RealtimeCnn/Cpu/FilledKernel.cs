using System.Runtime.CompilerServices;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The same number everywhere.</summary>
internal static unsafe class FilledKernel
{
    public static CpuDispatch Plan(Filled layer) => CpuDispatch.Create(&Forward, new Constants(layer.Shape.Count, layer.Value), 1);

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        new Span<float>(arguments->Output, c.Count).Fill(c.Value);
    }

    private readonly record struct Constants(int Count, float Value);
}
