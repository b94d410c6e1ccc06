using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of a convolution by its parameters in register tiles: eight weights (tap and input channel) of two blocks of 16 output
/// channels, to which each pixel adds a product of two vectors and eight numbers. The input has a border as wide as windows reach; one of
/// few channels stays row-major, and is given its border first.
/// A strip of rows, or of small pictures, stays in the cache while all tiles of an item pass over it. An item is a pair of blocks for a
/// part of the batch; how many parts there are follows from the shapes. Each part's sums run over n, oh, ow in that order, and are added
/// in the order of the parts.
/// </summary>
/// <remarks>Twin: <see cref="WeightGradientKernel"/>.</remarks>
internal static unsafe class WeightGradientTileKernel
{
    /// <summary>Weights of a tile, for each output channel of its blocks.</summary>
    private const int TileRows = 8;

    /// <summary>Blocks of output channels of a tile.</summary>
    private const int TileBlocks = 2;

    /// <summary>Least pixels of a strip, if the picture has them: enough that loading and storing the sums costs little.</summary>
    private const int LeastPixels = 128;

    /// <summary>Items that are enough for all threads: beyond, parts of the batch would only cost sums.</summary>
    private const int EnoughItems = 16;

    /// <summary>Whether the lanes of an output block see the same input channels.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) => layer.GroupCount == 1 || layer.OutChannels / layer.GroupCount % Lanes.Count == 0;

    /// <inheritdoc cref="Fits(ConvolutionLayer, LayerCall)"/>
    public static bool Fits(ConvTranspose2d layer, LayerCall call) => layer.Groups == 1 || layer.InChannels / layer.Groups % Lanes.Count == 0;

    /// <summary>Blocks in, of the input with what its windows see over the edge; parameters in the order of their shapes out.</summary>
    public static LayoutChoice Formats(LayerCall call)
    {
        var layer = (ConvolutionLayer)call.Layer;
        bool staysPlain = layer is not DepthwiseConv2d && call.Inputs[1].Layout == Layout.Plain && layer.InChannels <= PixelTile.Channels;
        return new LayoutChoice(Layout.Blocked, Layout.Plain) { PerInput = [Layout.Blocked, staysPlain ? Layout.Plain : Bordered(layer, call.Inputs[1], call.Input)] };
    }

