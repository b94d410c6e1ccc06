using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The numbers that every CPU pooling kernel reads. A plane is one block of 16 channels of one batch item.</summary>
/// <remarks>An adaptive window has no fixed extent: output i of OH sees the rows from <c>floor(i·H / OH)</c> up to <c>ceil((i + 1)·H / OH)</c>.</remarks>
internal readonly record struct PoolingGeometry(int Channels, int Blocks, int Planes, int InHeight, int InWidth, int OutHeight, int OutWidth)
{
    public int KernelHeight { get; init; }

    public int KernelWidth { get; init; }

    public int StrideHeight { get; init; }

    public int StrideWidth { get; init; }

    public int Top { get; init; }

    public int Left { get; init; }

    public int Bottom { get; init; }

    public int Right { get; init; }

    public int DilationHeight { get; init; }

    public int DilationWidth { get; init; }

    public bool IsAdaptive { get; init; }

    /// <summary>Whether an average divides by the elements of the window inside the padded input, not only by those inside the input.</summary>
    public bool CountIncludePad { get; init; }

    /// <summary>The exponent of an Lp norm.</summary>
    public float P { get; init; }

    /// <summary>Whether windows lie side by side, each whole.</summary>
    public bool IsTiled =>
        this is { IsAdaptive: false, Top: 0, Left: 0, DilationHeight: 1, DilationWidth: 1 } && StrideHeight == KernelHeight && StrideWidth == KernelWidth
        && OutHeight * (long)KernelHeight <= InHeight && OutWidth * (long)KernelWidth <= InWidth;

    /// <summary>Windows of fixed extent, of a forward call.</summary>
    public static PoolingGeometry Of(PoolingLayer layer, LayerCall call) => Of(layer, call.Input.Shape, call.Output.Shape);

    /// <summary>Windows of fixed extent.</summary>
    public static PoolingGeometry Of(PoolingLayer layer, Shape x, Shape y)
    {
        var padding = layer.PaddingFor(x);
        return Of(x, y) with
        {
            KernelHeight = layer.Kernel.Height,
            KernelWidth = layer.Kernel.Width,
            StrideHeight = layer.Stride.Height,
            StrideWidth = layer.Stride.Width,
            Top = padding.Top,
            Left = padding.Left,
            Bottom = padding.Bottom,
            Right = padding.Right,
            DilationHeight = layer.Dilation.Height,
            DilationWidth = layer.Dilation.Width,
        };
    }

    /// <summary>Windows that share out the whole input: adaptive pooling, and with one output pixel global pooling.</summary>
    public static PoolingGeometry Adaptive(LayerCall call) => Adaptive(call.Input.Shape, call.Output.Shape);

    /// <inheritdoc cref="Adaptive(LayerCall)"/>
    public static PoolingGeometry Adaptive(Shape x, Shape y) => Of(x, y) with { IsAdaptive = true };

    /// <summary>The input rows that an output row sees.</summary>
    public PoolingRange RowsOf(int row) => IsAdaptive
        ? Share(row, InHeight, OutHeight)
        : Clip((row * StrideHeight) - Top, KernelHeight, DilationHeight, InHeight, Bottom);

    /// <summary>The input columns that an output column sees.</summary>
    public PoolingRange ColumnsOf(int column) => IsAdaptive
        ? Share(column, InWidth, OutWidth)
        : Clip((column * StrideWidth) - Left, KernelWidth, DilationWidth, InWidth, Right);

    private static PoolingGeometry Of(Shape x, Shape y)
    {
        int blocks = BlockedLayout.Blocks(x.Channels, Lanes.Count);
        return new PoolingGeometry(x.Channels, blocks, x.Batch * blocks, x.Height, x.Width, y.Height, y.Width);
    }

    private static PoolingRange Share(int index, int length, int parts)
    {
        int first = (int)((long)index * length / parts), end = (int)((((index + 1L) * length) + parts - 1) / parts);
        return new PoolingRange(first, end, 1, 0, end - first, end - first);
    }

    private static PoolingRange Clip(int start, int kernel, int dilation, int length, int after)
    {
        int skipped = start >= 0 ? 0 : Math.Min(Steps(-start, dilation), kernel);
        int kept = Math.Clamp(Steps(length - start, dilation), skipped, kernel);
        int padded = Math.Clamp(Steps(length + after - start, dilation), 0, kernel);
        return new PoolingRange(start + (skipped * dilation), start + (kept * dilation), dilation, skipped, kept - skipped, padded);
    }

    /// <summary>How many elements, <paramref name="dilation"/> apart, begin within a distance. Nearly all windows are dense: no division there.</summary>
    private static int Steps(int distance, int dilation) => dilation == 1 ? distance : (distance + dilation - 1) / dilation;
}

/// <summary>The rows or columns of one window that lie inside the input: <c>First, First + Step, …</c>, below End.</summary>
/// <param name="First">The first one.</param>
/// <param name="End">Behind the last one.</param>
/// <param name="Step">Distance between two.</param>
/// <param name="Tap">Index in the window of the first one.</param>
/// <param name="Count">How many.</param>
/// <param name="PaddedCount">How many lie inside the padded input.</param>
internal readonly record struct PoolingRange(int First, int End, int Step, int Tap, int Count, int PaddedCount);

/// <summary>The elements of the input that one output element sees.</summary>
internal readonly record struct PoolingWindow(PoolingRange Rows, PoolingRange Columns)
{
    public int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Rows.Count * Columns.Count;
    }

    public int PaddedCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Rows.PaddedCount * Columns.PaddedCount;
    }
}
