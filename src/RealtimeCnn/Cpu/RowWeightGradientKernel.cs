using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of a convolution of few channels on both sides by its parameters, where these are row-major and windows of step 1 reach
/// over no edge: lanes are 16 pixels side by side, and a tile of registers holds five weights of three output channels. An item is three
/// output channels of a part of the batch; how many parts there are follows from the shapes. Each lane's sum runs over n, oh, ow, and the
/// pixels behind the last whole vector of a row are added behind all others of their picture; then parts are added in their order, then lanes.
/// </summary>
/// <remarks>Twin: <see cref="WeightGradientKernel"/>.</remarks>
internal static unsafe class RowWeightGradientKernel
{
    /// <summary>Weights of a tile, for each of its output channels.</summary>
    private const int Taps = 5;

    /// <summary>Output channels of a tile.</summary>
    private const int Channels = 3;

    /// <summary>Parts that are enough for all threads.</summary>
    private const int MostParts = 8;

    /// <summary>Whether both sides have few channels, and the input came row-major.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) =>
        call.Inputs[1].Layout == Layout.Plain && layer is { InChannels: <= PixelTile.Channels, OutChannels: <= PixelTile.Channels }
        && RowConvolutionKernel.Slides(layer, call.Inputs[1].Shape, call.Input.Shape) && call.Input.Shape.Width >= Lanes.Count;

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call.Inputs[1], call.Input);
        int batch = call.Input.Shape.Batch, weights = g.InChannels * g.KernelHeight * g.KernelWidth, tiles = (weights + Taps - 1) / Taps;
        int columns = (g.OutChannels + Channels - 1) / Channels, parts = Math.Clamp(batch, 1, MostParts);
        var c = new Constants(g, batch, layer.HasBias, weights, tiles, columns, parts);
        int[] offsets = new int[tiles * Taps];
        for (int i = 0; i < offsets.Length; i++)
        {
            // Behind the last weight stands that one again.
            var (channel, tap) = Math.DivRem(Math.Min(i, weights - 1), g.KernelHeight * g.KernelWidth);
            var (kh, kw) = Math.DivRem(tap, g.KernelWidth);
            offsets[i] = (((channel * g.InHeight) + (kh * g.DilationHeight)) * g.InWidth) + (kw * g.DilationWidth);
        }

        return CpuDispatch.CreateWithTable(&Accumulate, c, offsets, columns * parts)
            .WithScratch(parts * c.SumsOfPart).Then(CpuDispatch.Create(&Finish, c, g.OutChannels));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Accumulate(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        int* offsets = CpuDispatch.Table<Constants>(arguments);
        int outArea = g.OutHeight * g.OutWidth;
        for (int item = from; item < to; item++)
        {
            var (part, column) = Math.DivRem(item, c.Columns);
            int channel = column * Channels, channels = Math.Min(Channels, g.OutChannels - channel);
            float* sums = arguments->Scratch[0] + (part * c.SumsOfPart) + (column * (long)c.SumsOfColumn);
            Lanes.Clear(sums, c.SumsOfColumn / Lanes.Count);
            for (int n = (int)((long)part * c.Batch / c.Parts), end = (int)((part + 1L) * c.Batch / c.Parts); n < end; n++)
            {
                float* dy = arguments->Inputs[0] + ((((long)n * g.OutChannels) + channel) * outArea), x = arguments->Inputs[1] + ((long)n * g.InChannels * g.InHeight * g.InWidth);
                // Behind the last channel stands that one again.
                nint second = Math.Min(1, channels - 1) * (nint)outArea, third = Math.Min(2, channels - 1) * (nint)outArea;
                for (int tile = 0; tile < c.Tiles; tile++)
                {
                    float* sumsOfTile = sums + (tile * Channels * Taps * Lanes.Count);
                    Add<Whole>(in g, dy, dy + second, dy + third, x, offsets + (tile * Taps), sumsOfTile);
                    if (g.OutWidth % Lanes.Count != 0)
                        Add<Rest>(in g, dy, dy + second, dy + third, x, offsets + (tile * Taps), sumsOfTile);
                }

                float* biases = sums + ((c.SumsOfColumn / Lanes.Count) - Channels) * Lanes.Count;
                for (int i = 0; i < channels && c.HasBias; i++)
                    AddAll(dy + (i * (nint)outArea), outArea, biases + (i * Lanes.Count));
            }
        }
    }

    /// <summary>The sum of a plane.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void AddAll(float* plane, int count, float* sums)
    {
        var sum = Vector512.LoadAligned(sums);
        int i = 0;
        for (; i <= count - Lanes.Count; i += Lanes.Count)
            sum += Vector512.Load(plane + i);
        if (i < count)
            sum += Vector512.Load(plane + count - Lanes.Count) & Lanes.Last(count - i);
        sum.StoreAligned(sums);
    }

    /// <summary>The whole vectors of all rows of a picture, or what is behind them, for a tile.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Add<TPixels>(in ConvolutionGeometry g, float* dyA, float* dyB, float* dyC, float* x, int* offsets, float* sums)
        where TPixels : IPixels
    {
        Vector512<float> a0 = Load(sums, 0), a1 = Load(sums, 1), a2 = Load(sums, 2), a3 = Load(sums, 3), a4 = Load(sums, 4);
        Vector512<float> b0 = Load(sums, 5), b1 = Load(sums, 6), b2 = Load(sums, 7), b3 = Load(sums, 8), b4 = Load(sums, 9);
        Vector512<float> c0 = Load(sums, 10), c1 = Load(sums, 11), c2 = Load(sums, 12), c3 = Load(sums, 13), c4 = Load(sums, 14);
        float* p0 = x + offsets[0], p1 = x + offsets[1], p2 = x + offsets[2], p3 = x + offsets[3], p4 = x + offsets[4];
        int rest = g.OutWidth % Lanes.Count;
        var taken = Lanes.Last(rest);
        nint at = TPixels.First(g.OutWidth), input = at, whole = g.OutWidth - rest;
        for (int row = 0; row < g.OutHeight; row++, at += g.OutWidth, input += g.InWidth)
        {
            for (nint i = 0; i < TPixels.Count(whole); i += Lanes.Count)
            {
                Vector512<float> u = TPixels.Keep(Vector512.Load(dyA + at + i), taken), v = TPixels.Keep(Vector512.Load(dyB + at + i), taken), w = TPixels.Keep(Vector512.Load(dyC + at + i), taken);
                var value = TPixels.Keep(Vector512.Load(p0 + input + i), taken);
                a0 = Lanes.MultiplyAdd(value, u, a0);
                b0 = Lanes.MultiplyAdd(value, v, b0);
                c0 = Lanes.MultiplyAdd(value, w, c0);
                value = TPixels.Keep(Vector512.Load(p1 + input + i), taken);
                a1 = Lanes.MultiplyAdd(value, u, a1);
                b1 = Lanes.MultiplyAdd(value, v, b1);
                c1 = Lanes.MultiplyAdd(value, w, c1);
                value = TPixels.Keep(Vector512.Load(p2 + input + i), taken);
                a2 = Lanes.MultiplyAdd(value, u, a2);
                b2 = Lanes.MultiplyAdd(value, v, b2);
                c2 = Lanes.MultiplyAdd(value, w, c2);
                value = TPixels.Keep(Vector512.Load(p3 + input + i), taken);
                a3 = Lanes.MultiplyAdd(value, u, a3);
                b3 = Lanes.MultiplyAdd(value, v, b3);
                c3 = Lanes.MultiplyAdd(value, w, c3);
                value = TPixels.Keep(Vector512.Load(p4 + input + i), taken);
                a4 = Lanes.MultiplyAdd(value, u, a4);
                b4 = Lanes.MultiplyAdd(value, v, b4);
                c4 = Lanes.MultiplyAdd(value, w, c4);
            }
        }

        Store(sums, a0, a1, a2, a3, a4);
        Store(sums + (Taps * Lanes.Count), b0, b1, b2, b3, b4);
        Store(sums + (2 * Taps * Lanes.Count), c0, c1, c2, c3, c4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* sums, int number) => Vector512.LoadAligned(sums + (number * Lanes.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* sums, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, Vector512<float> s4)
    {
        s0.StoreAligned(sums);
        s1.StoreAligned(sums + Lanes.Count);
        s2.StoreAligned(sums + (2 * Lanes.Count));
        s3.StoreAligned(sums + (3 * Lanes.Count));
        s4.StoreAligned(sums + (4 * Lanes.Count));
    }

    /// <summary>The gradients of an output channel: an item is one.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Finish(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int output = from; output < to; output++)
        {
            var (column, channel) = Math.DivRem(output, Channels);
            float* sums = arguments->Scratch[0] + (column * (long)c.SumsOfColumn);
            for (int i = 0; i < c.Weights; i++)
            {
                var (tile, tap) = Math.DivRem(i, Taps);
                arguments->Outputs[0][((long)output * c.Weights) + i] = Sum(in c, sums + ((((tile * Channels) + channel) * Taps) + tap) * Lanes.Count);
            }

            if (c.HasBias)
                arguments->Outputs[1][output] = Sum(in c, sums + ((c.SumsOfColumn / Lanes.Count) - Channels + channel) * Lanes.Count);
        }
    }

    /// <summary>The sum of all parts and lanes.</summary>
    private static float Sum(in Constants c, float* first)
    {
        var sum = Vector512.LoadAligned(first);
        for (int part = 1; part < c.Parts; part++)
            sum += Vector512.LoadAligned(first + (part * c.SumsOfPart));
        return Lanes.Sum(sum);
    }

    /// <summary>Which pixels of a row are taken.</summary>
    private interface IPixels
    {
        /// <summary>The first one.</summary>
        static abstract int First(int width);

        /// <summary>How many, in whole vectors.</summary>
        /// <param name="whole">Pixels of a row in whole vectors.</param>
        static abstract nint Count(nint whole);

        /// <summary>Zero for what is not taken, on both sides of a product.</summary>
        static abstract Vector512<float> Keep(Vector512<float> pixels, Vector512<float> taken);
    }

    /// <summary>All whole vectors.</summary>
    private readonly struct Whole : IPixels
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int First(int width) => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Count(nint whole) => whole;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Keep(Vector512<float> pixels, Vector512<float> taken) => pixels;
    }

    /// <summary>The pixels behind them, at the end of the row's last 16.</summary>
    private readonly struct Rest : IPixels
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int First(int width) => width - Lanes.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Count(nint whole) => Lanes.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Keep(Vector512<float> pixels, Vector512<float> taken) => pixels & taken;
    }

    /// <param name="Geometry">The convolution.</param>
    /// <param name="Batch">Pictures.</param>
    /// <param name="HasBias">Whether there is a gradient of a bias.</param>
    /// <param name="Weights">Weights of an output channel.</param>
    /// <param name="Tiles">Tiles of three output channels.</param>
    /// <param name="Columns">How often there are three output channels.</param>
    /// <param name="Parts">Parts of the batch.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Batch, bool HasBias, int Weights, int Tiles, int Columns, int Parts)
    {
        /// <summary>Floats of the sums of three output channels: <c>[tile][channel][tap]</c>, then their biases.</summary>
        public int SumsOfColumn => ((Tiles * Taps) + 1) * Channels * Lanes.Count;

        /// <summary>Floats of the sums of a part of the batch.</summary>
        public long SumsOfPart => (long)Columns * SumsOfColumn;
    }
}