    /// <summary>Blocks with a border as wide as windows reach.</summary>
    private static TensorFormat Bordered(ConvolutionLayer layer, TensorInfo x, TensorInfo dy) => new(Layout.Blocked, Border: ConvolutionGeometry.Of(layer, x, dy).Reach);

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
        bool isPlain = x.Layout == Layout.Plain;
        var g = ConvolutionGeometry.Of(layer, isPlain ? x with { Format = Bordered(layer, x, dy) } : x, dy).Flattened();
        int weights = layer.ChannelsPerGroup * g.KernelHeight * g.KernelWidth, tiles = (weights + TileRows - 1) / TileRows;
        int blocksPerGroup = BlockedLayout.Blocks(g.OutChannels / g.Groups, Lanes.Count), width = g.Groups == 1 || blocksPerGroup % TileBlocks == 0 ? TileBlocks : 1;
        int columns = (g.OutBlocks + width - 1) / width, rows = Math.Clamp((LeastPixels + g.OutWidth - 1) / Math.Max(g.OutWidth, 1), 1, Math.Max(g.OutHeight, 1));
        int pictures = rows < g.OutHeight ? 1 : Math.Max(LeastPixels / Math.Max(g.OutPlane, 1), 1), parts = Math.Clamp((EnoughItems + columns - 1) / columns, 1, Math.Max(dy.Shape.Batch, 1));
        var constants = new Constants(g, dy.Shape.Batch, gradient, weights, tiles, width, columns, parts, rows, pictures, isPlain, layer.HasBias);
        var sums = CpuDispatch.CreateWithTable(&Accumulate, constants, constants.Offsets(), constants.Biases + (columns * parts)).Then(CpuDispatch.Create(&Finish, constants, g.OutBlocks * constants.Shares));
        return constants.AddsBorder
            ? CpuDispatch.Create(&AddBorder, constants, x.Shape.Batch * g.InChannels).WithScratch(parts * constants.SumsOfPart, x.Shape.Batch * (long)g.InChannels * g.InPlane).Then(sums)
            : sums.WithScratch(parts * constants.SumsOfPart);
    }

    /// <summary>Brings row-major planes into their borders: an item is one.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void AddBorder(CpuArguments* arguments, int from, int to)
    {
        var g = ((Constants*)arguments->Constants)->Geometry;
        var (top, left) = Math.DivRem(g.InOrigin, g.InPitch);
        for (int plane = from; plane < to; plane++)
        {
            var x = new ReadOnlySpan<float>(arguments->Inputs[1] + (plane * (long)g.InHeight * g.InWidth), g.InHeight * g.InWidth);
            var bordered = new Span<float>(arguments->Scratch[1] + (plane * (long)g.InPlane), g.InPlane);
            for (int row = 0; row < bordered.Length / g.InPitch; row++)
            {
                int source = Window.Source(row - top, g.InHeight, g.PaddingMode);
                var line = bordered.Slice(row * g.InPitch, g.InPitch);
                line.Clear();
                if (source < 0)
                    continue;
                var pixels = x.Slice(source * g.InWidth, g.InWidth);
                pixels.CopyTo(line[left..]);
                for (int column = g.InWidth; column < g.InPitch; column++)
                {
                    // Those on the right, then those on the left.
                    int at = (column + left) % g.InPitch, seen = Window.Source(at - left, g.InWidth, g.PaddingMode);
                    line[at] = seen < 0 ? 0 : pixels[seen];
                }
            }
        }
    }

    /// <summary>The biases of a block of output channels, or, behind all of these, the sums of a pair of blocks for a part of the batch.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Accumulate(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        int* table = CpuDispatch.Table<Constants>(arguments);
        for (int item = from; item < to; item++)
        {
            if (item < c.Biases)
            {
                AddBiases(arguments, in c, item);
                continue;
            }

            var (part, column) = Math.DivRem(item - c.Biases, c.Columns);
            int block = column * c.Width, blocks = Math.Min(c.Width, g.OutBlocks - block);
            float* sums = arguments->Scratch[0] + (part * c.SumsOfPart) + (block * (long)c.SumsOfBlock);
            int* offsets = table + (column * c.Tiles * TileRows);
            Lanes.Clear(sums, blocks * c.SumsOfBlock / Lanes.Count);
            int end = (int)((part + 1L) * c.Batch / c.Parts);
            var strip = Strip.Of(in c);
            for (int n = (int)((long)part * c.Batch / c.Parts), pictures; n < end; n += pictures)
            {
                pictures = Math.Min(c.Pictures, end - n);
                float* dy = arguments->Inputs[c.Gradient] + ((((long)n * g.OutBlocks) + block) * g.OutPlane * Lanes.Count);
                float* x = (c.AddsBorder ? arguments->Scratch[1] : arguments->Inputs[1 - c.Gradient]) + ((((long)n * c.InPlanes * g.InPlane) + g.InOrigin - (g.Top * (long)g.InPitch) - g.Left) * c.PixelStep);
                for (int row = 0; row < g.OutHeight; row += c.Rows)
                {
                    strip.Gradients = dy + (row * strip.GradientRow);
                    strip.Inputs = x + (row * strip.InputRow);
                    (strip.Rows, strip.Pictures) = (Math.Min(c.Rows, g.OutHeight - row), pictures);
                    for (int tile = 0; tile < c.Tiles; tile++)
                    {
                        if (blocks == TileBlocks)
                            AddPair(&strip, sums + (tile * TileRows * Lanes.Count), c.SumsOfBlock, offsets + (tile * TileRows));
                        else
                            AddSingle(&strip, sums + (tile * TileRows * Lanes.Count), offsets + (tile * TileRows));
                    }
                }
            }
        }
    }

    /// <summary>The pixels of a strip, for a tile of two blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPair(Strip* strip, float* sums, nint ofSecond, int* offsets)
    {
        float* second = sums + ofSecond;
        Vector512<float> a0 = Load(sums, 0), a1 = Load(sums, 1), a2 = Load(sums, 2), a3 = Load(sums, 3), a4 = Load(sums, 4), a5 = Load(sums, 5), a6 = Load(sums, 6), a7 = Load(sums, 7);
        Vector512<float> b0 = Load(second, 0), b1 = Load(second, 1), b2 = Load(second, 2), b3 = Load(second, 3), b4 = Load(second, 4), b5 = Load(second, 5), b6 = Load(second, 6), b7 = Load(second, 7);
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = offsets[4], o5 = offsets[5], o6 = offsets[6], o7 = offsets[7];
        nint plane = strip->Plane, step = strip->Step;
        float* gradients = strip->Gradients, inputs = strip->Inputs;
        for (int picture = strip->Pictures; picture > 0; picture--, gradients += strip->GradientPicture, inputs += strip->InputPicture)
        {
            float* dy = gradients, x = inputs;
            for (int row = strip->Rows; row > 0; row--, x += strip->InputRow)
            {
                float* p = x;
                for (float* end = dy + strip->GradientRow; dy < end; dy += Lanes.Count, p += step)
                {
                    Vector512<float> u = Vector512.Load(dy), v = Vector512.Load(dy + plane);
                    var value = Vector512.Create(p[o0]);
                    a0 = Vector512.MultiplyAddEstimate(value, u, a0);
                    b0 = Vector512.MultiplyAddEstimate(value, v, b0);
                    value = Vector512.Create(p[o1]);
                    a1 = Vector512.MultiplyAddEstimate(value, u, a1);
                    b1 = Vector512.MultiplyAddEstimate(value, v, b1);
                    value = Vector512.Create(p[o2]);
                    a2 = Vector512.MultiplyAddEstimate(value, u, a2);
                    b2 = Vector512.MultiplyAddEstimate(value, v, b2);
                    value = Vector512.Create(p[o3]);
                    a3 = Vector512.MultiplyAddEstimate(value, u, a3);
                    b3 = Vector512.MultiplyAddEstimate(value, v, b3);
                    value = Vector512.Create(p[o4]);
                    a4 = Vector512.MultiplyAddEstimate(value, u, a4);
                    b4 = Vector512.MultiplyAddEstimate(value, v, b4);
                    value = Vector512.Create(p[o5]);
                    a5 = Vector512.MultiplyAddEstimate(value, u, a5);
                    b5 = Vector512.MultiplyAddEstimate(value, v, b5);
                    value = Vector512.Create(p[o6]);
                    a6 = Vector512.MultiplyAddEstimate(value, u, a6);
                    b6 = Vector512.MultiplyAddEstimate(value, v, b6);
                    value = Vector512.Create(p[o7]);
                    a7 = Vector512.MultiplyAddEstimate(value, u, a7);
                    b7 = Vector512.MultiplyAddEstimate(value, v, b7);
                }
            }
        }

        Store(sums, a0, a1, a2, a3, a4, a5, a6, a7);
        Store(second, b0, b1, b2, b3, b4, b5, b6, b7);
    }

    /// <summary>The same for a tile of one block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSingle(Strip* strip, float* sums, int* offsets)
    {
        Vector512<float> a0 = Load(sums, 0), a1 = Load(sums, 1), a2 = Load(sums, 2), a3 = Load(sums, 3), a4 = Load(sums, 4), a5 = Load(sums, 5), a6 = Load(sums, 6), a7 = Load(sums, 7);
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = offsets[4], o5 = offsets[5], o6 = offsets[6], o7 = offsets[7];
        nint step = strip->Step;
        float* gradients = strip->Gradients, inputs = strip->Inputs;
        for (int picture = strip->Pictures; picture > 0; picture--, gradients += strip->GradientPicture, inputs += strip->InputPicture)
        {
            float* dy = gradients, x = inputs;
            for (int row = strip->Rows; row > 0; row--, x += strip->InputRow)
            {
                float* p = x;
                for (float* end = dy + strip->GradientRow; dy < end; dy += Lanes.Count, p += step)
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
        }

        Store(sums, a0, a1, a2, a3, a4, a5, a6, a7);
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

    /// <summary>The sums of a block of output channels in the order of the weights: an item is a share of its tiles.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Finish(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int shares = c.Shares;
        for (int item = from; item < to; item++)
        {
            var (block, share) = Math.DivRem(item, shares);
            int first = (int)((long)share * c.Tiles / shares) * TileRows, end = (int)((share + 1L) * c.Tiles / shares) * TileRows;
            FinishWeights(arguments, in c, block, first, Math.Min(end, c.Weights));
        }
    }

    /// <summary>Adds up the parts of some weights, and brings them in their order.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void FinishWeights(CpuArguments* arguments, in Constants c, int block, int from, int to)
    {
        var g = c.Geometry;
        int channels = g.InChannels / g.Groups, taps = g.KernelHeight * g.KernelWidth, outputs = Math.Min(Lanes.Count, g.OutChannels - (block * Lanes.Count));
        float* first = arguments->Scratch[0] + (block * (long)c.SumsOfBlock);
        for (int i = from * Lanes.Count; i < to * Lanes.Count && c.Parts > 1; i += Lanes.Count)
        {
            var sum = Vector512.LoadAligned(first + i);
            for (int part = 1; part < c.Parts; part++)
                sum += Vector512.LoadAligned(first + (part * c.SumsOfPart) + i);
            sum.StoreAligned(first + i);
        }

        var (firstTap, firstChannel) = Math.DivRem(from, channels);
        for (int lane = 0; lane < outputs; lane++)
        {
            float* sums = first + (from * (long)Lanes.Count) + lane, dw = arguments->Outputs[0] + ((((long)block * Lanes.Count) + lane) * c.Weights);
            int tap = firstTap, channel = firstChannel;
            for (int i = from; i < to; i++, sums += Lanes.Count)
            {
                dw[(channel * taps) + tap] = *sums;
                if (++channel == channels)
                    (tap, channel) = (tap + 1, 0);
            }
        }
    }

    /// <summary>The gradients of a block's biases, which are sums over n, oh, ow in that order.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void AddBiases(CpuArguments* arguments, in Constants c, int block)
    {
        var g = c.Geometry;
        int plane = g.OutPlane;
        var bias = Vector512<float>.Zero;
        for (int n = 0; n < c.Batch; n++)
        {
            float* dy = arguments->Inputs[c.Gradient] + ((((long)n * g.OutBlocks) + block) * plane * Lanes.Count);
            for (int i = 0; i < plane; i++, dy += Lanes.Count)
                bias += Vector512.Load(dy);
        }

        Lanes.StoreFirst(bias, arguments->Outputs[1] + (block * Lanes.Count), g.OutChannels - (block * Lanes.Count));
    }

    /// <param name="Geometry">The convolution, of the bordered input and the output's gradient.</param>
    /// <param name="Batch">Pictures.</param>
    /// <param name="Gradient">Which input is dy; the other is x.</param>
    /// <param name="Weights">Weights of an output channel, in the order kh, kw, ic.</param>
    /// <param name="Tiles">Tiles of a block.</param>
    /// <param name="Width">Blocks of a tile.</param>
    /// <param name="Columns">Pairs of blocks, or single ones.</param>
    /// <param name="Parts">Parts of the batch.</param>
    /// <param name="Rows">Rows of a strip.</param>
    /// <param name="Pictures">Pictures of a strip, where it has all of their rows.</param>
    /// <param name="IsPlain">Whether the input is row-major.</param>
    /// <param name="HasBias">Whether there are gradients of biases.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Batch, int Gradient, int Weights, int Tiles, int Width, int Columns, int Parts, int Rows, int Pictures, bool IsPlain, bool HasBias)
    {
        /// <summary>Shares of a block's tiles in the end.</summary>
        public int Shares => Math.Clamp(EnoughItems / Math.Max(Geometry.OutBlocks, 1), 1, Tiles);

        /// <summary>Blocks with gradients of biases.</summary>
        public int Biases => HasBias ? Geometry.OutBlocks : 0;

        /// <summary>Whether the input is given what windows see over its edges first.</summary>
        public bool AddsBorder => IsPlain && !Geometry.Reach.IsNone;

        /// <summary>Floats from a pixel of the input to the next.</summary>
        public int PixelStep => IsPlain ? 1 : Lanes.Count;

        /// <summary>Planes of a picture of the input: one for each channel where it is row-major, else one for each block.</summary>
        public int InPlanes => IsPlain ? Geometry.InChannels : Geometry.InBlocks;

        /// <summary>Floats of the sums of a block of output channels.</summary>
        public int SumsOfBlock => Tiles * TileRows * Lanes.Count;

        /// <summary>Floats of the sums of a part of the batch.</summary>
        public long SumsOfPart => (long)Geometry.OutBlocks * SumsOfBlock;

        /// <summary>
        /// Where the numbers that the weights of each tile are multiplied with lie, from the window's first pixel on, for each pair of blocks;
        /// behind the last weight, the last one's.
        /// </summary>
        public int[] Offsets()
        {
            int[] offsets = new int[Columns * Tiles * TileRows];
            int channels = Geometry.InChannels / Geometry.Groups, place = 0;
            for (int column = 0; column < Columns; column++)
            {
                int first = column * Width * Lanes.Count / (Geometry.OutChannels / Geometry.Groups) * channels;
                for (int i = 0; i < Tiles * TileRows; i++)
                {
                    int tap = Math.DivRem(Math.Min(i, Weights - 1), channels, out int channel);
                    channel += first;
                    int pixel = (tap / Geometry.KernelWidth * Geometry.DilationHeight * Geometry.InPitch) + (tap % Geometry.KernelWidth * Geometry.DilationWidth);
                    offsets[place++] = IsPlain ? (channel * Geometry.InPlane) + pixel : ((((channel / Lanes.Count) * Geometry.InPlane) + pixel) * Lanes.Count) + (channel % Lanes.Count);
                }
            }

            return offsets;
        }
    }

    /// <summary>Rows of one or more pictures, and floats from one thing to the next.</summary>
    private struct Strip
    {
        public float* Gradients;
        public float* Inputs;
        public int Rows;
        public int Pictures;
        public nint Plane;
        public nint Step;
        public nint GradientRow;
        public nint InputRow;
        public nint GradientPicture;
        public nint InputPicture;

        public static Strip Of(in Constants c)
        {
            var g = c.Geometry;
            return new Strip
            {
                Plane = (nint)g.OutPlane * Lanes.Count,
                Step = (nint)g.StrideWidth * c.PixelStep,
                GradientRow = (nint)g.OutWidth * Lanes.Count,
                InputRow = (nint)g.StrideHeight * g.InPitch * c.PixelStep,
                GradientPicture = (nint)g.OutBlocks * g.OutPlane * Lanes.Count,
                InputPicture = (nint)c.InPlanes * g.InPlane * c.PixelStep,
            };
        }
    }
}
