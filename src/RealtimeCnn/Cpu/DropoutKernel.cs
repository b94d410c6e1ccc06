using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Dropout in training; at inference it is no call at all.</summary>
internal static unsafe class DropoutKernel
{
    private const int ElementsPerItem = 4096;

    public static CpuDispatch Plan(Dropout layer, LayerCall call)
    {
        int count = call.Output.Shape.Count;
        return CpuDispatch.Create(&Forward, new Constants(Dropout.Hash((uint)layer.Seed), layer.Threshold, 1 / (1 - layer.Rate), count), (count + ElementsPerItem - 1) / ElementsPerItem);
    }

    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int end = (int)Math.Min((long)to * ElementsPerItem, c.Count);
        for (int i = from * ElementsPerItem; i < end; i++)
            arguments->Output[i] = Dropout.Hash((uint)i ^ c.Key) >= c.Threshold ? arguments->Inputs[0][i] * c.Scale : 0;
    }

    private readonly record struct Constants(uint Key, uint Threshold, float Scale, int Count);
}
