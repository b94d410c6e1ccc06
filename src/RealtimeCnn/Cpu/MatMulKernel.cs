using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The plain matrix product: an item is a few rows of one product.</summary>
internal static unsafe class MatMulKernel
{
    /// <summary>Rows of a that share what is read of b.</summary>
    private const int RowsPerItem = 4;

    public static CpuDispatch Plan(LayerCall call)
    {
        var (rows, inner, columns, batch) = MatMul.Geometry(call.Inputs[0].Shape, call.Inputs[1].Shape);
        int levels = batch.Extents.Length, products = call.Output.Shape.Count == 0 ? 0 : call.Output.Shape.Count / (rows * columns);
        return CpuDispatch.CreateWithTable(
            &Forward, new Constants(rows, inner, columns, levels), [.. batch.Extents, .. batch.Strides[0], .. batch.Strides[1]], products * ((rows + RowsPerItem - 1) / RowsPerItem));
    }

    /// <summary>An item is up to four rows of one product. Sums run over k in order, so that a row's result does not depend on its neighbours.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int* extents = CpuDispatch.Table<Constants>(arguments);
        int itemsPerProduct = (c.Rows + RowsPerItem - 1) / RowsPerItem;
        for (int item = from; item < to; item++)
        {
            int first = item % itemsPerProduct * RowsPerItem, product = item / itemsPerProduct, rest = product;
            long matrixA = 0, matrixB = 0;
            for (int level = c.Levels - 1; level >= 0; level--)
            {
                int index = rest % extents[level];
                matrixA += (long)index * extents[c.Levels + level];
                matrixB += (long)index * extents[(2 * c.Levels) + level];
                rest /= extents[level];
            }

            int rows = Math.Min(RowsPerItem, c.Rows - first);
            float* a = arguments->Inputs[0] + (((matrixA * c.Rows) + first) * c.Inner);
            float* b = arguments->Inputs[1] + (matrixB * c.Inner * c.Columns);
            float* y = arguments->Output + ((((long)product * c.Rows) + first) * c.Columns);
            int done = rows == RowsPerItem ? MultiplyRows(a, b, y, in c) : 0;
            for (int row = 0; row < rows; row++)
                MultiplyRow(a + ((long)row * c.Inner), b, y + ((long)row * c.Columns), done, in c);
        }
    }

    /// <summary>Four rows by 32 columns at a time; returns the columns that are done.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static int MultiplyRows(float* a0, float* b, float* y, in Constants c)
    {
        float* a1 = a0 + c.Inner, a2 = a1 + c.Inner, a3 = a2 + c.Inner;
        int column = 0;
        for (; column <= c.Columns - (2 * Lanes.Count); column += 2 * Lanes.Count)
        {
            Vector512<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
            float* w = b + column;
            for (int k = 0; k < c.Inner; k++, w += c.Columns)
            {
                Vector512<float> w0 = Vector512.Load(w), w1 = Vector512.Load(w + Lanes.Count);
                var value = Vector512.Create(a0[k]);
                s00 = Lanes.MultiplyAdd(value, w0, s00);
                s01 = Lanes.MultiplyAdd(value, w1, s01);
                value = Vector512.Create(a1[k]);
                s10 = Lanes.MultiplyAdd(value, w0, s10);
                s11 = Lanes.MultiplyAdd(value, w1, s11);
                value = Vector512.Create(a2[k]);
                s20 = Lanes.MultiplyAdd(value, w0, s20);
                s21 = Lanes.MultiplyAdd(value, w1, s21);
                value = Vector512.Create(a3[k]);
                s30 = Lanes.MultiplyAdd(value, w0, s30);
                s31 = Lanes.MultiplyAdd(value, w1, s31);
            }

            float* to = y + column;
            Store(s00, s01, to);
            Store(s10, s11, to + c.Columns);
            Store(s20, s21, to + (2L * c.Columns));
            Store(s30, s31, to + (3L * c.Columns));
        }

        return column;
    }

    private static void Store(Vector512<float> first, Vector512<float> second, float* to)
    {
        first.Store(to);
        second.Store(to + Lanes.Count);
    }

    /// <summary>One row, from a column on: 64 columns at a time, the last few one by one.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void MultiplyRow(float* a, float* b, float* y, int column, in Constants c)
    {
        for (; column <= c.Columns - 64; column += 64)
        {
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            float* w = b + column;
            for (int k = 0; k < c.Inner; k++, w += c.Columns)
            {
                var value = Vector512.Create(a[k]);
                s0 = Lanes.MultiplyAdd(value, Vector512.Load(w), s0);
                s1 = Lanes.MultiplyAdd(value, Vector512.Load(w + Lanes.Count), s1);
                s2 = Lanes.MultiplyAdd(value, Vector512.Load(w + (2 * Lanes.Count)), s2);
                s3 = Lanes.MultiplyAdd(value, Vector512.Load(w + 48), s3);
            }

            Store(s0, s1, y + column);
            Store(s2, s3, y + column + (2 * Lanes.Count));
        }

        for (; column < c.Columns; column++)
        {
            float sum = 0;
            for (int k = 0; k < c.Inner; k++)
                sum = float.MultiplyAddEstimate(a[k], b[((long)k * c.Columns) + column], sum);
            y[column] = sum;
        }
    }

    private readonly record struct Constants(int Rows, int Inner, int Columns, int Levels);
}
