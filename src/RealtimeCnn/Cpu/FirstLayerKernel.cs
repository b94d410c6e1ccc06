using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Convolution of a picture of fewer channels than a block has, as users give it: row-major, because a block of 16 would be mostly
/// zeros. The input rows under a strip of output rows are copied, with what lies over the edge at both ends, into memory that stays in
/// the cache, as <c>[row][channel][column]</c>; there each tap (kh, kw, ic) of each window is one number at a distance from the window's
/// start that is the same for all pixels (<see cref="FirstLayerTile"/>). An item is a run of strips; each output is summed over
/// kh, kw, ic in that order, whatever strip and tile it falls into.
/// </summary>
/// <remarks>
/// Twin: <see cref="ConvolutionKernel"/>, whose weights it shares. The zeros over the edge are multiplied with the weights; where a weight
/// is not finite, they are left out one by one.
/// </remarks>
internal static unsafe class FirstLayerKernel
{
    /// <summary>Output rows of a strip: enough to copy few rows twice, few enough for the first cache.</summary>
    private const int RowsOfStrip = 4;

    /// <summary>Most items, each of which has a strip of its own when as many threads are at work.</summary>
    private const int MostItems = 32;

    /// <summary>Most floats of a strip, 1 MiB, and most taps, whose places are constants of the call.</summary>
    private const int MostFloats = 1 << 18, MostTaps = 1024;

    /// <summary>Whether the input is row-major with less than a block of channels, and the rows under a window fit the cache.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call)
    {
        bool few = call.Input.Layout == Layout.Plain && layer is { GroupCount: 1, InChannels: < Lanes.Count, AddsResidual: false };
        return few && (long)layer.Kernel.Height * layer.Kernel.Width * layer.InChannels <= MostTaps && FloatsOfStrip(ConvolutionGeometry.Of(layer, call)) <= MostFloats;
    }

