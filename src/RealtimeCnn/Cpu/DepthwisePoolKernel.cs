using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// A depthwise convolution and the maximum of windows of it, as one step: what lies between is several times as large as the output, and
/// exists here as the rows under a strip of output rows, which stay in the first cache. An item is a run of strips of blocks of 16 channels.
/// </summary>
/// <remarks>Computes the bits that its two parts compute one after the other (<see cref="DepthwiseStripKernel"/>, <see cref="SeparablePoolingKernel"/>).</remarks>
internal static unsafe class DepthwisePoolKernel
{
    /// <summary>Bytes that the rows between should take: of 48 KiB that the first cache has at least, the rest is for what they are made of.</summary>
    private const int StripBytes = 1 << 15;

    /// <summary>Most items, each of which has memory of its own.</summary>
    private const int MostItems = 32;

    /// <summary>The two nodes that end with one, or null.</summary>
    public static IReadOnlyList<Node>? Block(Node pool) =>
        pool is { Layer: MaxPool2d { ReturnIndices: false }, Inputs: [{ Layer: DepthwiseConv2d { AddsResidual: false } } depthwise] } ? [depthwise, pool] : null;

    /// <summary>Whether the fast kernels of both parts compute them.</summary>
    public static bool Fits(MaxPool2d pool, LayerCall call) =>
        DepthwiseStripKernel.Fits(LayerOf(call), Depthwise(call)) && SeparablePoolingKernel.Fits(pool) && call.Output.Shape.Count > 0;

    /// <summary>Whether windows of the maximum lie below each other, so that no row is computed twice.</summary>
    public static bool Pays(MaxPool2d pool, LayerCall call) => pool.Stride.Height >= ((pool.Kernel.Height - 1) * pool.Dilation.Height) + 1;

    /// <summary>The input with the border that the windows of the convolution reach over.</summary>
    public static LayoutChoice Formats(LayerCall call) =>
        new(new TensorFormat(Layout.Blocked, Border: ConvolutionGeometry.Of(LayerOf(call), Depthwise(call)).Reach), Layout.Blocked);

    public static CpuDispatch Plan(MaxPool2d pool, LayerCall call)
    {
        var layer = LayerOf(call);
        var depthwise = Depthwise(call);
        var g = ConvolutionGeometry.Of(layer, depthwise);
        var p = PoolingGeometry.Of(pool, call with { Inputs = [depthwise.Output] });
        long rowBytes = (long)g.OutWidth * Lanes.Count * sizeof(float), extent = ((p.KernelHeight - 1L) * p.DilationHeight) + 1;
        int rows = (int)Math.Clamp(((StripBytes / rowBytes) - extent) / p.StrideHeight + 1, 1, p.OutHeight);
        int strips = (p.OutHeight + rows - 1) / rows, all = checked(p.Planes * strips), items = Math.Min(all, MostItems);
        long floats = Math.Min(((rows - 1L) * p.StrideHeight) + extent, g.OutHeight) * g.OutWidth * Lanes.Count;
        return CpuDispatch.Create(
                &Forward, new Constants(g, p, rows, strips, all, items, floats), items,
                DepthwiseKernel.PackWeights(layer, depthwise), ConvolutionGeometry.PackBias(layer, depthwise), new PackedWeights(new FinitePacking(), depthwise.Parameters[0]))
            .WithScratch(items * floats, (long)items * SeparablePoolingKernel.BufferFloats);
    }

    private static DepthwiseConv2d LayerOf(LayerCall call) => (DepthwiseConv2d)call.Nodes[0].Layer;

    /// <summary>The convolution's call, as if it were a step of its own.</summary>
    private static LayerCall Depthwise(LayerCall call) =>
        new(call.Nodes[0], [call.Input], new TensorInfo(LayerOf(call).InferShape([call.Input.Shape]), Layout.Blocked)) { Mode = call.Mode };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Depthwise;
        var p = c.Pool;
        float* between = arguments->Scratch[0] + (from * c.Floats), buffer = arguments->Scratch[1] + ((long)from * SeparablePoolingKernel.BufferFloats);
        var (lower, upper) = g.Activation.Bounds();
        bool finite = arguments->Weights[2][0] != 0;
        var compute = DepthwiseStrip.Kernel(g.KernelWidth, g.StrideWidth, g.DilationWidth);
        var strip = DepthwiseStrip.Of(in g);
        int first = (int)((long)from * c.All / c.Items), end = (int)((long)to * c.All / c.Items);
        for (int i = first; i < end; i++)
        {
            int plane = Math.DivRem(i, c.Strips, out int index), block = plane % p.Blocks, channels = g.OutChannels - (block * Lanes.Count);
            int row = index * c.Rows, stop = Math.Min(row + c.Rows, p.OutHeight);
            int top = Math.Clamp((row * p.StrideHeight) - p.Top, 0, p.InHeight);
            int bottom = Math.Clamp(((stop - 1) * p.StrideHeight) - p.Top + ((p.KernelHeight - 1) * p.DilationHeight) + 1, top, p.InHeight);
            float* x = arguments->Inputs[0] + (((plane * (long)g.InPlane) + g.InOrigin) * Lanes.Count);
            strip.Input = x + (((((top * (long)g.StrideHeight) - g.Top) * g.InPitch) - g.Left) * Lanes.Count);
            strip.Rows = bottom - top;
            strip.Weights = arguments->Weights[0] + ((long)block * g.KernelHeight * g.KernelWidth * Lanes.Count);
            strip.Bias = arguments->Weights[1] + (block * Lanes.Count);
            strip.Output = between;
            (strip.Lower, strip.Upper) = (Lanes.KeepFirst(Vector512.Create(lower), channels), Lanes.KeepFirst(Vector512.Create(upper), channels));
            if (finite)
                compute(&strip);
            else
                DepthwiseStripKernel.SumInside(in g, x, top, &strip);
            g.Activation.ApplyCurve(between, strip.Rows * g.OutWidth, channels);
            for (; row < stop; row++)
            {
                float* y = arguments->Output + ((((long)plane * p.OutHeight) + row) * p.OutWidth * Lanes.Count);
                SeparablePoolingKernel.Row<SeparablePoolingKernel.Largest, SeparablePoolingKernel.Largest>(in p, row, channels, between - ((long)top * p.InWidth * Lanes.Count), buffer, y);
            }
        }
    }

    /// <param name="Depthwise">The convolution.</param>
    /// <param name="Pool">The maximum.</param>
    /// <param name="Rows">Output rows of a strip.</param>
    /// <param name="Strips">Strips of a plane.</param>
    /// <param name="All">Strips of all planes.</param>
    /// <param name="Items">Runs that they are cut into.</param>
    /// <param name="Floats">Floats of the rows between.</param>
    private readonly record struct Constants(ConvolutionGeometry Depthwise, PoolingGeometry Pool, int Rows, int Strips, int All, int Items, long Floats);
}
