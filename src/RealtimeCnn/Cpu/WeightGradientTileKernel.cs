using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of a convolution by its parameters in register tiles: eight weights (tap and input channel) of two blocks of 16 output
/// channels, to which each pixel adds a product of two vectors and eight numbers. The input has a border as wide as windows reach.
/// Strips of rows stay in the cache while all tiles of an item pass over them; each sum runs over n, oh, ow in that order, whatever
/// strip and item it falls into.
/// </summary>
/// <remarks>Twin: <see cref="WeightGradientKernel"/>.</remarks>
internal static unsafe class WeightGradientTileKernel
{
    /// <summary>Weights of a tile, for each output channel of its blocks.</summary>
    private const int TileRows = 8;

    /// <summary>Blocks of output channels of a tile.</summary>
    private const int TileBlocks = 2;

    /// <summary>Least pixels of a strip, if the picture has them: enough that loading and storing the sums costs little.</summary>
    private const int LeastPixels = 256;

    /// <summary>Most items of a pair of blocks.</summary>
    private const int MostParts = 16;

    /// <summary>Whether the lanes of an output block see the same input channels.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) => layer.GroupCount == 1 || layer.OutChannels / layer.GroupCount % Lanes.Count == 0;

    /// <inheritdoc cref="Fits(ConvolutionLayer, LayerCall)"/>
    public static bool Fits(ConvTranspose2d layer, LayerCall call) => layer.Groups == 1 || layer.InChannels / layer.Groups % Lanes.Count == 0;

    /// <summary>Blocks in, of the input with what its windows see over the edge; parameters in the order of their shapes out.</summary>
    public static LayoutChoice Formats(LayerCall call)
    {
        var reach = ConvolutionGeometry.Of((ConvolutionLayer)call.Layer, call.Inputs[1], call.Input).Reach;
        return new LayoutChoice(Layout.Blocked, Layout.Plain) { PerInput = [Layout.Blocked, new TensorFormat(Layout.Blocked, Border: reach)] };
    }

