using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Convolution in register tiles: up to 8 pixels by 2 blocks of 16 output channels stay in registers while all taps and input
/// channels go by, so that each weight vector serves 8 pixels and each input value 32 output channels. Pixels of a tap that lie
/// outside read a block of zeros. An item is a run of pixels of a pair of blocks; each output is summed over kh, kw, ic in that
/// order, whatever tile it falls into, so that results depend neither on tiles nor on threads.
/// </summary>
/// <remarks>
/// Twin: <see cref="ConvolutionKernel"/>, whose weights it shares. Zeros are multiplied with the weights; where a weight is not finite,
/// they are left out one by one. Source of the scheme: Georganas et al. 2020, "Harnessing Deep Learning via a Single Building Block", arXiv:1906.06440.
/// </remarks>
internal static unsafe class TileKernel
{
    /// <summary>Most pixels of a tile: with 512 bits 8 × 2 sums, two weights and a value are in 19 of 32 registers; else 4 × 1 sums of two halves in 11 of 16.</summary>
    public static readonly int MostRows = Vector512.IsHardwareAccelerated ? 8 : MostRowsOfAny / 2;

    /// <summary>Most pixels of a tile with vectors of any width: places of sums and of sources.</summary>
    public const int MostRowsOfAny = 8;

    /// <summary>Most blocks of output channels of a tile.</summary>
    public static readonly int MostBlocks = Vector512.IsHardwareAccelerated ? 2 : 1;

    /// <summary>Most positions of a window, whose places lie on the stack.</summary>
    private const int MostTaps = 256;

    /// <summary>Pixels of an item of a pointwise convolution, which knows no rows.</summary>
    private const int RunLength = 64;

    private static readonly delegate*<Tile*, Vector512<float>*, void>[] PairTiles =
    [
        &Accumulate<Rows1, Pair>, &Accumulate<Rows2, Pair>, &Accumulate<Rows3, Pair>, &Accumulate<Rows4, Pair>,
        &Accumulate<Rows5, Pair>, &Accumulate<Rows6, Pair>, &Accumulate<Rows7, Pair>, &Accumulate<Rows8, Pair>,
    ];

    private static readonly delegate*<Tile*, Vector512<float>*, void>[] SingleTiles =
    [
        &Accumulate<Rows1, Single>, &Accumulate<Rows2, Single>, &Accumulate<Rows3, Single>, &Accumulate<Rows4, Single>,
        &Accumulate<Rows5, Single>, &Accumulate<Rows6, Single>, &Accumulate<Rows7, Single>, &Accumulate<Rows8, Single>,
    ];

