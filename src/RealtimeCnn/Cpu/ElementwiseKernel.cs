using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>A function of one number, applied to 16 at a time.</summary>
internal interface IElementwiseFunction
{
    Vector512<float> Apply(Vector512<float> x);
}

/// <summary>Leaves a number as it is: a change of how it is stored.</summary>
internal readonly struct Unchanged : IElementwiseFunction
{
    public Vector512<float> Apply(Vector512<float> x) => x;
}

/// <summary>
/// <c>y[i] = f(x[i])</c> over memory of either layout, stored in any element type: an item is a run of whole vectors, and in
/// channel-blocked memory the tail channels are set back to zero, which f need not keep.
/// </summary>
internal static unsafe class ElementwiseKernel
{
    private const int VectorsPerItem = 128;

    public static CpuDispatch Plan<TFunction>(TFunction function, LayerCall call)
        where TFunction : unmanaged, IElementwiseFunction
    {
        var shape = call.Output.Shape;
        bool blocked = call.Output.Layout == Layout.Blocked;
        // A border of zeros is as long as pixels are: it counts as such.
        long elements = call.Output.Elements(Lanes.Count);
        int vectors = (int)(elements / Lanes.Count), blocks = blocked ? BlockedLayout.Blocks(shape.Channels, Lanes.Count) : 1;
        var constants = new Constants<TFunction>(
            function, vectors, blocked ? vectors / Math.Max(shape.Batch * blocks, 1) : vectors, blocks, blocked ? shape.Channels % Lanes.Count : 0);
        return CpuDispatch.Create(Kernel<TFunction>(call.Input.Element, call.Output.Element), constants, (vectors + VectorsPerItem - 1) / VectorsPerItem);
    }

    private static delegate*<CpuArguments*, int, int, void> Kernel<TFunction>(ElementType from, ElementType to)
        where TFunction : unmanaged, IElementwiseFunction => (from, to) switch
        {
            (ElementType.Float32, ElementType.Float32) => &Forward<TFunction, Floats, Floats>,
            (ElementType.Float32, ElementType.Float16) => &Forward<TFunction, Floats, Halves>,
            (ElementType.Float16, ElementType.Float32) => &Forward<TFunction, Halves, Floats>,
            (ElementType.Float16, ElementType.Float16) => &Forward<TFunction, Halves, Halves>,
            (ElementType.UInt8, ElementType.Float32) => &Forward<TFunction, Bytes, Floats>,
            (ElementType.UInt8, ElementType.Float16) => &Forward<TFunction, Bytes, Halves>,
            _ => throw new NotSupportedException($"No step stores what is computed of {from} as {to}."),
        };

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward<TFunction, TFrom, TTo>(CpuArguments* arguments, int from, int to)
        where TFunction : unmanaged, IElementwiseFunction
        where TFrom : ILoad
        where TTo : IStore
    {
        ref readonly var c = ref *(Constants<TFunction>*)arguments->Constants;
        void* x = arguments->Inputs[0], y = arguments->Output;
        int end = Math.Min(to * VectorsPerItem, c.Vectors);
        for (int i = from * VectorsPerItem; i < end;)
        {
            int plane = i / c.Area, last = Math.Min((plane + 1) * c.Area, end), channels = c.Tail != 0 && plane % c.Blocks == c.Blocks - 1 ? c.Tail : Lanes.Count;
            for (; i < last; i++)
                TTo.Store(Lanes.KeepFirst(c.Function.Apply(TFrom.Load(x, i)), channels), y, i);
        }
    }

    private readonly record struct Constants<TFunction>(TFunction Function, int Vectors, int Area, int Blocks, int Tail)
        where TFunction : unmanaged;
}
