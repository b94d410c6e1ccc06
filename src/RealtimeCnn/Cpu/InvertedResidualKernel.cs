using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The block that mobile networks are made of, as one step: a pointwise convolution to many channels, a depthwise one, and a pointwise one
/// to few, with the residual that is added last. What lies between is many times larger than input and output; here it exists as a
/// few rows at a time, which stay in the cache. An item is a run of strips of output rows; rows that two strips of a run share are kept
/// from the one to the other.
/// </summary>
/// <remarks>
/// Computes the bits that its three parts compute one after the other (<see cref="TileKernel"/>, <see cref="DepthwiseStripKernel"/>), with
/// their weights. Source of the block: Sandler et al. 2018, "MobileNetV2: Inverted Residuals and Linear Bottlenecks", arXiv:1801.04381.
/// </remarks>
internal static unsafe class InvertedResidualKernel
{
    /// <summary>Bytes of the wide value from which on it leaves the second cache between its writer and its reader.</summary>
    private const long FarBytes = 3 << 18;

    /// <summary>Bytes that the wide rows under a strip should take, and strips that there should be, to be shared among threads.</summary>
    private const int StripBytes = 1 << 17, FewestStrips = 8;

    /// <summary>Most items, each of which has memory of its own.</summary>
    private const int MostItems = 16;

    /// <summary>The three nodes that end with one, or null.</summary>
    public static IReadOnlyList<Node>? Block(Node project) =>
        IsPointwise(project.Layer) && project.Inputs is [{ Layer: DepthwiseConv2d { Multiplier: 1, AddsResidual: false } } depthwise, ..]
        && depthwise.Inputs is [{ Layer: ConvolutionLayer { AddsResidual: false } } expand] && IsPointwise(expand.Layer)
            ? [expand, depthwise, project]
            : null;

    /// <summary>Whether zeros are what lies over the edge of the wide value, and rows of a strip are few.</summary>
    public static bool Fits(ConvolutionLayer project, LayerCall call)
    {
        var depthwise = (DepthwiseConv2d)call.Nodes[1].Layer;
        return depthwise.PaddingMode == PaddingMode.Zero && depthwise.Kernel.Height * depthwise.Dilation.Height <= 16 && call.Output.Shape.Count > 0;
    }

    /// <summary>Whether the wide value is so large that it would be written to memory and read again.</summary>
    public static bool Pays(ConvolutionLayer project, LayerCall call)
    {
        var expanded = call.Nodes[0].Layer.InferShape([call.Input.Shape]);
        return (long)expanded.Count / expanded.Batch * sizeof(float) >= FarBytes;
    }

    public static CpuDispatch Plan(ConvolutionLayer project, LayerCall call)
    {
        LayerCall expand = Part(call, 0, call.Input), depthwise = Part(call, 1, expand.Output), last = Part(call, 2, depthwise.Output);
        var e = ConvolutionGeometry.Of((ConvolutionLayer)expand.Layer, expand);
        var d = ConvolutionGeometry.Of((DepthwiseConv2d)depthwise.Layer, depthwise);
        var p = ConvolutionGeometry.Of(project, last with { Outputs = call.Outputs });
        int extent = ((d.KernelHeight - 1) * d.DilationHeight) + 1;
        int left = d.Reach.Left, pitch = left + d.InWidth + d.Reach.Right;
        int rows = Math.Clamp(((StripBytes / (pitch * Lanes.Count * RegisterTile.MostBlocks * sizeof(float))) - extent) / d.StrideHeight, 1, (d.OutHeight + FewestStrips - 1) / FewestStrips);
        int strips = (d.OutHeight + rows - 1) / rows, all = checked(call.Output.Shape.Batch * strips), items = Math.Min(all, MostItems);
        var constants = new Constants(e, d with { InPitch = pitch }, p, rows, strips, all, items, ((rows - 1) * d.StrideHeight) + extent, extent, left);
        return CpuDispatch.Create(
                &Forward, constants, items,
                ConvolutionKernel.PackWeights((ConvolutionLayer)expand.Layer, expand), ConvolutionGeometry.PackBias((ConvolutionLayer)expand.Layer, expand),
                DepthwiseKernel.PackWeights((DepthwiseConv2d)depthwise.Layer, depthwise), ConvolutionGeometry.PackBias((DepthwiseConv2d)depthwise.Layer, depthwise),
                ConvolutionKernel.PackWeights(project, last), ConvolutionGeometry.PackBias(project, last), new PackedWeights(new FinitePacking(), depthwise.Parameters[0]))
            .WithScratch(items * constants.WideFloats, items * constants.KeptFloats, items * constants.NarrowFloats);
    }

