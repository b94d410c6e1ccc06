using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// A depthwise convolution and a pointwise one as one step (<see cref="SeparableBlock"/>), behind a pointwise one where there is one, and that
/// again behind a depthwise one. What lies between exists as a few rows at a time, which stay in the cache. An item is a run of strips
/// of output rows; wide rows (those under the depthwise convolution) that two strips of a run share are kept from the one to the other.
/// </summary>
/// <remarks>
/// Computes the bits that its parts compute one after the other (<see cref="TileKernel"/>, <see cref="DepthwiseStripKernel"/>), with
/// their weights. Sources of the blocks: Howard et al. 2017, "MobileNets", arXiv:1704.04861; Sandler et al. 2018, "MobileNetV2: Inverted
/// Residuals and Linear Bottlenecks", arXiv:1801.04381.
/// </remarks>
internal static unsafe class SeparableBlockKernel
{
    /// <summary>Bytes that the wide rows under a strip should take where they are computed.</summary>
    private const int StripBytes = 1 << 17;

    /// <summary>Pixels of a strip whose wide rows are in memory: so many that weights that come from the second cache cost nothing.</summary>
    private const int PixelsOfStrip = 112;

    /// <summary>Most items, each of which has memory of its own; fewer where those of a picture compute the rows that they share twice.</summary>
    private const int MostItems = 16, MostSharingItems = 8;

    /// <summary>Most wide rows that a window may reach over.</summary>
    private const int MostExtent = 16;

    /// <summary>Where the parameters of each part begin.</summary>
    private const int DepthwiseWeights = 0, ProjectionWeights = 3, ExpansionWeights = 5, LeadWeights = 7;

    /// <summary>Whether a border as wide as windows reach is not much more than the picture; and where wide rows are computed, zeros are what lies around them and a strip needs few.</summary>
    public static bool Fits(ConvolutionLayer project, LayerCall call)
    {
        var parts = SeparableParts.Of(call);
        var depthwise = (DepthwiseConv2d)parts[^2].Layer;
        bool computes = parts.Length == 2 || (depthwise.PaddingMode == PaddingMode.Zero && depthwise.Kernel.Height * depthwise.Dilation.Height <= MostExtent);
        return computes && (parts[0].Layer is not DepthwiseConv2d first || DepthwiseStripKernel.Fits(first, parts[0])) && call.Output.Shape.Count > 0;
    }

    /// <summary>The input with the border that windows reach over; the output with the border that its reader asks for.</summary>
    public static LayoutChoice Formats(LayerCall call)
    {
        var first = SeparableParts.Of(call)[0];
        var input = first.Layer is DepthwiseConv2d ? DepthwiseStripKernel.Formats(first).Of(0) : Layout.Blocked;
        return new LayoutChoice(Layout.Blocked, new TensorFormat(Layout.Blocked, Border: call.Wish.Border))
        {
            PerInput = [input, .. call.Inputs[1..].Map(_ => (TensorFormat)Layout.Blocked)],
        };
    }

    public static CpuDispatch Plan(ConvolutionLayer project, LayerCall call)
    {
        var parts = SeparableParts.Of(call);
        bool expands = parts.Length > 2, leads = parts.Length > 3;
        LayerCall last = parts[^1], depthwise = parts[^2];
        ConvolutionGeometry p = Geometry(last), d = Geometry(depthwise), e = expands ? Geometry(parts[^3]) : default, l = leads ? Geometry(parts[0]) : default;
        int rows = PixelsOfStrip / d.OutWidth, most = MostItems;
        if (expands)
        {
            d = d with { InPitch = d.Reach.Left + d.InWidth + d.Reach.Right };
            rows = Math.Min(((StripBytes / (d.InPitch * Lanes.Count * RegisterTile.MostBlocks * sizeof(float))) - ExtentOf(d)) / d.StrideHeight, d.OutHeight / MostSharingItems);
            most = MostSharingItems;
        }

        rows = Math.Clamp(rows, 1, d.OutHeight);
        int items = Math.Min(checked(call.Output.Shape.Batch * d.OutHeight), most);
        var constants = new Constants(l, e, d, p, leads, expands, rows, call.Output.Shape.Batch, items);
        return CpuDispatch.Create(&Forward, constants, items, [.. SeparableParts.Weights(depthwise), .. SeparableParts.Weights(last), .. expands ? SeparableParts.Weights(parts[^3]) : [], .. leads ? SeparableParts.Weights(parts[0]) : []])
            .WithScratch(items * constants.WideFloats, items * constants.KeptFloats, items * constants.NarrowFloats, items * constants.LeadFloats);
    }

