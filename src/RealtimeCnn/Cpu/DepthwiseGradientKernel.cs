using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradients of a depthwise convolution of one filter a channel; lane = channel. By the input an item is one row, to which each row of
/// the output that saw it adds, tap by tap: sums run over kh, kw. By the weights an item is nine taps of one plane, whose sums stay in
/// registers while the plane passes, the input having a border as wide as windows reach; the planes' sums are added in order.
/// </summary>
/// <remarks>Twins: <see cref="InputGradientKernel"/>, <see cref="WeightGradientKernel"/>.</remarks>
internal static unsafe class DepthwiseGradientKernel
{
    /// <summary>Taps whose sums are in registers together.</summary>
    private const int TapsOfItem = 9;

    /// <summary>Whether lanes are channels of the output as of the input.</summary>
    public static bool FitsParameters(DepthwiseConv2d layer, LayerCall call) => layer.Multiplier == 1;

    /// <summary>The same, where what lies over the edge is none of the input.</summary>
    public static bool FitsInput(DepthwiseConv2d layer, LayerCall call) => layer.Multiplier == 1 && layer.PaddingMode == PaddingMode.Zero;

    public static CpuDispatch PlanInput(DepthwiseConv2d layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call.Output, call.Input);
        return CpuDispatch.Create(&Input, g, call.Output.Shape.Batch * g.InBlocks * g.InHeight, DepthwiseKernel.PackWeights(layer, call));
    }

    public static CpuDispatch PlanParameters(DepthwiseConv2d layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call.Inputs[1], call.Input);
        int taps = g.KernelHeight * g.KernelWidth, planes = call.Input.Shape.Batch * g.OutBlocks;
        var constants = new Constants(g, call.Input.Shape.Batch, layer.HasBias, taps, (taps + TapsOfItem - 1) / TapsOfItem);
        return CpuDispatch.Create(&Accumulate, constants, planes * constants.Groups)
            .Then(CpuDispatch.Create(&Finish, constants, g.OutBlocks)).WithScratch((long)planes * constants.Groups * TapsOfItem * Lanes.Count);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Input(CpuArguments* arguments, int from, int to)
    {
        var g = *(ConvolutionGeometry*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            var (plane, row) = Math.DivRem(item, g.InHeight);
            float* dx = arguments->Output + ((long)item * g.InWidth * Lanes.Count), dy = arguments->Inputs[0] + ((long)plane * g.OutPlane * Lanes.Count);
            float* w = arguments->Weights[0] + ((long)(plane % g.InBlocks) * g.KernelHeight * g.KernelWidth * Lanes.Count);
            Lanes.Clear(dx, g.InWidth);
            for (int kh = 0; kh < g.KernelHeight; kh++)
            {
                var (outRow, rest) = Math.DivRem(row + g.Top - (kh * g.DilationHeight), g.StrideHeight);
                for (int kw = 0; kw < g.KernelWidth && rest == 0 && (uint)outRow < (uint)g.OutHeight; kw++)
                {
                    // The columns whose window holds a pixel of the input at this tap.
                    int shift = (kw * g.DilationWidth) - g.Left;
                    int first = shift >= 0 ? 0 : (g.StrideWidth - 1 - shift) / g.StrideWidth, end = shift >= g.InWidth ? 0 : Math.Min(g.OutWidth, ((g.InWidth - 1 - shift) / g.StrideWidth) + 1);
                    AddRow(
                        dy + (((outRow * (long)g.OutWidth) + first) * Lanes.Count), Vector512.Load(w + (((kh * g.KernelWidth) + kw) * Lanes.Count)),
                        dx + (((first * (long)g.StrideWidth) + shift) * Lanes.Count), end - first, g.StrideWidth * Lanes.Count);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(float* dy, Vector512<float> w, float* dx, int count, nint step)
    {
        for (int i = 0; i < count; i++, dy += Lanes.Count, dx += step)
            Vector512.MultiplyAddEstimate(Vector512.Load(dy), w, Vector512.Load(dx)).Store(dx);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Accumulate(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        nint* offsets = stackalloc nint[TapsOfItem];
        for (int item = from; item < to; item++)
        {
            var (plane, group) = Math.DivRem(item, c.Groups);
            for (int i = 0; i < TapsOfItem; i++)
            {
                // Behind the last tap, the last one again.
                var (kh, kw) = Math.DivRem(Math.Min((group * TapsOfItem) + i, c.Taps - 1), g.KernelWidth);
                offsets[i] = ((kh * g.DilationHeight * (nint)g.InPitch) + (kw * g.DilationWidth)) * Lanes.Count;
            }

            float* x = arguments->Inputs[1] + ((((long)plane * g.InPlane) + g.InOrigin - (g.Top * (long)g.InPitch) - g.Left) * Lanes.Count);
            Sum(in g, arguments->Inputs[0] + ((long)plane * g.OutPlane * Lanes.Count), x, offsets, arguments->Scratch[0] + ((long)item * TapsOfItem * Lanes.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(in ConvolutionGeometry g, float* dy, float* x, nint* offsets, float* sums)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default, s8 = default;
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = offsets[4], o5 = offsets[5], o6 = offsets[6], o7 = offsets[7], o8 = offsets[8];
        nint step = (nint)g.StrideWidth * Lanes.Count, rowStep = (nint)g.StrideHeight * g.InPitch * Lanes.Count, width = (nint)g.OutWidth * Lanes.Count;
        for (int row = 0; row < g.OutHeight; row++, x += rowStep)
        {
            float* p = x;
            for (float* end = dy + width; dy < end; dy += Lanes.Count, p += step)
            {
                var v = Vector512.Load(dy);
                s0 = Vector512.MultiplyAddEstimate(v, Vector512.Load(p + o0), s0);
                s1 = Vector512.MultiplyAddEstimate(v, Vector512.Load(p + o1), s1);
                s2 = Vector512.MultiplyAddEstimate(v, Vector512.Load(p + o2), s2);
                s3 = Vector512.MultiplyAddEstimate(v, Vector512.Load(p + o3), s3);
                s4 = Vector512.MultiplyAddEstimate(v, Vector512.Load(p + o4), s4);
                s5 = Vector512.MultiplyAddEstimate(v, Vector512.Load(p + o5), s5);
                s6 = Vector512.MultiplyAddEstimate(v, Vector512.Load(p + o6), s6);
                s7 = Vector512.MultiplyAddEstimate(v, Vector512.Load(p + o7), s7);
                s8 = Vector512.MultiplyAddEstimate(v, Vector512.Load(p + o8), s8);
            }
        }

        s0.Store(sums);
        s1.Store(sums + Lanes.Count);
        s2.Store(sums + (2 * Lanes.Count));
        s3.Store(sums + (3 * Lanes.Count));
        s4.Store(sums + (4 * Lanes.Count));
        s5.Store(sums + (5 * Lanes.Count));
        s6.Store(sums + (6 * Lanes.Count));
        s7.Store(sums + (7 * Lanes.Count));
        s8.Store(sums + (8 * Lanes.Count));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Finish(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        int floatsOfPlane = c.Groups * TapsOfItem * Lanes.Count, outPlane = g.OutPlane;
        for (int block = from; block < to; block++)
        {
            int channels = Math.Min(Lanes.Count, g.OutChannels - (block * Lanes.Count));
            float* dw = arguments->Outputs[0] + ((long)block * Lanes.Count * c.Taps);
            for (int tap = 0; tap < c.Taps; tap++)
            {
                var sum = Vector512<float>.Zero;
                for (int n = 0; n < c.Batch; n++)
                    sum += Vector512.Load(arguments->Scratch[0] + ((((long)n * g.OutBlocks) + block) * floatsOfPlane) + (tap * Lanes.Count));
                for (int lane = 0; lane < channels; lane++)
                    dw[(lane * c.Taps) + tap] = sum[lane];
            }

            if (!c.HasBias)
                continue;
            var bias = Vector512<float>.Zero;
            for (int n = 0; n < c.Batch; n++)
            {
                float* dy = arguments->Inputs[0] + ((((long)n * g.OutBlocks) + block) * outPlane * Lanes.Count);
                var ofPlane = Vector512<float>.Zero;
                for (int i = 0; i < outPlane; i++, dy += Lanes.Count)
                    ofPlane += Vector512.Load(dy);
                bias += ofPlane;
            }

            for (int lane = 0; lane < channels; lane++)
                arguments->Outputs[1][(block * Lanes.Count) + lane] = bias[lane];
        }
    }

    /// <param name="Geometry">The convolution, of the bordered input and the output's gradient.</param>
    /// <param name="Batch">Pictures.</param>
    /// <param name="HasBias">Whether there is a gradient of a bias.</param>
    /// <param name="Taps">Weights of a channel.</param>
    /// <param name="Groups">Items of a plane.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Batch, bool HasBias, int Taps, int Groups);
}
