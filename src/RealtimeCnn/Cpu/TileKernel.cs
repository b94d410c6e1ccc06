using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Dense and grouped convolution in register tiles. The input's planes have a border as wide as windows reach, so that every tile is
/// whole; a window of one pixel that steps by one sees the picture as a single row. An item is a run of pixels or some rows of a pair of blocks;
/// each output is summed over kh, kw, ic in that order, so that results depend neither on tiles nor on threads.
/// </summary>
/// <remarks>
/// Twin: <see cref="ConvolutionKernel"/>, whose weights it shares, and which computes what weights that are not finite would make of
/// the border's zeros.
/// </remarks>
internal static unsafe class TileKernel
{
    /// <summary>Pixels of an item, where the picture has them: at most so many of a row, and at least so many rows that they are.</summary>
    private const int PixelsOfItem = 64;

    /// <summary>Most times that a plane with its border may be as large as without.</summary>
    public const int MostGrowth = 4;

    /// <summary>Whether blocks of 16 input and output channels lie inside one group, and what lies over the edge is not much more than the picture.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call)
    {
        int groups = layer.GroupCount;
        bool whole = groups == 1 || (layer.ChannelsPerGroup % Lanes.Count == 0 && layer.OutChannels / groups % Lanes.Count == 0);
        return whole && ConvolutionGeometry.HasNarrowBorder(layer, call, MostGrowth);
    }