    private static ConvolutionGeometry Geometry(LayerCall part) => ConvolutionGeometry.Of((ConvolutionLayer)part.Layer, part);

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var d = c.Depthwise;
        float* wide = arguments->Scratch[0] + (from * c.WideFloats), narrow = arguments->Scratch[2] + (from * c.NarrowFloats);
        int keptImage = -1, keptEnd = 0;
        for (int at = c.FirstRow(from), end = c.FirstRow(to); at < end;)
        {
            int n = Math.DivRem(at, d.OutHeight, out int row), rows = Math.Min(c.Rows, Math.Min(end - at, d.OutHeight - row));
            int start = (row * d.StrideHeight) - d.Top, stop = start + ((rows - 1) * d.StrideHeight) + c.Extent, known = n == keptImage ? keptEnd : start;
            if (c.Leads)
                Lead(arguments, in c, n, start, stop, known, from);
            if (!c.Expands)
                SeparableParts.Filter(arguments, DepthwiseWeights, in d, 0, d.OutBlocks, row, rows, SeparableParts.PlaneOf(arguments, in d, n), d.InPlane * Lanes.Count, narrow, c.NarrowPlane);
            for (int block = 0; block < d.InBlocks && c.Expands; block += RegisterTile.MostBlocks)
            {
                int blocks = Math.Min(RegisterTile.MostBlocks, d.InBlocks - block);
                Expand(arguments, in c, n, block, blocks, start, stop, known, from);
                SeparableParts.Filter(arguments, DepthwiseWeights, in d, block, blocks, row, rows, wide - (((start * d.InPitch) - d.Reach.Left) * Lanes.Count), c.WidePlane, narrow + (block * c.NarrowPlane), c.NarrowPlane);
            }

            (keptImage, keptEnd) = (n, stop);
            Project(arguments, in c, n, row, rows, narrow, isFirst: at == c.FirstRow(from));
            at += rows;
        }
    }

    /// <summary>What the expansion reads: rows [start, stop) of the first depthwise convolution without those before <paramref name="known"/>.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Lead(CpuArguments* arguments, in Constants c, int n, int start, int stop, int known, int item)
    {
        var g = c.Lead;
        int row = Math.Max(Math.Max(known, start), 0), end = Math.Min(stop, g.OutHeight);
        float* rows = arguments->Scratch[3] + (item * c.LeadFloats) + ((row - start) * g.OutWidth * Lanes.Count);
        if (row < end)
            SeparableParts.Filter(arguments, LeadWeights, in g, 0, g.OutBlocks, row, end - row, SeparableParts.PlaneOf(arguments, in g, n), g.InPlane * Lanes.Count, rows, c.LeadPlane);
    }

    /// <summary>Rows [start, stop) of two wide blocks, of which those before <paramref name="known"/> were kept; keeps those that the next strip shares.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void Expand(CpuArguments* arguments, in Constants c, int n, int block, int blocks, int start, int stop, int known, int item)
    {
        var g = c.Expansion;
        float* wide = arguments->Scratch[0] + (item * c.WideFloats), kept = arguments->Scratch[1] + (item * c.KeptFloats);
        float* input = c.Leads ? arguments->Scratch[3] + (item * c.LeadFloats) - (start * g.InWidth * Lanes.Count) : SeparableParts.PlaneOf(arguments, in g, n);
        int offset = 0, left = c.Depthwise.Reach.Left, pitch = c.Depthwise.InPitch * Lanes.Count;
        var tile = new RegisterTile
        {
            Offsets = &offset, Taps = 1, Channels = g.InChannels, BlockLength = Lanes.Count, InputStep = Lanes.Count * sizeof(float),
            BlockStride = c.Leads ? c.LeadPlane : (nint)g.InPlane * Lanes.Count,
            Weights = arguments->Weights[ExpansionWeights] + ((nint)block * g.InChannels * Lanes.Count), WeightStride = (nint)g.InChannels * Lanes.Count,
            Bias = arguments->Weights[ExpansionWeights + 1] + (block * Lanes.Count), OutputStride = c.WidePlane,
        };
        (tile.Lower, tile.Upper) = g.Activation.Bounds();
        for (int row = start; row < stop; row++)
        {
            float* to = wide + ((row - start) * pitch);
            if (row < known)
            {
                for (int b = 0; b < blocks; b++)
                    Buffer.MemoryCopy(kept + (((block + b) * (long)c.Shared) + row - start) * pitch, to + (b * c.WidePlane), pitch * sizeof(float), pitch * sizeof(float));
                continue;
            }

            for (int b = 0; b < blocks; b++)
            {
                Lanes.Clear(to + (b * c.WidePlane), row < 0 || row >= g.OutHeight ? c.Depthwise.InPitch : left);
                Lanes.Clear(to + (b * c.WidePlane) + ((left + g.OutWidth) * Lanes.Count), c.Depthwise.InPitch - left - g.OutWidth);
            }

            if (row < 0 || row >= g.OutHeight)
                continue;
            float* outputs = tile.Output = to + (left * Lanes.Count);
            tile.Input = input + ((long)row * g.InWidth * Lanes.Count);
            RegisterTile.ComputeRow(&tile, g.OutWidth, blocks);
            g.FinishRun(outputs, tile.OutputStride, g.OutWidth, block, blocks);
        }

        for (int row = stop - c.Shared; row < stop; row++)
        {
            for (int b = 0; b < blocks; b++)
                Buffer.MemoryCopy(wide + (b * c.WidePlane) + ((row - start) * pitch), kept + ((((block + b) * (long)c.Shared) + row - stop + c.Shared) * pitch), pitch * sizeof(float), pitch * sizeof(float));
        }
    }

    /// <summary>A strip of all output channels.</summary>
    /// <param name="arguments">Of the call.</param>
    /// <param name="c">Of the kernel.</param>
    /// <param name="n">Which picture.</param>
    /// <param name="row">The first row.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="narrow">What it reads.</param>
    /// <param name="isFirst">Whether nobody on this thread has read the weights just before.</param>
    [MethodImpl(KernelCode.Optimized)]
    private static void Project(CpuArguments* arguments, in Constants c, int n, int row, int rowCount, float* narrow, bool isFirst)
    {
        var g = c.Projection;
        // A bordered output is written row by row.
        int offset = 0, runs = g.OutBorder.IsNone ? 1 : rowCount, pixels = rowCount * g.OutWidth / runs, tiles = (pixels + RegisterTile.MostRows - 1) / RegisterTile.MostRows * runs;
        var tile = new RegisterTile
        {
            Offsets = &offset, Taps = 1, Channels = g.InChannels, BlockLength = Lanes.Count, BlockStride = c.NarrowPlane, InputStep = Lanes.Count * sizeof(float),
            WeightStride = (nint)g.InChannels * Lanes.Count, OutputStride = (nint)g.OutPlane * Lanes.Count, ResidualStride = (nint)g.OutHeight * g.OutWidth * Lanes.Count,
        };
        (tile.Lower, tile.Upper) = g.Activation.Bounds();
        for (int block = 0; block < g.OutBlocks; block += RegisterTile.MostBlocks)
        {
            int blocks = Math.Min(RegisterTile.MostBlocks, g.OutBlocks - block);
            tile.Weights = arguments->Weights[ProjectionWeights] + (block * tile.WeightStride);
            tile.Bias = arguments->Weights[ProjectionWeights + 1] + (block * Lanes.Count);
            // The strips that follow find them in the second cache.
            if (isFirst)
                tile.FetchAhead(tile.Weights + (blocks * tile.WeightStride), 0, tiles);
            for (int run = 0; run < runs; run++)
            {
                float* outputs = tile.Output = arguments->Output + g.OutputAt(n, block, row + run, 0);
                tile.Input = narrow + (run * g.OutWidth * Lanes.Count);
                tile.Residual = g.Residual == 0 ? null : arguments->Inputs[1] + g.ResidualAt(n, block, row + run, 0);
                for (int b = 0; b < blocks && !g.OutBorder.IsNone; b++)
                    g.ClearBorder(arguments->Output, (n * g.OutBlocks) + block + b, row + run);
                RegisterTile.ComputeRow(&tile, pixels, blocks);
                g.FinishRun(outputs, tile.OutputStride, pixels, block, blocks);
            }
        }
    }

    /// <summary>Input rows under an output row.</summary>
    private static int ExtentOf(in ConvolutionGeometry g) => ((g.KernelHeight - 1) * g.DilationHeight) + 1;

    /// <param name="Lead">The depthwise convolution before all others, where <paramref name="Leads"/> says that there is one.</param>
    /// <param name="Expansion">The first pointwise convolution, where <paramref name="Expands"/> says that there is one.</param>
    /// <param name="Depthwise">The depthwise convolution, with the pitch of wide rows.</param>
    /// <param name="Projection">The last one.</param>
    /// <param name="Leads">Whether the expansion reads a depthwise convolution.</param>
    /// <param name="Expands">Whether wide rows are computed and not read.</param>
    /// <param name="Rows">Most output rows of a strip.</param>
    /// <param name="Images">Pictures.</param>
    /// <param name="Items">Runs of rows.</param>
    private readonly record struct Constants(
        ConvolutionGeometry Lead, ConvolutionGeometry Expansion, ConvolutionGeometry Depthwise, ConvolutionGeometry Projection, bool Leads, bool Expands,
        int Rows, int Images, int Items)
    {
        /// <summary>Wide rows under an output row.</summary>
        public int Extent => ExtentOf(Depthwise);

        /// <summary>Wide rows under a strip.</summary>
        public int WideRows => ((Rows - 1) * Depthwise.StrideHeight) + Extent;

        /// <summary>Wide rows that a strip shares with the next.</summary>
        public int Shared => Math.Max(Extent - Depthwise.StrideHeight, 0);

        /// <summary>Floats of the wide rows of a block.</summary>
        public int WidePlane => WideRows * Depthwise.InPitch * Lanes.Count;

        /// <summary>Floats of a strip of a block behind the depthwise convolution.</summary>
        public int NarrowPlane => Rows * Depthwise.OutWidth * Lanes.Count;

        /// <summary>Floats of the rows of a block that the expansion reads.</summary>
        public int LeadPlane => WideRows * Lead.OutWidth * Lanes.Count;

        /// <summary>The first output row of an item, counted over all pictures.</summary>
        public int FirstRow(int item) => (int)((long)item * Images * Depthwise.OutHeight / Items);

        public long WideFloats => Expands ? (long)RegisterTile.MostBlocks * WidePlane : 1;

        public long KeptFloats => Expands ? Math.Max((long)Depthwise.InBlocks * Shared * Depthwise.InPitch * Lanes.Count, 1) : 1;

        public long NarrowFloats => (long)Depthwise.OutBlocks * NarrowPlane;

        public long LeadFloats => Leads ? (long)Lead.OutBlocks * LeadPlane : 1;
    }
}