    /// <summary>Row-major in; channel-blocked out, with the border that the reader asks for.</summary>
    public static LayoutChoice Formats(LayerCall call) => new(Layout.Plain, new TensorFormat(Layout.Blocked, Border: call.Wish.Border));

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call);
        int pitch = (int)Pitch(in g), strips = (g.OutHeight + RowsOfStrip - 1) / RowsOfStrip, all = checked(call.Output.Shape.Batch * strips), items = Math.Min(all, MostItems);
        bool padded = !layer.Padding.IsNone && layer.PaddingMode == PaddingMode.Zero;
        int[] offsets = new int[g.KernelHeight * g.KernelWidth * g.InChannels];
        for (int tap = 0; tap < offsets.Length; tap++)
        {
            var (position, channel) = Math.DivRem(tap, g.InChannels);
            var (kh, kw) = Math.DivRem(position, g.KernelWidth);
            offsets[tap] = (((((kh * g.DilationHeight * g.InChannels) + channel) * pitch) + (kw * g.DilationWidth))) * sizeof(float);
        }

        PackedWeights[] weights = [ConvolutionKernel.PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call)];
        var constants = new Constants(g, pitch, (int)FloatsOfStrip(g), strips, all, items, offsets.Length, padded ? 1 : 0);
        return CpuDispatch.CreateWithTable(&Forward, constants, offsets, items, padded ? [.. weights, new PackedWeights(new FinitePacking(), call.Parameters[0])] : weights)
            .WithScratch((long)items * constants.Floats);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* memory = arguments->Scratch[0] + ((long)from * c.Floats);
        var results = stackalloc Vector512<float>[FirstLayerTile.MostPixels];
        int first = (int)((long)from * c.All / c.Items), end = (int)((long)to * c.All / c.Items);
        for (int strip = first; strip < end; strip++)
        {
            int n = Math.DivRem(strip, c.Strips, out int start);
            int row = start * RowsOfStrip, endRow = Math.Min(row + RowsOfStrip, c.Geometry.OutHeight);
            Fill(arguments->Inputs[0] + ((long)n * c.Geometry.InChannels * c.Geometry.InHeight * c.Geometry.InWidth), memory, in c, row, endRow);
            for (int block = 0; block < c.Geometry.OutBlocks; block += FirstLayerTile.MostBlocks)
                Compute(arguments, in c, memory, n, block, row, endRow, results);
        }
    }

    /// <summary>The rows of a strip of one block of output channels, or of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute(CpuArguments* arguments, in Constants c, float* memory, int n, int block, int row, int endRow, Vector512<float>* results)
    {
        var g = c.Geometry;
        int blocks = Math.Min(FirstLayerTile.MostBlocks, g.OutBlocks - block), pixels = FirstLayerTile.PixelsOf(blocks);
        bool finite = c.Padded == 0 || arguments->Weights[2][0] != 0;
        var tile = new FirstLayerTile(g.Activation, g.OutChannels - ((block + blocks - 1) * Lanes.Count))
        {
            Weights = arguments->Weights[0] + ((long)block * c.Taps * Lanes.Count),
            Bias = arguments->Weights[1] + (block * Lanes.Count),
            Offsets = CpuDispatch.Table<Constants>(arguments),
            Taps = c.Taps,
            Step = g.StrideWidth * sizeof(float),
        };
        long plane = g.OutPlane * (long)Lanes.Count;
        for (int r = row; r < endRow; r++)
        {
            float* x = memory + ((long)(r - row) * g.StrideHeight * g.InChannels * c.Pitch);
            float* y = arguments->Output + ((((long)n * g.OutBlocks) + block) * plane) + ((((r + g.OutBorder.Top) * (long)g.OutPitch) + g.OutBorder.Left) * Lanes.Count);
            for (int column = 0; column < g.OutWidth; column += pixels)
            {
                int count = Math.Min(pixels, g.OutWidth - column);
                bool whole = finite && count == pixels;
                tile.Input = (byte*)(x + (column * g.StrideWidth));
                tile.Output = whole ? y + (column * Lanes.Count) : (float*)results;
                tile.OutputStep = whole ? plane : pixels * Lanes.Count;
                if (finite)
                    tile.Compute(blocks);
                else
                    ComputeInside(in g, ref tile, r, column, count, blocks);
                for (int b = 0; b < blocks && !whole; b++)
                    new ReadOnlySpan<float>(tile.Output + (b * tile.OutputStep), count * Lanes.Count).CopyTo(new Span<float>(y + (b * plane) + (column * Lanes.Count), count * Lanes.Count));
            }

            for (int b = 0; b < blocks; b++)
            {
                if (!FirstLayerTile.IsClamp(g.Activation))
                    Activate(in g, y + (b * plane), g.OutChannels - ((block + b) * Lanes.Count));
                if (!g.OutBorder.IsNone)
                    g.ClearBorder(arguments->Output, (n * g.OutBlocks) + block + b, r);
            }
        }
    }

    /// <summary>Applies the activation to a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Activate(in ConvolutionGeometry g, float* y, int channels)
    {
        for (int i = 0; i < g.OutWidth; i++, y += Lanes.Count)
            Lanes.KeepFirst(g.Activation.Apply(Vector512.Load(y)), channels).Store(y);
    }

    /// <summary>A tile without the taps that lie outside: a weight that is not finite, times their zero, would be NaN.</summary>
    private static void ComputeInside(in ConvolutionGeometry g, ref FirstLayerTile tile, int row, int column, int count, int blocks)
    {
        for (int i = 0; i < count * blocks; i++)
        {
            var (b, p) = Math.DivRem(i, count);
            var sum = Vector512.Load(tile.Bias + (b * Lanes.Count));
            for (int tap = 0; tap < tile.Taps; tap++)
            {
                var (kh, kw) = Math.DivRem(tap / g.InChannels, g.KernelWidth);
                if (g.SourceRow(row, kh) >= 0 && g.SourceColumn(column + p, kw) >= 0)
                    sum = Vector512.MultiplyAddEstimate(Vector512.Create(*(float*)(tile.Input + tile.Offsets[tap] + (p * tile.Step))), Vector512.Load(tile.Weights + ((((b * tile.Taps) + tap)) * Lanes.Count)), sum);
            }

            tile.Clamp(sum, isLast: b == blocks - 1).Store(tile.Output + (b * tile.OutputStep) + (p * Lanes.Count));
        }
    }

    /// <summary>Copies the input rows under output rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(float* x, float* memory, in Constants c, int row, int endRow)
    {
        var g = c.Geometry;
        int rows = ((endRow - row - 1) * g.StrideHeight) + ((g.KernelHeight - 1) * g.DilationHeight) + 1;
        for (int r = 0; r < rows; r++)
        {
            int source = Window.Source((row * g.StrideHeight) - g.Top + r, g.InHeight, g.PaddingMode);
            for (int channel = 0; channel < g.InChannels; channel++, memory += c.Pitch)
            {
                var to = new Span<float>(memory, c.Pitch);
                if (source < 0)
                    to.Clear();
                else
                    FillRow(new ReadOnlySpan<float>(x + ((((long)channel * g.InHeight) + source) * g.InWidth), g.InWidth), to, g.Left, g.PaddingMode);
            }
        }
    }

    /// <summary>A row of the input from <paramref name="left"/> columns before its first one on.</summary>
    private static void FillRow(ReadOnlySpan<float> from, Span<float> to, int left, PaddingMode mode)
    {
        int start = Math.Clamp(left, 0, to.Length), end = Math.Clamp(left + from.Length, start, to.Length);
        if (start < end)
            from.Slice(start - left, end - start).CopyTo(to[start..]);
        FillEdge(from, to, 0, start, left, mode);
        FillEdge(from, to, end, to.Length, left, mode);
    }

    private static void FillEdge(ReadOnlySpan<float> from, Span<float> to, int first, int end, int left, PaddingMode mode)
    {
        for (int i = first; i < end; i++)
        {
            int source = Window.Source(i - left, from.Length, mode);
            to[i] = source < 0 ? 0 : from[source];
        }
    }

    /// <summary>Columns of a row in a strip: what the windows of whole tiles read.</summary>
    private static long Pitch(in ConvolutionGeometry g)
    {
        long columns = (g.OutWidth + FirstLayerTile.MostPixels - 1L) / FirstLayerTile.MostPixels * FirstLayerTile.MostPixels;
        return ((columns - 1) * g.StrideWidth) + ((g.KernelWidth - 1L) * g.DilationWidth) + 1;
    }

    private static long FloatsOfStrip(in ConvolutionGeometry g)
    {
        long rows = ((RowsOfStrip - 1L) * g.StrideHeight) + ((g.KernelHeight - 1L) * g.DilationHeight) + 1;
        return g.OutWidth == 0 ? 0 : Math.Min(rows * g.InChannels, int.MaxValue) * Math.Min(Pitch(in g), int.MaxValue);
    }

    private readonly record struct Constants(ConvolutionGeometry Geometry, int Pitch, int Floats, int Strips, int All, int Items, int Taps, int Padded);
}
