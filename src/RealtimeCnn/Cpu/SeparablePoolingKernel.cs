using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Pooling of which each half may be done alone: the rows under a window are combined column by column, in a buffer that stays in the
/// first cache, then its columns, so that windows share what they overlap in. An item is one output row of one block of 16 channels.
/// </summary>
/// <remarks>Twin: <see cref="PoolingKernel"/>.</remarks>
internal static unsafe class SeparablePoolingKernel
{
    /// <summary>Floats of the buffer that <see cref="Row"/> needs, aligned to 64 bytes.</summary>
    public const int BufferFloats = MostColumns * Lanes.Count;

    /// <summary>Input columns in the buffer.</summary>
    private const int MostColumns = 128;

    /// <summary>Whether a row of a window fits into the buffer.</summary>
    public static bool Fits(PoolingLayer layer) => ((layer.Kernel.Width - 1L) * layer.Dilation.Width) < MostColumns;

    public static CpuDispatch Plan(MaxPool2d layer, LayerCall call) => Plan<Largest, Largest>(PoolingGeometry.Of(layer, call));

    public static CpuDispatch Plan(AveragePool2d layer, LayerCall call) => Plan<Sum, Mean>(PoolingGeometry.Of(layer, call) with { CountIncludePad = layer.CountIncludePad });

    /// <typeparam name="TRows">Combines rows; its values are not finished.</typeparam>
    /// <typeparam name="TColumns">Combines the columns of what it left.</typeparam>
    private static CpuDispatch Plan<TRows, TColumns>(PoolingGeometry geometry)
        where TRows : ISeparablePooling
        where TColumns : ISeparablePooling =>
        CpuDispatch.Create(&Forward<TRows, TColumns>, geometry, geometry.Planes * geometry.OutHeight);

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward<TRows, TColumns>(CpuArguments* arguments, int from, int to)
        where TRows : ISeparablePooling
        where TColumns : ISeparablePooling
    {
        ref readonly var g = ref *(PoolingGeometry*)arguments->Constants;
        float* buffer = stackalloc float[BufferFloats + Lanes.Count];
        // Vector loads of a buffer that is not aligned would touch two lines each.
        buffer = (float*)(((nint)buffer + 63) & ~63);
        for (int item = from; item < to; item++)
        {
            int plane = Math.DivRem(item, g.OutHeight, out int row), channels = g.Channels - (plane % g.Blocks * Lanes.Count);
            float* x = arguments->Inputs[0] + ((long)plane * g.InHeight * g.InWidth * Lanes.Count);
            Row<TRows, TColumns>(in g, row, channels, x, buffer, arguments->Output + ((long)item * g.OutWidth * Lanes.Count));
        }
    }

    /// <summary>One output row of a plane.</summary>
    /// <param name="g">The pooling.</param>
    /// <param name="row">Which row.</param>
    /// <param name="channels">Channels of the plane that are not zeros behind the last one; more than a block has for all.</param>
    /// <param name="x">The plane, of which only the rows under the windows are read.</param>
    /// <param name="buffer">Memory for a row of combined rows.</param>
    /// <param name="y">Where the row goes.</param>
    [MethodImpl(KernelCode.Optimized)]
    public static void Row<TRows, TColumns>(in PoolingGeometry g, int row, int channels, float* x, float* buffer, float* y)
        where TRows : ISeparablePooling
        where TColumns : ISeparablePooling
    {
        int reach = ((g.KernelWidth - 1) * g.DilationWidth) + 1, run = ((MostColumns - reach) / g.StrideWidth) + 1;
        var rows = g.RowsOf(row);
        x += rows.First * (long)g.InWidth * Lanes.Count;
        for (int column = 0; column < g.OutWidth; column += run)
        {
            int end = Math.Min(column + run, g.OutWidth), start = (column * g.StrideWidth) - g.Left;
            int first = Math.Max(start, 0), last = Math.Min(start + ((end - column - 1) * g.StrideWidth) + reach, g.InWidth);
            if (rows.Count > 0 && first < last)
                Reduce<TRows>(x + (first * (long)Lanes.Count), Lanes.Count, rows.Step * g.InWidth * (long)Lanes.Count, rows.Count, buffer, last - first, 1);
            Columns<TColumns>(in g, rows, channels, buffer - (first * (long)Lanes.Count), column, end, y);
        }
    }