    /// <summary>The input with the border that its windows reach over; the output with the border that its reader asks for.</summary>
    public static LayoutChoice Formats(LayerCall call)
    {
        var input = new TensorFormat(Layout.Blocked, Border: ConvolutionGeometry.Of((ConvolutionLayer)call.Layer, call).Reach);
        return new LayoutChoice(Layout.Blocked, new TensorFormat(Layout.Blocked, Border: call.Wish.Border))
        {
            PerInput = [input, .. call.Inputs[1..].Map(_ => (TensorFormat)Layout.Blocked)],
        };
    }

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call).Flattened();
        bool flat = g is { OutHeight: 1, OutBorder.IsNone: true, Reach.IsNone: true };
        int length = flat ? Math.Min(PixelsOfItem, g.OutWidth) : g.OutWidth, runs = (g.OutWidth + length - 1) / Math.Max(length, 1);
        int rows = Math.Clamp((PixelsOfItem + length - 1) / Math.Max(length, 1), 1, Math.Max(g.OutHeight, 1)), strips = (g.OutHeight + rows - 1) / rows;
        // A pair of blocks shares its input channels: it must not reach into the next group.
        int blocksPerGroup = BlockedLayout.Blocks(g.OutChannels / g.Groups, Lanes.Count);
        int width = g.Groups == 1 || blocksPerGroup % RegisterTile.MostBlocks == 0 ? RegisterTile.MostBlocks : 1;
        int columns = (g.OutBlocks + width - 1) / width;
        // The larger of weights and picture is read once, the smaller stays in the cache meanwhile.
        bool weightsFirst = (long)g.OutChannels / g.Groups * g.KernelHeight * g.KernelWidth > (long)g.InHeight * g.InWidth;
        var constants = new Constants(g, rows, strips, length, runs, width, columns, weightsFirst);
        PackedWeights[] weights = [ConvolutionKernel.PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call)];
        if (g.ReachesZeros)
            weights = [.. weights, new PackedWeights(new FinitePacking(), call.Parameters[0])];
        int items = checked(call.Output.Shape.Batch * columns * strips * runs);
        return CpuDispatch.CreateWithTable(&Forward, constants, Offsets(g), items, weights);
    }

    /// <summary>Floats from the first tap of a window to each.</summary>
    private static int[] Offsets(in ConvolutionGeometry g)
    {
        int[] offsets = new int[g.KernelHeight * g.KernelWidth];
        for (int i = 0; i < offsets.Length; i++)
            offsets[i] = ((i / g.KernelWidth * g.DilationHeight * g.InPitch) + (i % g.KernelWidth * g.DilationWidth)) * Lanes.Count;
        return offsets;
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        bool finite = !g.ReachesZeros || arguments->Weights[2][0] != 0;
        int channels = g.InChannels / g.Groups, outPerGroup = g.OutChannels / g.Groups;
        var tile = new RegisterTile
        {
            Offsets = CpuDispatch.Table<Constants>(arguments), Taps = g.KernelHeight * g.KernelWidth, Channels = channels, BlockLength = Lanes.Count,
            BlockStride = (nint)g.InPlane * Lanes.Count, InputStep = g.StrideWidth * Lanes.Count * sizeof(float),
            WeightStride = (nint)g.KernelHeight * g.KernelWidth * channels * Lanes.Count,
            OutputStride = (nint)g.OutPlane * Lanes.Count, ResidualStride = (nint)g.OutHeight * g.OutWidth * Lanes.Count,
        };
        (tile.Lower, tile.Upper) = g.Activation.Bounds();
        for (int item = from; item < to; item++)
        {
            var (n, strip, run, column) = c.Place(item);
            int block = column * c.Width, blocks = Math.Min(c.Width, g.OutBlocks - block), first = run * c.Length, count = Math.Min(c.Length, g.OutWidth - first);
            int rows = RegisterTile.RowsOf(count), tiles = (count + rows - 1) / rows, end = Math.Min((strip + 1) * c.Rows, g.OutHeight);
            long inputPlane = ((long)n * g.InBlocks) + (block * Lanes.Count / outPerGroup * channels / Lanes.Count);
            float* input = arguments->Inputs[0] + ((inputPlane * g.InPlane) + g.InOrigin - ((long)g.Top * g.InPitch) + ((long)first * g.StrideWidth) - g.Left) * Lanes.Count;
            tile.Weights = arguments->Weights[0] + (block * tile.WeightStride);
            tile.Bias = arguments->Weights[1] + (block * Lanes.Count);
            var (index, all) = c.Ahead(strip, run, tiles);
            tile.FetchAhead(tile.Weights + (blocks * tile.WeightStride), index, all);
            for (int row = strip * c.Rows; row < end; row++)
            {
                for (int b = 0; b < blocks && !g.OutBorder.IsNone; b++)
                    g.ClearBorder(arguments->Output, (n * g.OutBlocks) + block + b, row);
                if (!finite)
                {
                    for (int b = 0; b < blocks; b++)
                        ConvolutionKernel.ForwardRow(arguments, in g, n, block + b, row);
                    continue;
                }

                float* outputs = tile.Output = arguments->Output + g.OutputAt(n, block, row, first);
                tile.Input = input + ((long)row * g.StrideHeight * g.InPitch * Lanes.Count);
                tile.Residual = g.Residual == 0 ? null : arguments->Inputs[1] + g.ResidualAt(n, block, row, first);
                RegisterTile.ComputeRow(&tile, count, blocks);
                g.FinishRun(outputs, tile.OutputStride, count, block, blocks);
            }
        }
    }

    /// <param name="Geometry">The convolution.</param>
    /// <param name="Rows">Rows of a strip.</param>
    /// <param name="Strips">Strips of a picture.</param>
    /// <param name="Length">Pixels of a run.</param>
    /// <param name="Runs">Runs of a row.</param>
    /// <param name="Width">Blocks of output channels of an item.</param>
    /// <param name="Columns">Items that see the same pixels.</param>
    /// <param name="WeightsFirst">Whether items that read the same weights follow each other, and not items that read the same pixels.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Rows, int Strips, int Length, int Runs, int Width, int Columns, bool WeightsFirst)
    {
        public (int Image, int Strip, int Run, int Column) Place(int item)
        {
            int column = 0;
            if (!WeightsFirst)
                item = Math.DivRem(item, Columns, out column);
            item = Math.DivRem(item, Runs, out int run);
            item = Math.DivRem(item, Strips, out int strip);
            if (WeightsFirst)
                item = Math.DivRem(item, Columns, out column);
            return (item, strip, run, column);
        }

        /// <summary>The number of an item's first tile among those that should fetch the next weights, and of all those; none where they are near already.</summary>
        public (int Index, int Tiles) Ahead(int strip, int run, int tilesOfRun)
        {
            int tilesOfItem = tilesOfRun * Rows;
            return WeightsFirst ? (((strip * Runs) + run) * tilesOfItem, Strips * Runs * tilesOfItem) : ((strip | run) == 0 ? 0 : tilesOfItem * Lanes.Count, tilesOfItem);
        }
    }
}
