using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary>What a pooling layer makes of the elements of one window; lane = channel.</summary>
internal unsafe interface IPooling
{
    /// <summary>One output vector.</summary>
    /// <param name="x">The plane that the window lies in.</param>
    /// <param name="plane">Its number: <c>n · blocks + block</c>.</param>
    /// <param name="window">The elements of the plane to read.</param>
    /// <param name="g">The numbers of the layer.</param>
    /// <param name="weights">Packed parameters of the layer.</param>
    static abstract Vector512<float> Reduce(float* x, int plane, in PoolingWindow window, in PoolingGeometry g, float** weights);
}

/// <summary>The loop that all pooling layers share: an item is one output row of one plane.</summary>
internal static unsafe class PoolingKernel
{
    public static CpuDispatch Plan<TPooling>(PoolingGeometry geometry, params PackedWeights[] weights)
        where TPooling : IPooling =>
        CpuDispatch.Create(&Forward<TPooling>, geometry, geometry.Planes * geometry.OutHeight, weights);

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward<TPooling>(CpuArguments* arguments, int from, int to)
        where TPooling : IPooling
    {
        ref readonly var g = ref *(PoolingGeometry*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int plane = item / g.OutHeight, row = item % g.OutHeight;
            var rows = g.RowsOf(row);
            int channels = g.Channels - (plane % g.Blocks * Lanes.Count);
            float* x = arguments->Inputs[0] + ((long)plane * g.InHeight * g.InWidth * Lanes.Count);
            float* y = arguments->Output + ((long)item * g.OutWidth * Lanes.Count);
            for (int column = 0; column < g.OutWidth; column++, y += Lanes.Count)
            {
                var window = new PoolingWindow(rows, g.ColumnsOf(column));
                Vector512.StoreAligned(Lanes.KeepFirst(TPooling.Reduce(x, plane, in window, in g, arguments->Weights), channels), y);
            }
        }
    }
}
