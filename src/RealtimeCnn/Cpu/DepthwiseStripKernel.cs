using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Depthwise convolution of an input whose planes have a border as wide as windows reach: no window is at an edge. An item is a strip
/// of rows of one block of 16 channels. Residuals, and activations that do more than clamp, follow while the strip is in the first cache.
/// </summary>
/// <remarks>
/// Twin: <see cref="DepthwiseKernel"/>, whose weights it shares, and whose sums it takes where a weight is not finite: a border's
/// zeros are multiplied with the weights.
/// </remarks>
internal static unsafe class DepthwiseStripKernel
{
    /// <summary>Most times that a plane with its border may be as large as without.</summary>
    private const int MostGrowth = 4;

    /// <summary>Least pixels of a strip, if the plane has them: enough that finding it costs little.</summary>
    private const int LeastPixels = 128;

    /// <summary>Whether there is one filter a channel, and what lies over the edge is not much more than the picture.</summary>
    public static bool Fits(DepthwiseConv2d layer, LayerCall call) => layer.Multiplier == 1 && ConvolutionGeometry.HasNarrowBorder(layer, call, MostGrowth);

    /// <summary>The input with the border that its windows reach over.</summary>
    public static LayoutChoice Formats(LayerCall call)
    {
        var input = new TensorFormat(Layout.Blocked, Border: ConvolutionGeometry.Of((DepthwiseConv2d)call.Layer, call).Reach);
        return new LayoutChoice(Layout.Blocked, Layout.Blocked) { PerInput = [input, .. call.Inputs[1..].Map(_ => (TensorFormat)Layout.Blocked)] };
    }

    public static CpuDispatch Plan(DepthwiseConv2d layer, LayerCall call)
    {
        var g = ConvolutionGeometry.Of(layer, call);
        int rows = Math.Clamp((LeastPixels + g.OutWidth - 1) / Math.Max(g.OutWidth, 1), 1, Math.Max(g.OutHeight, 1));
        var constants = new Constants(g, rows, (g.OutHeight + rows - 1) / rows);
        PackedWeights[] weights = [DepthwiseKernel.PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call)];
        if (g.ReachesZeros)
            weights = [.. weights, new PackedWeights(new FinitePacking(), call.Parameters[0])];
        return CpuDispatch.Create(&Forward, constants, call.Output.Shape.Batch * g.OutBlocks * constants.Strips, weights);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        bool finite = !g.ReachesZeros || arguments->Weights[2][0] != 0, clampsAtOnce = finite && g.Residual == 0;
        var compute = DepthwiseStrip.Kernel(g.KernelWidth, g.StrideWidth, g.DilationWidth);
        var strip = DepthwiseStrip.Of(in g);
        var (lower, upper) = (strip.Lower, strip.Upper);
        if (!clampsAtOnce)
            (strip.Lower, strip.Upper) = (float.NegativeInfinity, float.PositiveInfinity);
        for (int item = from; item < to; item++)
        {
            int plane = Math.DivRem(item, c.Strips, out int index), block = plane % g.OutBlocks, row = index * c.Rows;
            int channels = g.OutChannels - (block * Lanes.Count);
            long at = ((plane * (long)g.OutHeight) + row) * g.OutWidth * Lanes.Count;
            float* x = arguments->Inputs[0] + (((plane * (long)g.InPlane) + g.InOrigin) * Lanes.Count);
            strip.Input = x + (((((row * (long)g.StrideHeight) - g.Top) * g.InPitch) - g.Left) * Lanes.Count);
            strip.Rows = Math.Min(c.Rows, g.OutHeight - row);
            strip.Weights = arguments->Weights[0] + ((long)block * g.KernelHeight * g.KernelWidth * Lanes.Count);
            strip.Bias = arguments->Weights[1] + (block * Lanes.Count);
            strip.Output = arguments->Output + at;
            strip.Channels = channels;
            if (finite)
                compute(&strip);
            else
                SumInside(in g, x, row, &strip);
            int pixels = strip.Rows * g.OutWidth;
            if (!clampsAtOnce)
                AddAndClamp(g.Residual == 0 ? null : arguments->Inputs[1] + at, strip.Output, pixels, lower, upper, channels);
            g.Activation.ApplyCurve(strip.Output, pixels, channels);
        }
    }

    /// <summary>The same sums without what lies over the edge.</summary>
    public static void SumInside(in ConvolutionGeometry g, float* x, int row, DepthwiseStrip* strip)
    {
        float* y = strip->Output;
        Vector512<float> lower = Lanes.KeepFirst(Vector512.Create(strip->Lower), strip->Channels), upper = Lanes.KeepFirst(Vector512.Create(strip->Upper), strip->Channels);
        for (int end = row + strip->Rows; row < end; row++)
        {
            for (int column = 0; column < g.OutWidth; column++, y += Lanes.Count)
                Vector512.StoreAligned(Lanes.Clamp(DepthwiseKernel.Sum(in g, x, strip->Weights, row, column, Vector512.Load(strip->Bias)), lower, upper), y);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void AddAndClamp(float* residual, float* y, int pixels, float lower, float upper, int channels)
    {
        Vector512<float> least = Lanes.KeepFirst(Vector512.Create(lower), channels), most = Lanes.KeepFirst(Vector512.Create(upper), channels);
        for (int i = 0; i < pixels; i++)
        {
            long at = i * (long)Lanes.Count;
            var sum = Vector512.Load(y + at);
            if (residual != null)
                sum += Vector512.Load(residual + at);
            Vector512.StoreAligned(Lanes.Clamp(sum, least, most), y + at);
        }
    }

    private readonly record struct Constants(ConvolutionGeometry Geometry, int Rows, int Strips);
}
