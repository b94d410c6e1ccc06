using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Convolution of a picture of fewer channels than a block has, as users give it: row-major, because a block of 16 would be mostly
/// zeros. The input rows under a strip of output rows are copied, with what lies over the edge at both ends, into memory that stays in
/// the cache, as <c>[row][channel][column]</c>: there each number of a window is a tap. Of a camera's frame they are made there
/// (<see cref="FrameInputRows"/>), and the picture is nowhere in memory. An item is a run of strips; each output is summed over kh, kw,
/// ic in that order, whatever strip and tile it falls into.
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

    /// <summary>A frame's rows or row-major in; channel-blocked out, with the border that the reader asks for.</summary>
    public static LayoutChoice Formats(LayerCall call)
    {
        bool ofFrame = call.Input.Element == ElementType.FrameRows && FrameInputRows.Fits(ConvolutionGeometry.Of((ConvolutionLayer)call.Layer, call));
        return new(ofFrame ? call.Input.Format : Layout.Plain, new TensorFormat(Layout.Blocked, Border: call.Wish.Border));
    }

    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call);
        int pitch = (int)Pitch(in g), strips = (g.OutHeight + RowsOfStrip - 1) / RowsOfStrip, all = checked(call.Output.Shape.Batch * strips), items = Math.Min(all, MostItems);
        // What lies side by side in a strip and is summed one after the other is one tap: the columns of a window of one channel.
        int run = g is { InChannels: 1, DilationWidth: 1 } ? g.KernelWidth : 1;
        int[] offsets = new int[g.KernelHeight * g.KernelWidth * g.InChannels / run];
        for (int tap = 0; tap < offsets.Length; tap++)
        {
            var (place, channel) = Math.DivRem(tap * run, g.InChannels);
            var (kh, kw) = Math.DivRem(place, g.KernelWidth);
            offsets[tap] = (((kh * g.DilationHeight * g.InChannels) + channel) * pitch) + (kw * g.DilationWidth);
        }

        bool ofFrame = call.Input.Element == ElementType.FrameRows;
        int floats = (int)FloatsOfStrip(g), work = ofFrame ? FramePlanes.WorkFloats(g.InWidth, g.InChannels) : 0;
        var constants = new Constants(g, pitch, floats, floats + work, strips, all, items, offsets.Length, run);
        PackedWeights[] weights = [ConvolutionKernel.PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call)];
        delegate*<CpuArguments*, int, int, void> kernel = ofFrame ? &Forward<FrameInputRows> : &Forward<PlaneRows>;
        return CpuDispatch.CreateWithTable(kernel, constants, offsets, items, g.ReachesZeros ? [.. weights, new PackedWeights(new FinitePacking(), call.Parameters[0])] : weights)
            .WithScratch((long)items * constants.Floats);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward<TRows>(CpuArguments* arguments, int from, int to)
        where TRows : IInputRows
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        float* strip = arguments->Scratch[0] + ((long)from * c.Floats);
        bool finite = !g.ReachesZeros || arguments->Weights[2][0] != 0;
        var tile = new RegisterTile
        {
            Offsets = CpuDispatch.Table<Constants>(arguments), Taps = c.Taps, Channels = c.Run, BlockLength = c.Run,
            InputStep = g.StrideWidth * sizeof(float), WeightStride = (nint)c.Taps * c.Run * Lanes.Count, OutputStride = (nint)g.OutPlane * Lanes.Count,
        };
        (tile.Lower, tile.Upper) = g.Activation.Bounds();
        int first = (int)((long)from * c.All / c.Items), end = (int)((long)to * c.All / c.Items);
        for (int i = first; i < end; i++)
        {
            int n = Math.DivRem(i, c.Strips, out int start);
            int firstRow = start * RowsOfStrip, rows = Math.Min(RowsOfStrip, g.OutHeight - firstRow);
            Fill<TRows>(arguments, in c, n, firstRow, rows, follows: i > first && start > 0, strip);
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
                float* x = tile.Input + tile.Offsets[tap] + at + ((long)p * g.StrideWidth);
                if (g.SourceRow(row, kh) >= 0 && g.SourceColumn(p, kw) >= 0)
                    sum = Vector512.MultiplyAddEstimate(Vector512.Create(*x), Vector512.Load(tile.Weights + (b * tile.WeightStride) + (k * (long)Lanes.Count)), sum);
            }

            Lanes.Clamp(sum, lower, upper).Store(tile.Output + (b * tile.OutputStride) + (p * (long)Lanes.Count));
        }
    }

    /// <summary>Fills a strip with the input rows under output rows.</summary>
    /// <param name="arguments">The kernel's.</param>
    /// <param name="c">The kernel's.</param>
    /// <param name="n">Batch item.</param>
    /// <param name="row">The first output row.</param>
    /// <param name="count">Output rows.</param>
    /// <param name="follows">Whether the strip holds the rows under the output rows before.</param>
    /// <param name="strip">The strip.</param>
    private static void Fill<TRows>(CpuArguments* arguments, in Constants c, int n, int row, int count, bool follows, float* strip)
        where TRows : IInputRows
    {
        var g = c.Geometry;
        int window = ((g.KernelHeight - 1) * g.DilationHeight) + 1, rows = ((count - 1) * g.StrideHeight) + window;
        // Windows of two strips share the last rows of the first.
        int shared = follows ? Math.Clamp(window - g.StrideHeight, 0, rows) : 0;
        nint length = (nint)c.Pitch * g.InChannels;
        if (shared > 0)
            new ReadOnlySpan<float>(strip + (RowsOfStrip * g.StrideHeight * length), (int)(shared * length)).CopyTo(new Span<float>(strip, (int)(shared * length)));
        for (int r = shared; r < rows; r++)
        {
            int source = Window.Source((row * g.StrideHeight) - g.Top + r, g.InHeight, g.PaddingMode);
            if (source < 0)
                new Span<float>(strip + (r * length), (int)length).Clear();
            else
                TRows.Read(arguments, in g, n, source, c.Pitch, strip + (r * length), strip + c.StripFloats);
        }
    }

    /// <summary>Columns of a row in a strip: those that windows see.</summary>
    private static long Pitch(in ConvolutionGeometry g) => ((g.OutWidth - 1L) * g.StrideWidth) + ((g.KernelWidth - 1L) * g.DilationWidth) + 1;

    /// <summary>Floats of a strip.</summary>
    private static long FloatsOfStrip(in ConvolutionGeometry g)
    {
        long rows = ((RowsOfStrip - 1L) * g.StrideHeight) + ((g.KernelHeight - 1L) * g.DilationHeight) + 1;
        return Math.Min(rows * g.InChannels, int.MaxValue) * Pitch(in g);
    }

    /// <param name="Geometry">The convolution.</param>
    /// <param name="Pitch">Columns of a row in a strip.</param>
    /// <param name="StripFloats">Floats of a strip.</param>
    /// <param name="Floats">The same, with what a row is made in.</param>
    /// <param name="Strips">Strips of a picture.</param>
    /// <param name="All">Strips of all pictures.</param>
    /// <param name="Items">What they are cut into.</param>
    /// <param name="Taps">Runs of numbers under a window that lie side by side.</param>
    /// <param name="Run">Numbers of a run.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Pitch, int StripFloats, int Floats, int Strips, int All, int Items, int Taps, int Run);
}
