using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Dropout in training; at inference it is no call at all. Backwards, the same elements of the gradient are dropped.</summary>
internal static unsafe class DropoutKernel
{
    private const int ElementsPerItem = 4096;

    public static CpuDispatch Plan(Dropout layer, LayerCall call)
    {
        int count = call.Output.Shape.Count;
        var constants = new Constants(Dropout.NodeKey(call.Mode.Seed, call.Node.Name), layer.Threshold, 1 / (1 - layer.Rate), count);
        return CpuDispatch.Create(&Drop, constants, (count + ElementsPerItem - 1) / ElementsPerItem);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Drop(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        uint key = Dropout.StepKey(c.NodeKey, arguments->Run->Step);
        int end = (int)Math.Min((long)to * ElementsPerItem, c.Count);
        for (int i = from * ElementsPerItem; i < end; i++)
            arguments->Output[i] = Dropout.Hash((uint)i ^ key) >= c.Threshold ? arguments->Inputs[0][i] * c.Scale : 0;
    }

    private readonly record struct Constants(uint NodeKey, uint Threshold, float Scale, int Count);
}
