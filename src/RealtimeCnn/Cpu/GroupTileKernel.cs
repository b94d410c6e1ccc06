using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Convolution in groups of any width in register tiles. A block of 16 output channels in which groups meet is computed once for each
/// of them, all lanes from that group's inputs, and the lanes that belong to it are kept. A group whose inputs begin or end inside a
/// block is read in pieces as wide as lie inside one. An item is a run of pixels or some rows of a block; each output is summed over
/// kh, kw, ic in that order.
/// </summary>
/// <remarks>
/// Twin: <see cref="ConvolutionKernel"/>, whose weights it shares, and which computes what weights that are not finite would make of
/// the border's zeros.
/// </remarks>
internal static unsafe class GroupTileKernel
{
    /// <summary>Most pixels of a run, and what the rows of an item have together where the picture has so many.</summary>
    private const int MostPixels = 64;

    /// <summary>Whether there are groups, and what lies over the edge is not much more than the picture.</summary>
    public static bool Fits(ConvolutionLayer layer, LayerCall call) => layer.GroupCount > 1 && ConvolutionGeometry.HasNarrowBorder(layer, call, TileKernel.MostGrowth);

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call).Flattened();
        int length = Math.Max(Math.Min(MostPixels, g.OutWidth), 1), runs = (g.OutWidth + length - 1) / length;
        int rows = Math.Clamp(MostPixels / length, 1, Math.Max(g.OutHeight, 1)), strips = (g.OutHeight + rows - 1) / rows;
        int piece = PieceOf(layer.ChannelsPerGroup);
        PackedWeights[] weights = [ConvolutionKernel.PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call)];
        if (g.ReachesZeros)
            weights = [.. weights, new PackedWeights(new FinitePacking(), call.Parameters[0])];
        int items = checked(call.Output.Shape.Batch * g.OutBlocks * strips * runs);
        return CpuDispatch.CreateWithTable(&Forward, new Constants(g, rows, strips, length, runs, piece), Offsets(g, piece), items, weights);
    }

    /// <summary>Channels of a group that are read side by side: those between any two places where it or a block may begin.</summary>
    private static int PieceOf(int channels)
    {
        int piece = Lanes.Count;
        while (channels % piece != 0)
            piece /= 2;
        return piece;
    }

    /// <summary>
    /// For each lane that a group may begin at, floats from its first block's first tap to each tap of each piece. Groups of whole
    /// blocks are one piece that goes from block to block.
    /// </summary>
    private static int[] Offsets(in ConvolutionGeometry g, int piece)
    {
        int taps = g.KernelHeight * g.KernelWidth, pieces = piece == Lanes.Count ? 1 : g.InChannels / g.Groups / piece;
        int[] offsets = new int[Lanes.Count / piece * taps * pieces];
        for (int i = 0; i < offsets.Length; i++)
        {
            int tap = i / pieces % taps, channel = ((i / pieces / taps) + (i % pieces)) * piece;
            int pixel = (tap / g.KernelWidth * g.DilationHeight * g.InPitch) + (tap % g.KernelWidth * g.DilationWidth);
            offsets[i] = checked((((channel / Lanes.Count * g.InPlane) + pixel) * Lanes.Count) + (channel % Lanes.Count));
        }

        return offsets;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        bool finite = !g.ReachesZeros || arguments->Weights[2][0] != 0;
        var other = stackalloc Vector512<float>[MostPixels];
        for (int item = from; item < to; item++)
        {
            int run = item % c.Runs, strip = item / c.Runs % c.Strips, plane = item / c.Runs / c.Strips, first = run * c.Length, count = Math.Min(c.Length, g.OutWidth - first);
            var (n, block) = Math.DivRem(plane, g.OutBlocks);
            for (int row = strip * c.Rows; row < Math.Min((strip + 1) * c.Rows, g.OutHeight); row++)
            {
                if (run == 0 && !g.OutBorder.IsNone)
                    g.ClearBorder(arguments->Output, plane, row);
                if (finite)
                    ComputeRun(arguments, in c, n, block, row, first, count, other);
                else if (run == 0)
                    ConvolutionKernel.ForwardMixedRow(arguments, in g, n, block, row);
            }
        }
    }

    /// <summary>A run of pixels of one block.</summary>
    /// <param name="arguments">What the step reads and writes.</param>
    /// <param name="c">The convolution.</param>
    /// <param name="n">Batch item.</param>
    /// <param name="block">Block of output channels.</param>
    /// <param name="row">Row of the output.</param>
    /// <param name="first">The run's first column.</param>
    /// <param name="count">Its pixels, at most <see cref="MostPixels"/>.</param>
    /// <param name="other">Room for the run, computed from another group's inputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeRun(CpuArguments* arguments, in Constants c, int n, int block, int row, int first, int count, Vector512<float>* other)
    {
        var g = c.Geometry;
        int channels = g.InChannels / g.Groups, outPerGroup = g.OutChannels / g.Groups, taps = g.KernelHeight * g.KernelWidth;
        bool whole = c.Piece == Lanes.Count;
        int offsets = whole ? taps : taps * (channels / c.Piece), channel = block * Lanes.Count, end = Math.Min(channel + Lanes.Count, g.OutChannels);
        long pixel = g.InOrigin + ((((long)row * g.StrideHeight) - g.Top) * g.InPitch) + ((long)first * g.StrideWidth) - g.Left;
        float* output = arguments->Output + g.OutputAt(n, block, row, first);
        var (lower, upper) = g.Activation.Bounds();
        for (int group = channel / outPerGroup; group * outPerGroup < end; group++)
        {
            int begin = group * channels, lane = Math.Max((group * outPerGroup) - channel, 0);
            var tile = new RegisterTile
            {
                Input = arguments->Inputs[0] + ((((((long)n * g.InBlocks) + (begin / Lanes.Count)) * g.InPlane) + pixel) * Lanes.Count),
                InputStep = g.StrideWidth * Lanes.Count * sizeof(float),
                Offsets = CpuDispatch.Table<Constants>(arguments) + (begin % Lanes.Count / c.Piece * offsets), Taps = offsets,
                Channels = whole ? channels : c.Piece, BlockLength = Lanes.Count, BlockStride = (nint)g.InPlane * Lanes.Count,
                Weights = arguments->Weights[0] + ((long)block * taps * channels * Lanes.Count), Bias = arguments->Weights[1] + channel,
                Residual = g.Residual == 0 ? null : arguments->Inputs[1] + g.ResidualAt(n, block, row, first),
                Output = lane == 0 ? output : (float*)other, Lower = lower, Upper = upper,
            };
            RegisterTile.ComputeRow(&tile, count, 1);
            var before = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(lane)).AsSingle();
            for (int i = 0; i < count && lane > 0; i++)
                Vector512.ConditionalSelect(before, Vector512.LoadAligned(output + (i * Lanes.Count)), other[i]).StoreAligned(output + (i * Lanes.Count));
        }

        g.FinishRun(output, 0, count, block, 1);
    }

    /// <param name="Geometry">The convolution.</param>
    /// <param name="Rows">Rows of a strip.</param>
    /// <param name="Strips">Strips of a picture.</param>
    /// <param name="Length">Pixels of a run.</param>
    /// <param name="Runs">Runs of a row.</param>
    /// <param name="Piece">Channels of a group that are read side by side.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Rows, int Strips, int Length, int Runs, int Piece);
}