    /// <summary>The output columns [column, end) of a row from the combined rows: those inside the picture together, others one by one.</summary>
    private static void Columns<TColumns>(in PoolingGeometry g, PoolingRange rows, int channels, float* x, int column, int end, float* y)
        where TColumns : ISeparablePooling
    {
        const long Step = Lanes.Count;
        int inside = (g.Left + g.StrideWidth - 1) / g.StrideWidth, span = g.InWidth + g.Left - ((g.KernelWidth - 1) * g.DilationWidth) - 1;
        int outside = span < 0 ? 0 : (span / g.StrideWidth) + 1;
        while (column < end)
        {
            int count = column >= inside ? Math.Min(end, outside) - column : 0;
            var columns = g.ColumnsOf(column);
            var window = new PoolingWindow(rows, columns);
            float* to = y + (column * Step);
            if (window.Count == 0)
                Vector512.StoreAligned(Lanes.KeepFirst(TColumns.Empty, channels), to);
            else
                Reduce<TColumns>(x + (columns.First * Step), g.StrideWidth * Step, columns.Step * Step, columns.Count, to, Math.Max(count, 1), g.CountIncludePad ? window.PaddedCount : window.Count);
            column += window.Count == 0 ? 1 : Math.Max(count, 1);
        }
    }

    /// <summary>Combines for each of <paramref name="count"/> outputs, which begin <paramref name="step"/> apart, the elements that are <paramref name="tapStep"/> apart.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Reduce<TPooling>(float* x, long step, long tapStep, int taps, float* y, int count, float divisor)
        where TPooling : ISeparablePooling
    {
        int i = 0;
        for (; i + 4 <= count; i += 4, x += 4 * step, y += 4 * Lanes.Count)
        {
            float* p = x;
            Vector512<float> a = Vector512.Load(p), b = Vector512.Load(p + step), c = Vector512.Load(p + (2 * step)), d = Vector512.Load(p + (3 * step));
            for (int tap = 1; tap < taps; tap++)
            {
                p += tapStep;
                a = TPooling.Combine(a, Vector512.Load(p));
                b = TPooling.Combine(b, Vector512.Load(p + step));
                c = TPooling.Combine(c, Vector512.Load(p + (2 * step)));
                d = TPooling.Combine(d, Vector512.Load(p + (3 * step)));
            }

            Vector512.StoreAligned(TPooling.Finish(a, divisor), y);
            Vector512.StoreAligned(TPooling.Finish(b, divisor), y + Lanes.Count);
            Vector512.StoreAligned(TPooling.Finish(c, divisor), y + (2 * Lanes.Count));
            Vector512.StoreAligned(TPooling.Finish(d, divisor), y + (3 * Lanes.Count));
        }

        for (; i < count; i++, x += step, y += Lanes.Count)
        {
            var value = Vector512.Load(x);
            for (int tap = 1; tap < taps; tap++)
                value = TPooling.Combine(value, Vector512.Load(x + (tap * tapStep)));
            Vector512.StoreAligned(TPooling.Finish(value, divisor), y);
        }
    }

    /// <summary>What a window makes of two elements, and of the value of all of them; lane = channel.</summary>
    internal interface ISeparablePooling
    {
        /// <summary>What a window gives that sees no element.</summary>
        static abstract Vector512<float> Empty { get; }

        static abstract Vector512<float> Combine(Vector512<float> a, Vector512<float> b);

        /// <param name="value">All elements, combined.</param>
        /// <param name="count">How many the result is shared out among, at least 1.</param>
        static abstract Vector512<float> Finish(Vector512<float> value, float count);
    }

    /// <summary>The largest element; −∞ where there is none. NaN wins.</summary>
    internal readonly struct Largest : ISeparablePooling
    {
        public static Vector512<float> Empty => Vector512.Create(float.NegativeInfinity);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Combine(Vector512<float> a, Vector512<float> b) =>
            Vector512.ConditionalSelect(Vector512.Equals(a, a), Lanes.Max(a, b), a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Finish(Vector512<float> value, float count) => value;
    }

    /// <summary>The sum; 0 where there is none.</summary>
    internal readonly struct Sum : ISeparablePooling
    {
        public static Vector512<float> Empty => Vector512<float>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Combine(Vector512<float> a, Vector512<float> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Finish(Vector512<float> value, float count) => value;
    }

    /// <summary>The mean of the elements; 0 where there is none.</summary>
    internal readonly struct Mean : ISeparablePooling
    {
        public static Vector512<float> Empty => Vector512<float>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Combine(Vector512<float> a, Vector512<float> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Finish(Vector512<float> value, float count) => value / Vector512.Create(count);
    }
}
