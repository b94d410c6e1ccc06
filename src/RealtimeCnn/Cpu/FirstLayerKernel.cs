using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Convolution of a picture of fewer channels than a block has, as users give it: row-major, because a block of 16 would be mostly
/// zeros. The input rows under a strip of output rows are copied, with what lies over the edge at both ends, into memory that stays in
/// the cache, as <c>[row][column][channel]</c>: there a row of a window is one run of numbers. An item is a run of strips; each output
/// is summed over kh, kw, ic in that order, whatever strip and tile it falls into.
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

    /// <summary>Most floats of a strip: 1 MiB.</summary>
    private const int MostFloats = 1 << 18;

    /// <summary>Whether the input is row-major with less than a block of channels, and the rows under a window fit the cache.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call)
    {
        bool few = call.Input.Layout == Layout.Plain && layer is { GroupCount: 1, InChannels: < Lanes.Count, AddsResidual: false };
        return few && FloatsOfStrip(ConvolutionGeometry.Of(layer, call)) <= MostFloats;
    }

    /// <summary>Row-major in; channel-blocked out, with the border that the reader asks for.</summary>
    public static LayoutChoice Formats(LayerCall call) => new(Layout.Plain, new TensorFormat(Layout.Blocked, Border: call.Wish.Border));

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call);
        int pitch = (int)Pitch(in g), strips = (g.OutHeight + RowsOfStrip - 1) / RowsOfStrip, all = checked(call.Output.Shape.Batch * strips), items = Math.Min(all, MostItems);
        // The columns of a dilated window are taps of their own.
        int columns = g.DilationWidth == 1 ? 1 : g.KernelWidth;
        int[] offsets = new int[g.KernelHeight * columns];
        for (int tap = 0; tap < offsets.Length; tap++)
            offsets[tap] = ((tap / columns * g.DilationHeight * pitch) + (tap % columns * g.DilationWidth)) * g.InChannels;

                var constants = new Constants(g, pitch, (int)FloatsOfStrip(g), strips, all, items, offsets.Length, g.KernelWidth / columns * g.InChannels);
        PackedWeights[] weights = [ConvolutionKernel.PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call)];
        return CpuDispatch.CreateWithTable(&Forward, constants, offsets, items, g.ReachesZeros ? [.. weights, new PackedWeights(new FinitePacking(), call.Parameters[0])] : weights)
            .WithScratch((long)items * constants.Floats);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        float* strip = arguments->Scratch[0] + ((long)from * c.Floats);
        bool finite = !g.ReachesZeros || arguments->Weights[2][0] != 0;
        var tile = new RegisterTile
        {
            Offsets = CpuDispatch.Table<Constants>(arguments), Taps = c.Taps, Channels = c.Run, BlockLength = c.Run,
            InputStep = g.StrideWidth * g.InChannels * sizeof(float), WeightStride = (nint)c.Taps * c.Run * Lanes.Count, OutputStride = (nint)g.OutPlane * Lanes.Count,
        };
        (tile.Lower, tile.Upper) = g.Activation.Bounds();
        int first = (int)((long)from * c.All / c.Items), end = (int)((long)to * c.All / c.Items);
        for (int i = first; i < end; i++)
        {
            int n = Math.DivRem(i, c.Strips, out int start);
            int firstRow = start * RowsOfStrip, rows = Math.Min(RowsOfStrip, g.OutHeight - firstRow);
            Fill(arguments->Inputs[0] + ((long)n * g.InChannels * g.InHeight * g.InWidth), strip, in c, firstRow, rows);
            for (int block = 0; block < g.OutBlocks; block += RegisterTile.MostBlocks)
            {
                int blocks = Math.Min(RegisterTile.MostBlocks, g.OutBlocks - block);
                tile.Weights = arguments->Weights[0] + (block * tile.WeightStride);
                tile.Bias = arguments->Weights[1] + (block * Lanes.Count);
                for (int row = 0; row < rows; row++)
                {
                    float* outputs = tile.Output = arguments->Output + g.OutputAt(n, block, firstRow + row, 0);
                    tile.Input = strip + ((long)row * g.StrideHeight * c.Pitch * g.InChannels);
                    if (finite)
                        RegisterTile.ComputeRow(&tile, g.OutWidth, blocks);
                    else
                        ComputeInside(in g, in c, in tile, firstRow + row, blocks);
                    g.FinishRun(outputs, tile.OutputStride, g.OutWidth, block, blocks);
                    for (int b = 0; b < blocks && !g.OutBorder.IsNone; b++)
                        g.ClearBorder(arguments->Output, (n * g.OutBlocks) + block + b, firstRow + row);
                }
            }
        }
    }

    /// <summary>A row without the taps that lie outside: a weight that is not finite, times their zero, would be NaN.</summary>
    private static void ComputeInside(in ConvolutionGeometry g, in Constants c, in RegisterTile tile, int row, int blocks)
    {
        Vector512<float> lower = Vector512.Create(tile.Lower), upper = Vector512.Create(tile.Upper);
        for (int i = 0; i < g.OutWidth * blocks; i++)
        {
            var (b, p) = Math.DivRem(i, g.OutWidth);
            var sum = Vector512.Load(tile.Bias + (b * Lanes.Count));
            for (int k = 0; k < c.Taps * c.Run; k++)
            {
                var (tap, at) = Math.DivRem(k, c.Run);
                var (kh, kw) = Math.DivRem(k / g.InChannels, g.KernelWidth);
                float* x = tile.Input + tile.Offsets[tap] + at + ((long)p * g.StrideWidth * g.InChannels);
                if (g.SourceRow(row, kh) >= 0 && g.SourceColumn(p, kw) >= 0)
                    sum = Vector512.MultiplyAddEstimate(Vector512.Create(*x), Vector512.Load(tile.Weights + (b * tile.WeightStride) + (k * (long)Lanes.Count)), sum);
            }

            Lanes.Clamp(sum, lower, upper).Store(tile.Output + (b * tile.OutputStride) + (p * (long)Lanes.Count));
        }
    }

    /// <summary>Copies the input rows under output rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(float* x, float* memory, in Constants c, int row, int count)
    {
        var g = c.Geometry;
        int rows = ((count - 1) * g.StrideHeight) + ((g.KernelHeight - 1) * g.DilationHeight) + 1;
        for (int r = 0; r < rows; r++)
        {
            int source = Window.Source((row * g.StrideHeight) - g.Top + r, g.InHeight, g.PaddingMode);
            if (source < 0)
                new Span<float>(memory, c.Pitch * g.InChannels).Clear();
            else
                FillRow(x + ((long)source * g.InWidth), in c, memory);
            memory += c.Pitch * g.InChannels;
        }
    }

    /// <summary>A row of the input as <c>[column][channel]</c>, from as many columns before its first one on as windows reach over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillRow(float* x, in Constants c, float* row)
    {
        var g = c.Geometry;
        nint plane = (nint)g.InHeight * g.InWidth;
        int start = Math.Clamp(g.Left, 0, c.Pitch), end = Math.Clamp(g.Left + g.InWidth, start, c.Pitch), whole = end - ((end - start) % 4);
        FillEdge(x, in c, 0, start, row);
        // From the last four channels to the first: what is written behind the last one is the next pixel's.
        for (int channel = (g.InChannels - 1) / 4 * 4; channel >= 0 && g.InChannels > 1; channel -= 4)
        {
            float* from = x + (channel * plane) + start - g.Left, to = row + (start * g.InChannels) + channel;
            for (int i = start; i < whole; i += 4, from += 4, to += 4 * g.InChannels)
            {
                var pixels = new Transposed(from, g.InChannels - channel, plane);
                pixels.R0.Store(to);
                pixels.R1.Store(to + g.InChannels);
                pixels.R2.Store(to + (2 * g.InChannels));
                pixels.R3.Store(to + (3 * g.InChannels));
            }
        }

        if (g.InChannels == 1)
            new ReadOnlySpan<float>(x + start - g.Left, whole - start).CopyTo(new Span<float>(row + start, whole - start));
        FillEdge(x, in c, whole, c.Pitch, row);
    }

    /// <summary>Columns one by one, with what lies over the edge.</summary>
    private static void FillEdge(float* x, in Constants c, int first, int end, float* row)
    {
        var g = c.Geometry;
        long plane = (long)g.InHeight * g.InWidth;
        for (int i = first; i < end; i++)
        {
            int source = Window.Source(i - g.Left, g.InWidth, g.PaddingMode);
            for (int k = 0; k < g.InChannels; k++)
                row[(i * g.InChannels) + k] = source < 0 ? 0 : x[(k * plane) + source];
        }
    }

    /// <summary>Columns of a row in a strip: those that windows see.</summary>
    private static long Pitch(in ConvolutionGeometry g) => ((g.OutWidth - 1L) * g.StrideWidth) + ((g.KernelWidth - 1L) * g.DilationWidth) + 1;

    /// <summary>Floats of a strip, and of what is written behind its last pixel.</summary>
    private static long FloatsOfStrip(in ConvolutionGeometry g)
    {
        long rows = ((RowsOfStrip - 1L) * g.StrideHeight) + ((g.KernelHeight - 1L) * g.DilationHeight) + 1;
        return (Math.Min(rows * g.InChannels, int.MaxValue) * Pitch(in g)) + Vector128<float>.Count;
    }

    /// <param name="Geometry">The convolution.</param>
    /// <param name="Pitch">Columns of a row in a strip.</param>
    /// <param name="Floats">Floats of a strip.</param>
    /// <param name="Strips">Strips of a picture.</param>
    /// <param name="All">Strips of all pictures.</param>
    /// <param name="Items">What they are cut into.</param>
    /// <param name="Taps">Runs of numbers under a window.</param>
    /// <param name="Run">Numbers of a run.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Pitch, int Floats, int Strips, int All, int Items, int Taps, int Run);
}