    private static bool IsPointwise(Layer layer) =>
        layer is ConvolutionLayer { GroupCount: 1 } convolution && convolution.Kernel == 1 && convolution.Stride == 1 && convolution.Padding.IsNone;

    /// <summary>One node's call, as if it were a step of its own.</summary>
    private static LayerCall Part(LayerCall call, int index, TensorInfo input)
    {
        var node = call.Nodes[index];
        Shape[] inputs = [input.Shape, .. call.Inputs.Skip(1).Take(index == 2 ? 1 : 0).Select(residual => residual.Shape)];
        return new LayerCall(node, [input], new TensorInfo(node.Layer.InferShape(inputs), Layout.Blocked)) { Mode = call.Mode };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* wide = arguments->Scratch[0] + (from * c.WideFloats), kept = arguments->Scratch[1] + (from * c.KeptFloats), narrow = arguments->Scratch[2] + (from * c.NarrowFloats);
        int first = (int)((long)from * c.All / c.Items), end = (int)((long)to * c.All / c.Items);
        int keptImage = -1, keptEnd = 0;
        for (int strip = first; strip < end; strip++)
        {
            int n = Math.DivRem(strip, c.Strips, out int index), row = index * c.Rows, rows = Math.Min(c.Rows, c.Depthwise.OutHeight - row);
            int start = (row * c.Depthwise.StrideHeight) - c.Depthwise.Top, stop = start + ((rows - 1) * c.Depthwise.StrideHeight) + c.Extent;
            for (int block = 0; block < c.Depthwise.InBlocks; block += RegisterTile.MostBlocks)
            {
                int blocks = Math.Min(RegisterTile.MostBlocks, c.Depthwise.InBlocks - block);
                Expand(arguments, in c, n, block, blocks, start, stop, n == keptImage ? keptEnd : start, wide, kept);
                for (int b = 0; b < blocks; b++)
                    Filter(arguments, in c, block + b, row, rows, start, wide + (b * c.WidePlane), narrow);
            }

            (keptImage, keptEnd) = (n, stop);
            Project(arguments, in c, n, row, rows, narrow);
        }
    }

    /// <summary>Rows [start, stop) of two wide blocks, of which those before <paramref name="known"/> were kept; keeps those that the next strip shares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Expand(CpuArguments* arguments, in Constants c, int n, int block, int blocks, int start, int stop, int known, float* wide, float* kept)
    {
        var g = c.Expansion;
        int offset = 0, pitch = c.Depthwise.InPitch * Lanes.Count;
        var tile = new RegisterTile
        {
            Offsets = &offset, Taps = 1, Channels = g.InChannels, BlockLength = Lanes.Count, BlockStride = (nint)g.InPlane * Lanes.Count, InputStep = Lanes.Count * sizeof(float),
            Weights = arguments->Weights[0] + ((nint)block * g.InChannels * Lanes.Count), WeightStride = (nint)g.InChannels * Lanes.Count,
            Bias = arguments->Weights[1] + (block * Lanes.Count), OutputStride = c.WidePlane,
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
                Lanes.Clear(to + (b * c.WidePlane), row < 0 || row >= g.OutHeight ? c.Depthwise.InPitch : c.Left);
                Lanes.Clear(to + (b * c.WidePlane) + ((c.Left + g.OutWidth) * Lanes.Count), c.Depthwise.InPitch - c.Left - g.OutWidth);
            }

            if (row < 0 || row >= g.OutHeight)
                continue;
            float* outputs = tile.Output = to + (c.Left * Lanes.Count);
            tile.Input = arguments->Inputs[0] + ((((long)n * g.InBlocks * g.InPlane) + (row * g.InWidth)) * Lanes.Count);
            RegisterTile.ComputeRow(&tile, g.OutWidth, blocks);
            g.FinishRun(outputs, tile.OutputStride, g.OutWidth, block, blocks);
        }