    /// <summary>The same for a transposed convolution, of which the gradient has the border.</summary>
    public static LayoutChoice FormatsTransposed(LayerCall call)
    {
        var layer = ConvTransposeGradients.AsConvolution((ConvTranspose2d)call.Layer, call.Inputs[1].Shape);
        var reach = ConvolutionGeometry.Of(layer, call.Input, call.Inputs[1]).Reach;
        return new LayoutChoice(Layout.Blocked, Layout.Plain) { PerInput = [new TensorFormat(Layout.Blocked, Border: reach), Layout.Blocked] };
    }

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call) => Plan(layer, call.Inputs[1], call.Input, 0);

    /// <summary>That of a transposed convolution by its weight, with x and dy having changed places: see <see cref="ConvTransposeGradients"/>.</summary>
    public static CpuDispatch Plan(ConvTranspose2d layer, LayerCall call) => Plan(ConvTransposeGradients.AsConvolution(layer, call.Inputs[1].Shape), call.Input, call.Inputs[1], 1);

    private static CpuDispatch Plan(ConvolutionLayer layer, TensorInfo x, TensorInfo dy, int gradient)
    {
        var g = ConvolutionGeometry.Of(layer, x, dy);
        int weights = layer.ChannelsPerGroup * g.KernelHeight * g.KernelWidth, tiles = (weights + TileRows - 1) / TileRows;
        int blocksPerGroup = BlockedLayout.Blocks(g.OutChannels / g.Groups, Lanes.Count), width = g.Groups == 1 || blocksPerGroup % TileBlocks == 0 ? TileBlocks : 1;
        int columns = (g.OutBlocks + width - 1) / width, rows = Math.Clamp((LeastPixels + g.OutWidth - 1) / Math.Max(g.OutWidth, 1), 1, Math.Max(g.OutHeight, 1));
        var constants = new Constants(g, dy.Shape.Batch, layer.HasBias, gradient, weights, tiles, width, Math.Min(tiles, MostParts), rows);
        long sums = (long)g.OutBlocks * constants.SumsOfBlock;
        return CpuDispatch.Create(&Accumulate, constants, columns * constants.Parts).WithScratch(sums).Then(CpuDispatch.Create(&Finish, constants, g.OutChannels));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        int* offsets = stackalloc int[TileRows];
        for (int item = from; item < to; item++)
        {
            int column = Math.DivRem(item, c.Parts, out int part), block = column * c.Width, blocks = Math.Min(c.Width, g.OutBlocks - block);
            int first = (int)((long)part * c.Tiles / c.Parts), end = (int)((part + 1L) * c.Tiles / c.Parts);
            float* sums = arguments->Scratch[0] + (block * (long)c.SumsOfBlock);
            for (int b = 0; b < blocks; b++)
                Lanes.Clear(sums + (b * (long)c.SumsOfBlock) + (first * TileRows * Lanes.Count), (end - first) * TileRows);
            for (int n = 0; n < c.Batch; n++)
            {
                float* dy = arguments->Inputs[c.Gradient] + ((((long)n * g.OutBlocks) + block) * g.OutPlane * Lanes.Count);
                float* x = arguments->Inputs[1 - c.Gradient] + ((((long)n * g.InBlocks * g.InPlane) + g.InOrigin - (g.Top * (long)g.InPitch) - g.Left) * Lanes.Count);
                for (int row = 0; row < g.OutHeight; row += c.Rows)
                {
                    int rows = Math.Min(c.Rows, g.OutHeight - row);
                    float* gradients = dy + (row * (long)g.OutWidth * Lanes.Count), inputs = x + (row * (long)g.StrideHeight * g.InPitch * Lanes.Count);
                    for (int tile = first; tile < end; tile++)
                    {
                        c.FindOffsets(tile, block, offsets);
                        float* tileSums = sums + (tile * TileRows * Lanes.Count);
                        if (blocks == TileBlocks)
                            AddPair(in c, tileSums, gradients, inputs, offsets, rows);
                        else
                            AddSingle(in c, tileSums, gradients, inputs, offsets, rows);
                    }
                }
            }
        }
    }

    /// <summary>The pixels of some rows, for a tile of two blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPair(in Constants c, float* sums, float* dy, float* x, int* offsets, int rows)
    {
        var g = c.Geometry;
        float* second = sums + c.SumsOfBlock;
        Vector512<float> a0 = Load(sums, 0), a1 = Load(sums, 1), a2 = Load(sums, 2), a3 = Load(sums, 3), a4 = Load(sums, 4), a5 = Load(sums, 5), a6 = Load(sums, 6), a7 = Load(sums, 7);
        Vector512<float> b0 = Load(second, 0), b1 = Load(second, 1), b2 = Load(second, 2), b3 = Load(second, 3), b4 = Load(second, 4), b5 = Load(second, 5), b6 = Load(second, 6), b7 = Load(second, 7);
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = offsets[4], o5 = offsets[5], o6 = offsets[6], o7 = offsets[7];
        nint plane = (nint)g.OutPlane * Lanes.Count, step = g.StrideWidth * Lanes.Count, rowStep = (nint)g.StrideHeight * g.InPitch * Lanes.Count;
        for (int row = 0; row < rows; row++, x += rowStep)
        {
            float* p = x;
            for (float* end = dy + (g.OutWidth * Lanes.Count); dy < end; dy += Lanes.Count, p += step)
            {
                Vector512<float> u = Vector512.Load(dy), v = Vector512.Load(dy + plane);
                Add(p[o0], u, v, ref a0, ref b0);
                Add(p[o1], u, v, ref a1, ref b1);
                Add(p[o2], u, v, ref a2, ref b2);
                Add(p[o3], u, v, ref a3, ref b3);
                Add(p[o4], u, v, ref a4, ref b4);
                Add(p[o5], u, v, ref a5, ref b5);
                Add(p[o6], u, v, ref a6, ref b6);
                Add(p[o7], u, v, ref a7, ref b7);
            }
        }

        Store(sums, a0, a1, a2, a3, a4, a5, a6, a7);
        Store(second, b0, b1, b2, b3, b4, b5, b6, b7);
    }

    /// <summary>The same for a tile of one block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSingle(in Constants c, float* sums, float* dy, float* x, int* offsets, int rows)
    {
        var g = c.Geometry;
        Vector512<float> a0 = Load(sums, 0), a1 = Load(sums, 1), a2 = Load(sums, 2), a3 = Load(sums, 3), a4 = Load(sums, 4), a5 = Load(sums, 5), a6 = Load(sums, 6), a7 = Load(sums, 7);
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = offsets[4], o5 = offsets[5], o6 = offsets[6], o7 = offsets[7];
        nint step = g.StrideWidth * Lanes.Count, rowStep = (nint)g.StrideHeight * g.InPitch * Lanes.Count;
        for (int row = 0; row < rows; row++, x += rowStep)
        {
            float* p = x;
            for (float* end = dy + (g.OutWidth * Lanes.Count); dy < end; dy += Lanes.Count, p += step)
            {
                var u = Vector512.Load(dy);
                a0 = Vector512.MultiplyAddEstimate(Vector512.Create(p[o0]), u, a0);
                a1 = Vector512.MultiplyAddEstimate(Vector512.Create(p[o1]), u, a1);
                a2 = Vector512.MultiplyAddEstimate(Vector512.Create(p[o2]), u, a2);
                a3 = Vector512.MultiplyAddEstimate(Vector512.Create(p[o3]), u, a3);
                a4 = Vector512.MultiplyAddEstimate(Vector512.Create(p[o4]), u, a4);
                a5 = Vector512.MultiplyAddEstimate(Vector512.Create(p[o5]), u, a5);
                a6 = Vector512.MultiplyAddEstimate(Vector512.Create(p[o6]), u, a6);
                a7 = Vector512.MultiplyAddEstimate(Vector512.Create(p[o7]), u, a7);
            }
        }

        Store(sums, a0, a1, a2, a3, a4, a5, a6, a7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float x, Vector512<float> u, Vector512<float> v, ref Vector512<float> a, ref Vector512<float> b)
    {
        var value = Vector512.Create(x);
        a = Vector512.MultiplyAddEstimate(value, u, a);
        b = Vector512.MultiplyAddEstimate(value, v, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* sums, int row) => Vector512.LoadAligned(sums + (row * Lanes.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        float* sums, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, Vector512<float> s4, Vector512<float> s5, Vector512<float> s6, Vector512<float> s7)
    {
        s0.StoreAligned(sums);
        s1.StoreAligned(sums + Lanes.Count);
        s2.StoreAligned(sums + (2 * Lanes.Count));
        s3.StoreAligned(sums + (3 * Lanes.Count));
        s4.StoreAligned(sums + (4 * Lanes.Count));
        s5.StoreAligned(sums + (5 * Lanes.Count));
        s6.StoreAligned(sums + (6 * Lanes.Count));
        s7.StoreAligned(sums + (7 * Lanes.Count));
    }

    /// <summary>The sums of one output channel in the order of its weights, and its bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        int channels = g.InChannels / g.Groups, taps = g.KernelHeight * g.KernelWidth;
        for (int o = from; o < to; o++)
        {
            float* sums = arguments->Scratch[0] + ((o / Lanes.Count) * (long)c.SumsOfBlock) + (o % Lanes.Count);
            float* dw = arguments->Outputs[0] + ((long)o * c.Weights);
            for (int tap = 0; tap < taps; tap++)
            {
                for (int i = 0; i < channels; i++, sums += Lanes.Count)
                    dw[(i * taps) + tap] = *sums;
            }

            if (!c.HasBias)
                continue;
            float bias = 0;
            for (int n = 0; n < c.Batch; n++)
            {
                float* dy = arguments->Inputs[c.Gradient] + ((((long)n * g.OutBlocks) + (o / Lanes.Count)) * g.OutPlane * Lanes.Count) + (o % Lanes.Count);
                for (int i = 0; i < g.OutPlane; i++)
                    bias += dy[i * Lanes.Count];
            }

            arguments->Outputs[1][o] = bias;
        }
    }

    /// <param name="Geometry">The convolution, of the bordered input and the output's gradient.</param>
    /// <param name="Batch">Pictures.</param>
    /// <param name="HasBias">Whether there is a gradient of a bias.</param>
    /// <param name="Gradient">Which input is dy; the other is x.</param>
    /// <param name="Weights">Weights of an output channel, in the order kh, kw, ic.</param>
    /// <param name="Tiles">Tiles of a block.</param>
    /// <param name="Width">Blocks of a tile.</param>
    /// <param name="Parts">Items of a pair of blocks.</param>
    /// <param name="Rows">Rows of a strip.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Batch, bool HasBias, int Gradient, int Weights, int Tiles, int Width, int Parts, int Rows)
    {
        /// <summary>Floats of the sums of a block of output channels.</summary>
        public int SumsOfBlock => Tiles * TileRows * Lanes.Count;

        /// <summary>Where the numbers that the weights of a tile are multiplied with lie, from the window's first pixel on; behind the last weight, the last one's.</summary>
        public void FindOffsets(int tile, int block, int* offsets)
        {
            int channels = Geometry.InChannels / Geometry.Groups, first = block * Lanes.Count / (Geometry.OutChannels / Geometry.Groups) * channels;
            for (int i = 0; i < TileRows; i++)
            {
                int tap = Math.DivRem(Math.Min((tile * TileRows) + i, Weights - 1), channels, out int channel);
                channel += first;
                int pixel = (tap / Geometry.KernelWidth * Geometry.DilationHeight * Geometry.InPitch) + (tap % Geometry.KernelWidth * Geometry.DilationWidth);
                offsets[i] = ((((channel / Lanes.Count) * Geometry.InPlane) + pixel) * Lanes.Count) + (channel % Lanes.Count);
            }
        }
    }
}
