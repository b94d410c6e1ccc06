using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The plain depthwise convolution with one filter a channel: lane = channel, an item is one output row of one block of 16
/// channels, and sums run over kh, kw in that order.
/// </summary>
internal static unsafe class DepthwiseKernel
{
    public static CpuDispatch Plan(DepthwiseConv2d layer, LayerCall call)
    {
        var geometry = ConvolutionGeometry.Of(layer, call);
        int items = call.Output.Shape.Batch * geometry.OutBlocks * geometry.OutHeight;
        return CpuDispatch.Create(&Forward, geometry, items, PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call));
    }

    /// <summary>Weights as <c>[c/16][kh][kw][16]</c>: those of an output that sees one input.</summary>
    public static PackedWeights PackWeights(DepthwiseConv2d layer, LayerCall call) => ConvolutionKernel.PackWeights(layer, call);

    [MethodImpl(KernelCode.Optimized)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(ConvolutionGeometry*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int row = item % g.OutHeight, block = item / g.OutHeight % g.OutBlocks;
            long plane = item / g.OutHeight;
            float* x = arguments->Inputs[0] + (plane * g.InHeight * g.InWidth * Lanes.Count);
            float* weights = arguments->Weights[0] + ((long)block * g.KernelHeight * g.KernelWidth * Lanes.Count);
            long at = ((plane * g.OutHeight) + row) * g.OutWidth * Lanes.Count;
            for (int column = 0; column < g.OutWidth; column++, at += Lanes.Count)
            {
                var sum = Sum(in g, x, weights, row, column, Vector512.Load(arguments->Weights[1] + (block * Lanes.Count)));
                if (g.Residual != 0)
                    sum += Vector512.Load(arguments->Inputs[1] + at);
                Vector512.StoreAligned(Lanes.KeepFirst(g.Activation.Apply(sum), g.OutChannels - (block * Lanes.Count)), arguments->Output + at);
            }
        }
    }

    /// <summary>One output vector before residual and activation: the window's products, added to the bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sum(in ConvolutionGeometry g, float* x, float* weights, int row, int column, Vector512<float> sum)
    {
        for (int kh = 0; kh < g.KernelHeight; kh++)
        {
            int sourceRow = g.SourceRow(row, kh);
            if (sourceRow < 0)
                continue;
            float* w = weights + (kh * g.KernelWidth * Lanes.Count);
            for (int kw = 0; kw < g.KernelWidth; kw++, w += Lanes.Count)
            {
                int sourceColumn = g.SourceColumn(column, kw);
                if (sourceColumn >= 0)
                    sum = Lanes.MultiplyAdd(Vector512.Load(x + ((((long)sourceRow * g.InPitch) + sourceColumn) * Lanes.Count)), Vector512.Load(w), sum);
            }
        }

        return sum;
    }
}