        for (int row = stop - c.Shared; row < stop; row++)
        {
            for (int b = 0; b < blocks; b++)
                Buffer.MemoryCopy(wide + (b * c.WidePlane) + ((row - start) * pitch), kept + ((((block + b) * (long)c.Shared) + row - stop + c.Shared) * pitch), pitch * sizeof(float), pitch * sizeof(float));
        }
    }

    /// <summary>A strip of one block of the depthwise convolution.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filter(CpuArguments* arguments, in Constants c, int block, int row, int rows, int start, float* wide, float* narrow)
    {
        var g = c.Depthwise;
        int channels = g.OutChannels - (block * Lanes.Count);
        var (lower, upper) = g.Activation.Bounds();
        var strip = DepthwiseStrip.Of(in g);
        strip.Input = wide + ((c.Left - g.Left) * Lanes.Count);
        strip.Rows = rows;
        strip.Weights = arguments->Weights[2] + (block * (long)g.KernelHeight * g.KernelWidth * Lanes.Count);
        strip.Bias = arguments->Weights[3] + (block * Lanes.Count);
        strip.Output = narrow + (block * c.NarrowPlane);
        (strip.Lower, strip.Upper) = (Lanes.KeepFirst(Vector512.Create(lower), channels), Lanes.KeepFirst(Vector512.Create(upper), channels));
        if (arguments->Weights[6][0] != 0)
            DepthwiseStrip.Kernel(g.KernelWidth, g.StrideWidth, g.DilationWidth)(&strip);
        else
            DepthwiseStripKernel.SumInside(in g, wide - (((long)start * g.InPitch) - c.Left) * Lanes.Count, row, &strip);
        g.Activation.ApplyCurve(strip.Output, rows * g.OutWidth, channels);
    }

    /// <summary>A strip of all output channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Project(CpuArguments* arguments, in Constants c, int n, int row, int rowCount, float* narrow)
    {
        var g = c.Projection;
        // A bordered output is written row by row.
        int offset = 0, runs = g.OutBorder.IsNone ? 1 : rowCount, pixels = rowCount * g.OutWidth / runs;
        var tile = new RegisterTile
        {
            Offsets = &offset, Taps = 1, Channels = g.InChannels, BlockLength = Lanes.Count, BlockStride = c.NarrowPlane, InputStep = Lanes.Count * sizeof(float),
            WeightStride = (nint)g.InChannels * Lanes.Count, OutputStride = (nint)g.OutPlane * Lanes.Count, ResidualStride = (nint)g.OutHeight * g.OutWidth * Lanes.Count,
        };
        (tile.Lower, tile.Upper) = g.Activation.Bounds();
        for (int block = 0; block < g.OutBlocks; block += RegisterTile.MostBlocks)
        {
            int blocks = Math.Min(RegisterTile.MostBlocks, g.OutBlocks - block);
            tile.Weights = arguments->Weights[4] + (block * tile.WeightStride);
            tile.Bias = arguments->Weights[5] + (block * Lanes.Count);
            tile.Input = narrow;
            for (int run = row; run < row + runs; run++)
            {
                float* outputs = tile.Output = arguments->Output + g.OutputAt(n, block, run, 0);
                tile.Residual = g.Residual == 0 ? null : arguments->Inputs[1] + g.ResidualAt(n, block, run, 0);
                for (int b = 0; b < blocks && !g.OutBorder.IsNone; b++)
                    g.ClearBorder(arguments->Output, (n * g.OutBlocks) + block + b, run);
                RegisterTile.ComputeRow(&tile, pixels, blocks);
                g.FinishRun(outputs, tile.OutputStride, pixels, block, blocks);
            }
        }
    }

    /// <param name="Expansion">The first pointwise convolution.</param>
    /// <param name="Depthwise">The depthwise one, with the pitch of wide rows.</param>
    /// <param name="Projection">The last one.</param>
    /// <param name="Rows">Output rows of a strip.</param>
    /// <param name="Strips">Strips of a picture.</param>
    /// <param name="All">Strips of all pictures.</param>
    /// <param name="Items">Runs of strips.</param>
    /// <param name="WideRows">Wide rows under a strip.</param>
    /// <param name="Extent">Wide rows under an output row.</param>
    /// <param name="Left">Zeros before a wide row.</param>
    private readonly record struct Constants(
        ConvolutionGeometry Expansion, ConvolutionGeometry Depthwise, ConvolutionGeometry Projection, int Rows, int Strips, int All, int Items, int WideRows, int Extent, int Left)
    {
        /// <summary>Wide rows that a strip shares with the next.</summary>
        public int Shared => Math.Max(Extent - Depthwise.StrideHeight, 0);

        /// <summary>Floats of the wide rows of a block.</summary>
        public int WidePlane => WideRows * Depthwise.InPitch * Lanes.Count;

        /// <summary>Floats of a strip of a block behind the depthwise convolution.</summary>
        public int NarrowPlane => Rows * Depthwise.OutWidth * Lanes.Count;

        public long WideFloats => (long)RegisterTile.MostBlocks * WidePlane;

        public long KeptFloats => Math.Max((long)Depthwise.InBlocks * Shared * Depthwise.InPitch * Lanes.Count, 1);

        public long NarrowFloats => (long)Depthwise.OutBlocks * NarrowPlane;
    }
}
