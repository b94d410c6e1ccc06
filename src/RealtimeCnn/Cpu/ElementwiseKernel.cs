using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>A function of one number, applied to 16 at a time.</summary>
internal interface IElementwiseFunction
{
    Vector512<float> Apply(Vector512<float> x);
}

/// <summary>
/// <c>y[i] = f(x[i])</c> over memory of either layout: an item is a run of whole vectors, and in channel-blocked memory the tail
/// channels are set back to zero, which f need not keep.
/// </summary>
internal static unsafe class ElementwiseKernel
{
    private const int VectorsPerItem = 256;

    public static CpuDispatch Plan<TFunction>(TFunction function, LayerCall call)
        where TFunction : unmanaged, IElementwiseFunction
    {
        var shape = call.Output.Shape;
        bool blocked = call.Output.Layout == Layout.Blocked;
        int vectors = (int)(call.Output.Elements(16) / 16);
        var constants = new Constants<TFunction>(
            function, vectors, blocked ? shape.Area : vectors, blocked ? BlockedLayout.Blocks(shape.Channels, 16) : 1, blocked ? shape.Channels % 16 : 0);
        return CpuDispatch.Create(&Forward<TFunction>, constants, (vectors + VectorsPerItem - 1) / VectorsPerItem);
    }

    private static void Forward<TFunction>(CpuArguments* arguments, int from, int to)
        where TFunction : unmanaged, IElementwiseFunction
    {
        ref readonly var c = ref *(Constants<TFunction>*)arguments->Constants;
        float* x = arguments->Inputs[0], y = arguments->Output;
        int end = Math.Min(to * VectorsPerItem, c.Vectors);
        for (int i = from * VectorsPerItem; i < end; i++)
        {
            var value = c.Function.Apply(Vector512.Load(x + (i * 16L)));
            if (c.Tail != 0 && i / c.Area % c.Blocks == c.Blocks - 1)
                value = Lanes.KeepFirst(value, c.Tail);
            Vector512.StoreAligned(value, y + (i * 16L));
        }
    }

    private readonly record struct Constants<TFunction>(TFunction Function, int Vectors, int Area, int Blocks, int Tail)
        where TFunction : unmanaged;
}
