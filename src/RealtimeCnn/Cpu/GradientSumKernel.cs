using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary><c>y = Σ x_i</c> over memory of either layout, in the order of the inputs; may lie where the first input does.</summary>
internal static unsafe class GradientSumKernel
{
    private const int VectorsPerItem = 256;

    public static CpuDispatch Plan(LayerCall call)
    {
        int vectors = (int)((call.Output.Elements(Lanes.Count) + Lanes.Count - 1) / Lanes.Count);
        return CpuDispatch.Create(&Forward, new Constants(call.Inputs.Length, vectors), (vectors + VectorsPerItem - 1) / VectorsPerItem);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int end = Math.Min(to * VectorsPerItem, c.Vectors);
        for (int i = from * VectorsPerItem; i < end; i++)
        {
            var sum = Vector512.Load(arguments->Inputs[0] + (i * (long)Lanes.Count));
            for (int input = 1; input < c.Inputs; input++)
                sum += Vector512.Load(arguments->Inputs[input] + (i * (long)Lanes.Count));
            Vector512.Store(sum, arguments->Output + (i * (long)Lanes.Count));
        }
    }

    private readonly record struct Constants(int Inputs, int Vectors);
}
