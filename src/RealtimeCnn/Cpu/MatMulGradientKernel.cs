using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of a matrix product: <c>da[m,k] = Σ over n of dy[m,n]·b[k,n]</c>, summed in 16 lanes and these in order, and
/// <c>db[k,n] = Σ over m of a[m,k]·dy[m,n]</c>, in order. Each product gives its own; those of a matrix that meets several are summed by
/// the plan. An item is one row of a result.
/// </summary>
internal static unsafe class MatMulGradientKernel
{
    /// <summary>The shape of a gradient: the batch of products, and the axes that its matrix has.</summary>
    public static Shape Spread(LayerCall forward, GradientTarget target)
    {
        Shape a = forward.Inputs[0].Shape, b = forward.Inputs[1].Shape, y = forward.Output.Shape, own = forward.Inputs[target.Index].Shape;
        int batch = y.Rank - (a.Rank > 1 ? 1 : 0) - (b.Rank > 1 ? 1 : 0);
        return new Shape([.. y.ToArray()[..batch], .. own.ToArray()[Math.Max(own.Rank - 2, 0)..]]);
    }

    public static CpuDispatch PlanLeft(LayerCall call) => Plan(&Left, call, constants => constants.Rows);

    public static CpuDispatch PlanRight(LayerCall call) => Plan(&Right, call, constants => constants.Inner);

    private static CpuDispatch Plan(delegate*<CpuArguments*, int, int, void> kernel, LayerCall call, Func<Constants, int> rows)
    {
        var (m, k, n, batch) = MatMul.Geometry(call.Inputs[1].Shape, call.Inputs[2].Shape);
        var constants = new Constants(m, k, n, batch.Extents.Length);
        int products = batch.Extents.Aggregate(1, (product, extent) => product * extent);
        return CpuDispatch.CreateWithTable(kernel, constants, [.. batch.Extents, .. batch.Strides[0], .. batch.Extents, .. batch.Strides[1]], call.Output.Shape.Count == 0 ? 0 : products * rows(constants));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Left(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* batch = CpuDispatch.Table<Constants>(arguments);
        for (int item = from; item < to; item++)
        {
            float* dy = arguments->Inputs[0] + ((long)item * c.Columns), da = arguments->Output + ((long)item * c.Inner);
            float* b = arguments->Inputs[2] + (ReduceKernel.Offset(batch + (2 * c.Levels), c.Levels, item / c.Rows) * c.Inner * c.Columns);
            for (int k = 0; k < c.Inner; k++, b += c.Columns)
                da[k] = Dot(dy, b, c.Columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* x, float* y, int count)
    {
        var lanes = Vector512<float>.Zero;
        int i = 0;
        for (; i <= count - Lanes.Count; i += Lanes.Count)
            lanes = Vector512.MultiplyAddEstimate(Vector512.Load(x + i), Vector512.Load(y + i), lanes);
        float sum = 0;
        for (int lane = 0; lane < Lanes.Count && i > 0; lane++)
            sum += lanes[lane];
        for (; i < count; i++)
            sum = float.MultiplyAddEstimate(x[i], y[i], sum);
        return sum;
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Right(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* batch = CpuDispatch.Table<Constants>(arguments);
        for (int item = from; item < to; item++)
        {
            var (product, k) = Math.DivRem(item, c.Inner);
            float* a = arguments->Inputs[1] + (ReduceKernel.Offset(batch, c.Levels, product) * c.Rows * c.Inner) + k;
            float* dy = arguments->Inputs[0] + ((long)product * c.Rows * c.Columns), db = arguments->Output + ((long)item * c.Columns);
            int n = 0;
            for (; n <= c.Columns - Lanes.Count; n += Lanes.Count)
            {
                var sum = Vector512<float>.Zero;
                for (int m = 0; m < c.Rows; m++)
                    sum = Vector512.MultiplyAddEstimate(Vector512.Create(a[(long)m * c.Inner]), Vector512.Load(dy + ((long)m * c.Columns) + n), sum);
                sum.Store(db + n);
            }

            for (; n < c.Columns; n++)
            {
                float sum = 0;
                for (int m = 0; m < c.Rows; m++)
                    sum = float.MultiplyAddEstimate(a[(long)m * c.Inner], dy[((long)m * c.Columns) + n], sum);
                db[n] = sum;
            }
        }
    }

    private readonly record struct Constants(int Rows, int Inner, int Columns, int Levels);
}