    /// <summary>Whether blocks of 16 input and output channels lie inside one group and the window is not huge.</summary>
    public static bool Fits(ConvolutionLayer layer)
    {
        int groups = layer.GroupCount;
        bool whole = groups == 1 || (layer.ChannelsPerGroup % Lanes.Count == 0 && layer.OutChannels / groups % Lanes.Count == 0);
        return whole && layer.Kernel.Height * layer.Kernel.Width <= MostTaps;
    }

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call);
        // A window of one pixel that steps by one sees the picture as a single row.
        bool flat = g.OutBorder.IsNone && g is { KernelHeight: 1, KernelWidth: 1, StrideHeight: 1, StrideWidth: 1, Top: 0, Left: 0 } && g.InHeight == g.OutHeight && g.InWidth == g.OutWidth;
        if (flat)
            g = g with { InWidth = g.InHeight * g.InWidth, InHeight = 1, OutWidth = g.OutHeight * g.OutWidth, OutHeight = 1 };
        int run = flat ? RunLength : g.OutWidth, runs = (g.OutWidth + run - 1) / Math.Max(run, 1);
        // A pair of blocks shares its input channels: it must not reach into the next group.
        int blocksPerGroup = BlockedLayout.Blocks(g.OutChannels / g.Groups, Lanes.Count);
        int width = g.Groups == 1 || blocksPerGroup % MostBlocks == 0 ? MostBlocks : 1;
        bool padded = !layer.Padding.IsNone && layer.PaddingMode == PaddingMode.Zero;
        var constants = new Constants(g, run, runs, width, (g.OutBlocks + width - 1) / width, padded ? 1 : 0);
        PackedWeights[] weights = [ConvolutionKernel.PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call)];
        int items = checked(call.Output.Shape.Batch * constants.Columns * g.OutHeight * runs);
        return CpuDispatch.Create(&Forward, constants, items, padded ? [.. weights, new PackedWeights(new FinitePacking(), call.Parameters[0])] : weights);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        int channels = g.InChannels / g.Groups, taps = g.KernelHeight * g.KernelWidth;
        int* sources = stackalloc int[8 * MostTaps];
        float* zeros = stackalloc float[Lanes.Count];
        var sums = stackalloc Vector512<float>[2 * 8];
        new Span<float>(zeros, Lanes.Count).Clear();
        var tile = new Tile { Zeros = zeros, Sources = sources, Channels = channels, BlockStride = (long)g.InHeight * g.InWidth * Lanes.Count, WeightStride = (long)taps * channels * Lanes.Count, Taps = taps };
        bool finite = c.Padded == 0 || arguments->Weights[2][0] != 0;
        for (int item = from; item < to; item++)
        {
            int index = item;
            index = Math.DivRem(index, c.Runs, out int run);
            index = Math.DivRem(index, g.OutHeight, out int row);
            int n = Math.DivRem(index, c.Columns, out int column);
            int block = column * c.Width, blocks = Math.Min(c.Width, g.OutBlocks - block);
            tile.Weights = arguments->Weights[0] + (block * tile.WeightStride);
            tile.Input = arguments->Inputs[0] + (((long)n * g.InBlocks) + (block * Lanes.Count / (g.OutChannels / g.Groups) * channels / Lanes.Count)) * tile.BlockStride;
            int end = Math.Min((run + 1) * c.Run, g.OutWidth), first = run * c.Run, length = end - first;
            for (int b = 0; b < blocks && !g.OutBorder.IsNone; b++)
                g.ClearBorder(arguments->Output, (n * g.OutBlocks) + block + b, row);
            // Tiles of nearly equal length, so that no short one is left over.
            int tiles = (length + MostRows - 1) / MostRows, rows = (length + tiles - 1) / Math.Max(tiles, 1);
            for (int p = first; p < end; p += rows)
            {
                int count = Math.Min(rows, end - p);
                Locate(in g, row, p, count, sources);
                for (int b = 0; b < blocks; b++)
                {
                    var bias = Vector512.Load(arguments->Weights[1] + ((block + b) * Lanes.Count));
                    for (int i = 0; i < count; i++)
                        sums[(b * 8) + i] = bias;
                }

                if (finite || !ReachesOutside(sources, taps, count))
                    Sum(&tile, sums, count, blocks);
                else
                    AccumulateInside(&tile, sums, count, blocks);
                for (int b = 0; b < blocks; b++)
                    Store(arguments, in g, n, block + b, row, p, count, sums + (b * 8));
            }
        }
    }

    /// <summary>Adds all taps and channels to sums <c>[2][8]</c>, of which a tile may overwrite those that it does not have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum(Tile* tile, Vector512<float>* sums, int count, int blocks) => (blocks == 2 ? PairTiles : SingleTiles)[count - 1](tile, sums);

    /// <summary>
    /// At most 8 pixels of a row of one block, for any numbers: what a faster algorithm cannot compute. The input has no border, the
    /// weights are those of one group as <see cref="ConvolutionKernel.PackWeights"/> orders them, and 16 results may be overwritten.
    /// </summary>
    public static void SumPixels(
        float* input, float* weights, in ConvolutionGeometry g, int n, int block, int row, int column, int count, Vector512<float> bias, Vector512<float>* results)
    {
        int taps = g.KernelHeight * g.KernelWidth;
        int* sources = stackalloc int[MostRowsOfAny * taps];
        Locate(in g, row, column, count, sources);
        long plane = (long)g.InHeight * g.InWidth * Lanes.Count;
        var tile = new Tile { Input = input + (n * g.InBlocks * plane), Sources = sources, BlockStride = plane, Channels = g.InChannels, Taps = taps };
        tile.Weights = weights + ((long)block * taps * g.InChannels * Lanes.Count);
        for (int p = 0; p < count; p++)
            results[p] = bias;
        if (ReachesOutside(sources, taps, count))
            AccumulateInside(&tile, results, count, 1);
        else
            Sum(&tile, results, count, 1);
    }

    /// <summary>Where each pixel of a tile finds each tap, in floats from the first channel block; −1 outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Locate(in ConvolutionGeometry g, int row, int column, int count, int* sources)
    {
        for (int kh = 0; kh < g.KernelHeight; kh++)
        {
            int sourceRow = g.SourceRow(row, kh);
            for (int kw = 0; kw < g.KernelWidth; kw++, sources += 8)
            {
                for (int p = 0; p < count; p++)
                {
                    int sourceColumn = sourceRow < 0 ? -1 : g.SourceColumn(column + p, kw);
                    sources[p] = sourceColumn < 0 ? -1 : ((sourceRow * g.InWidth) + sourceColumn) * Lanes.Count;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Address(float* block, int source, float* zeros) => source < 0 ? zeros : block + source;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<TRows, TBlocks>(Tile* tile, Vector512<float>* sums)
        where TRows : ICount
        where TBlocks : ICount
    {
        Vector512<float> a0 = sums[0], a1 = sums[1], a2 = sums[2], a3 = sums[3], a4 = sums[4], a5 = sums[5], a6 = sums[6], a7 = sums[7];
        Vector512<float> b0 = sums[8], b1 = sums[9], b2 = sums[10], b3 = sums[11], b4 = sums[12], b5 = sums[13], b6 = sums[14], b7 = sums[15];
        float* w = tile->Weights;
        long second = tile->WeightStride;
        int* source = tile->Sources;
        for (int tap = 0; tap < tile->Taps; tap++, source += 8)
        {
            float* block = tile->Input, zeros = tile->Zeros;
            for (int channel = 0; channel < tile->Channels; channel += Lanes.Count, block += tile->BlockStride)
            {
                int channels = Math.Min(Lanes.Count, tile->Channels - channel);
                float* p0 = Address(block, source[0], zeros);
                float* p1 = TRows.Value > 1 ? Address(block, source[1], zeros) : p0;
                float* p2 = TRows.Value > 2 ? Address(block, source[2], zeros) : p0;
                float* p3 = TRows.Value > 3 ? Address(block, source[3], zeros) : p0;
                float* p4 = TRows.Value > 4 ? Address(block, source[4], zeros) : p0;
                float* p5 = TRows.Value > 5 ? Address(block, source[5], zeros) : p0;
                float* p6 = TRows.Value > 6 ? Address(block, source[6], zeros) : p0;
                float* p7 = TRows.Value > 7 ? Address(block, source[7], zeros) : p0;
                for (int i = 0; i < channels; i++, w += Lanes.Count)
                {
                    var u = Vector512.Load(w);
                    var v = TBlocks.Value > 1 ? Vector512.Load(w + second) : default;
                    Add<TBlocks>(p0[i], u, v, ref a0, ref b0);
                    if (TRows.Value > 1)
                        Add<TBlocks>(p1[i], u, v, ref a1, ref b1);
                    if (TRows.Value > 2)
                        Add<TBlocks>(p2[i], u, v, ref a2, ref b2);
                    if (TRows.Value > 3)
                        Add<TBlocks>(p3[i], u, v, ref a3, ref b3);
                    if (TRows.Value > 4)
                        Add<TBlocks>(p4[i], u, v, ref a4, ref b4);
                    if (TRows.Value > 5)
                        Add<TBlocks>(p5[i], u, v, ref a5, ref b5);
                    if (TRows.Value > 6)
                        Add<TBlocks>(p6[i], u, v, ref a6, ref b6);
                    if (TRows.Value > 7)
                        Add<TBlocks>(p7[i], u, v, ref a7, ref b7);
                }
            }
        }

        (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]) = (a0, a1, a2, a3, a4, a5, a6, a7);
        (sums[8], sums[9], sums[10], sums[11], sums[12], sums[13], sums[14], sums[15]) = (b0, b1, b2, b3, b4, b5, b6, b7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TBlocks>(float value, Vector512<float> u, Vector512<float> v, ref Vector512<float> a, ref Vector512<float> b)
        where TBlocks : ICount
    {
        var x = Vector512.Create(value);
        a = Vector512.MultiplyAddEstimate(x, u, a);
        if (TBlocks.Value > 1)
            b = Vector512.MultiplyAddEstimate(x, v, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(CpuArguments* arguments, in ConvolutionGeometry g, int n, int block, int row, int column, int count, Vector512<float>* sums)
    {
        long at = (((((long)n * g.OutBlocks) + block) * g.OutHeight + row) * g.OutWidth + column) * Lanes.Count;
        float* y = arguments->Output + at;
        if (!g.OutBorder.IsNone)
            y = arguments->Output + ((((((long)n * g.OutBlocks) + block) * g.OutPlane) + ((row + g.OutBorder.Top) * (long)g.OutPitch) + g.OutBorder.Left + column) * Lanes.Count);
        int channels = g.OutChannels - (block * Lanes.Count);
        for (int p = 0; p < count; p++, at += Lanes.Count, y += Lanes.Count)
        {
            var sum = sums[p];
            if (g.Residual != 0)
                sum += Vector512.Load(arguments->Inputs[1] + at);
            Vector512.StoreAligned(Lanes.KeepFirst(g.Activation.Apply(sum), channels), y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ReachesOutside(int* sources, int taps, int count)
    {
        for (int tap = 0; tap < taps; tap++)
        {
            if (new ReadOnlySpan<int>(sources + (tap * 8), count).Contains(-1))
                return true;
        }

        return false;
    }

    /// <summary>The same sums without the pixels that lie outside: a weight that is not finite, times their zero, would be NaN.</summary>
    private static void AccumulateInside(Tile* tile, Vector512<float>* sums, int count, int blocks)
    {
        float* w = tile->Weights;
        for (int tap = 0; tap < tile->Taps; tap++)
        {
            int* source = tile->Sources + (tap * 8);
            for (int channel = 0; channel < tile->Channels; channel++, w += Lanes.Count)
            {
                float* block = tile->Input + (channel / Lanes.Count * tile->BlockStride) + (channel % Lanes.Count);
                for (int i = 0; i < count * blocks; i++)
                {
                    int p = i % count, b = i / count;
                    if (source[p] >= 0)
                        sums[(b * 8) + p] = Vector512.MultiplyAddEstimate(Vector512.Create(block[source[p]]), Vector512.Load(w + (b * tile->WeightStride)), sums[(b * 8) + p]);
                }
            }
        }
    }

    /// <summary>A number that the compiler of the running program knows.</summary>
    private interface ICount
    {
        static abstract int Value { get; }
    }

    private readonly struct Rows1 : ICount { public static int Value => 1; }

    private readonly struct Rows2 : ICount { public static int Value => 2; }

    private readonly struct Rows3 : ICount { public static int Value => 3; }

    private readonly struct Rows4 : ICount { public static int Value => 4; }

    private readonly struct Rows5 : ICount { public static int Value => 5; }

    private readonly struct Rows6 : ICount { public static int Value => 6; }

    private readonly struct Rows7 : ICount { public static int Value => 7; }

    private readonly struct Rows8 : ICount { public static int Value => 8; }

    private readonly struct Single : ICount { public static int Value => 1; }

    private readonly struct Pair : ICount { public static int Value => 2; }

    /// <summary>What a tile reads.</summary>
    public struct Tile
    {
        /// <summary>The first input channel block of the group.</summary>
        public float* Input;

        /// <summary>Weights of the first output block.</summary>
        public float* Weights;

        /// <summary>Eight places for each tap: floats from the first channel block, −1 outside.</summary>
        public int* Sources;

        /// <summary>What lies outside.</summary>
        public float* Zeros;

        /// <summary>Floats from one input channel block to the next.</summary>
        public long BlockStride;

        /// <summary>Floats from the weights of one output block to those of the next.</summary>
        public long WeightStride;

        /// <summary>Input channels of the group.</summary>
        public int Channels;

        /// <summary>Positions of the window.</summary>
        public int Taps;
    }

    private readonly record struct Constants(ConvolutionGeometry Geometry, int Run, int Runs, int Width, int Columns, int Padded);
}
