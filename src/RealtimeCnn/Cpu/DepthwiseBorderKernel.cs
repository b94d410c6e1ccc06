using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Depthwise convolution of an input whose planes lie in zeros as wide as windows reach: no window is at an edge, so that a row is
/// nothing but tiles of 8, 4 and 1 pixels.
/// </summary>
/// <remarks>
/// Twin: <see cref="DepthwiseKernel"/>, whose weights it shares, and which it asks where a weight is not finite: the border's zeros
/// are multiplied with the weights.
/// </remarks>
internal static unsafe class DepthwiseBorderKernel
{
    /// <summary>Whether there is one filter a channel, and zeros are what lies over the edge.</summary>
    public static bool Fits(DepthwiseConv2d layer) => layer.Multiplier == 1 && layer.PaddingMode == PaddingMode.Zero;

    /// <summary>The input with the border that its windows reach over.</summary>
    public static LayoutChoice Formats(LayerCall call)
    {
        var input = new TensorFormat(Layout.Blocked, Border: ConvolutionGeometry.Of((DepthwiseConv2d)call.Layer, call).Reach);
        return new LayoutChoice(Layout.Blocked, Layout.Blocked) { PerInput = [input, .. call.Inputs.Skip(1).Select(_ => (TensorFormat)Layout.Blocked)] };
    }

    public static CpuDispatch Plan(DepthwiseConv2d layer, LayerCall call)
    {
        var geometry = ConvolutionGeometry.Of(layer, call);
        return CpuDispatch.Create(
            &Forward, geometry, call.Output.Shape.Batch * geometry.OutBlocks * geometry.OutHeight,
            DepthwiseKernel.PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call), new PackedWeights(new FinitePacking(), call.Parameters[0]));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(ConvolutionGeometry*)arguments->Constants;
        bool finite = arguments->Weights[2][0] != 0;
        var sums = stackalloc Vector512<float>[8];
        for (int item = from; item < to; item++)
        {
            int row = item % g.OutHeight, block = item / g.OutHeight % g.OutBlocks;
            float* x = arguments->Inputs[0] + (((item / g.OutHeight * (long)g.InPlane) + g.InOrigin) * Lanes.Count);
            float* weights = arguments->Weights[0] + ((long)block * g.KernelHeight * g.KernelWidth * Lanes.Count);
            var bias = Vector512.Load(arguments->Weights[1] + (block * Lanes.Count));
            long at = (long)item * g.OutWidth * Lanes.Count;
            for (int column = 0, count; column < g.OutWidth; column += count)
            {
                int left = g.OutWidth - column;
                count = !finite ? 1 : left >= 8 ? 8 : left >= 4 ? 4 : 1;
                for (int p = 0; p < count; p++)
                    sums[p] = bias;
                if (!finite)
                    sums[0] = DepthwiseKernel.Sum(in g, x, weights, row, column, bias);
                else if (count == 8)
                    DepthwiseTileKernel.Add8<Everywhere>(in g, x, weights, row, column, sums);
                else if (count == 4)
                    DepthwiseTileKernel.Add4<Everywhere>(in g, x, weights, row, column, sums);
                else
                    sums[0] = Sum(in g, x, weights, row, column, bias);
                DepthwiseTileKernel.Store(arguments, in g, block, at + (column * (long)Lanes.Count), count, sums);
            }
        }
    }

    private static Vector512<float> Sum(in ConvolutionGeometry g, float* x, float* weights, int row, int column, Vector512<float> sum)
    {
        for (int kh = 0; kh < g.KernelHeight; kh++)
        {
            float* p = x + (((((long)row * g.StrideHeight) - g.Top + (kh * g.DilationHeight)) * g.InPitch) + (column * g.StrideWidth) - g.Left) * Lanes.Count;
            for (int kw = 0; kw < g.KernelWidth; kw++, weights += Lanes.Count, p += g.DilationWidth * (long)Lanes.Count)
                sum = Vector512.MultiplyAddEstimate(Vector512.Load(p), Vector512.Load(weights), sum);
        }

        return sum;
    }

    /// <summary>Every row under a window can be read.</summary>
    private readonly struct Everywhere : DepthwiseTileKernel.IRows
    {
        public static bool AreReadable => true;
    }
}
