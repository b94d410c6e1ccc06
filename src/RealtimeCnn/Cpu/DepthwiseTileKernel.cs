using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Depthwise convolution in tiles of 8 or 4 pixels of a row, whose windows all lie inside the picture's columns: each weight vector
/// is loaded once for the tile, and no position is checked. Windows at the left and right border go one by one. Each output is
/// summed over kh, kw in that order, whatever tile it falls into.
/// </summary>
/// <remarks>Twin: <see cref="DepthwiseKernel"/>, whose weights and borders it shares.</remarks>
internal static unsafe class DepthwiseTileKernel
{
    public static CpuDispatch Plan(DepthwiseConv2d layer, LayerCall call)
    {
        var geometry = ConvolutionGeometry.Of(layer, call);
        int items = call.Output.Shape.Batch * geometry.OutBlocks * geometry.OutHeight;
        return CpuDispatch.Create(&Forward, geometry, items, DepthwiseKernel.PackWeights(layer, call), ConvolutionGeometry.PackBias(layer, call));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(ConvolutionGeometry*)arguments->Constants;
        var sums = stackalloc Vector512<float>[8];
        var (first, end) = Inner(in g);
        for (int item = from; item < to; item++)
        {
            int row = item % g.OutHeight, block = item / g.OutHeight % g.OutBlocks;
            long plane = item / g.OutHeight;
            float* x = arguments->Inputs[0] + (plane * g.InHeight * g.InWidth * Lanes.Count);
            float* weights = arguments->Weights[0] + ((long)block * g.KernelHeight * g.KernelWidth * Lanes.Count);
            var bias = Vector512.Load(arguments->Weights[1] + (block * Lanes.Count));
            long at = ((plane * g.OutHeight) + row) * g.OutWidth * Lanes.Count;
            for (int column = 0; column < g.OutWidth;)
            {
                int count = column < first || column >= end ? 1 : end - column >= 8 ? 8 : end - column >= 4 ? 4 : 1;
                for (int p = 0; p < count; p++)
                    sums[p] = bias;
                if (count == 8)
                    Add8<Inside>(in g, x, weights, row, column, sums);
                else if (count == 4)
                    Add4<Inside>(in g, x, weights, row, column, sums);
                else
                    sums[0] = DepthwiseKernel.Sum(in g, x, weights, row, column, bias);
                Store(arguments, in g, block, at + (column * (long)Lanes.Count), count, sums);
                column += count;
            }
        }
    }

    /// <summary>The output columns whose windows lie inside the picture's columns: from the first to before the end.</summary>
    private static (int First, int End) Inner(in ConvolutionGeometry g)
    {
        int first = (g.Left + g.StrideWidth - 1) / g.StrideWidth;
        int last = (g.InWidth - 1 + g.Left - ((g.KernelWidth - 1) * g.DilationWidth)) / g.StrideWidth;
        return (first, Math.Clamp(last + 1, first, Math.Max(g.OutWidth, first)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add8<TRows>(in ConvolutionGeometry g, float* x, float* weights, int row, int column, Vector512<float>* sums)
        where TRows : IRows
    {
        Vector512<float> s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3], s4 = sums[4], s5 = sums[5], s6 = sums[6], s7 = sums[7];
        long step = g.StrideWidth * (long)Lanes.Count, dilation = g.DilationWidth * (long)Lanes.Count;
        for (int kh = 0; kh < g.KernelHeight; kh++)
        {
            int sourceRow = TRows.AreReadable ? (row * g.StrideHeight) - g.Top + (kh * g.DilationHeight) : g.SourceRow(row, kh);
            if (!TRows.AreReadable && sourceRow < 0)
                continue;
            float* p = x + ((((long)sourceRow * g.InPitch) + ((column * g.StrideWidth) - g.Left)) * Lanes.Count);
            float* w = weights + (kh * g.KernelWidth * Lanes.Count);
            for (int kw = 0; kw < g.KernelWidth; kw++, w += Lanes.Count, p += dilation)
            {
                var weight = Vector512.Load(w);
                float* q = p + (4 * step);
                s0 = Vector512.MultiplyAddEstimate(Vector512.Load(p), weight, s0);
                s1 = Vector512.MultiplyAddEstimate(Vector512.Load(p + step), weight, s1);
                s2 = Vector512.MultiplyAddEstimate(Vector512.Load(p + (2 * step)), weight, s2);
                s3 = Vector512.MultiplyAddEstimate(Vector512.Load(p + (3 * step)), weight, s3);
                s4 = Vector512.MultiplyAddEstimate(Vector512.Load(q), weight, s4);
                s5 = Vector512.MultiplyAddEstimate(Vector512.Load(q + step), weight, s5);
                s6 = Vector512.MultiplyAddEstimate(Vector512.Load(q + (2 * step)), weight, s6);
                s7 = Vector512.MultiplyAddEstimate(Vector512.Load(q + (3 * step)), weight, s7);
            }
        }

        (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]) = (s0, s1, s2, s3, s4, s5, s6, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add4<TRows>(in ConvolutionGeometry g, float* x, float* weights, int row, int column, Vector512<float>* sums)
        where TRows : IRows
    {
        Vector512<float> s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
        long step = g.StrideWidth * (long)Lanes.Count, dilation = g.DilationWidth * (long)Lanes.Count;
        for (int kh = 0; kh < g.KernelHeight; kh++)
        {
            int sourceRow = TRows.AreReadable ? (row * g.StrideHeight) - g.Top + (kh * g.DilationHeight) : g.SourceRow(row, kh);
            if (!TRows.AreReadable && sourceRow < 0)
                continue;
            float* p = x + ((((long)sourceRow * g.InPitch) + ((column * g.StrideWidth) - g.Left)) * Lanes.Count);
            float* w = weights + (kh * g.KernelWidth * Lanes.Count);
            for (int kw = 0; kw < g.KernelWidth; kw++, w += Lanes.Count, p += dilation)
            {
                var weight = Vector512.Load(w);
                s0 = Vector512.MultiplyAddEstimate(Vector512.Load(p), weight, s0);
                s1 = Vector512.MultiplyAddEstimate(Vector512.Load(p + step), weight, s1);
                s2 = Vector512.MultiplyAddEstimate(Vector512.Load(p + (2 * step)), weight, s2);
                s3 = Vector512.MultiplyAddEstimate(Vector512.Load(p + (3 * step)), weight, s3);
            }
        }

        (sums[0], sums[1], sums[2], sums[3]) = (s0, s1, s2, s3);
    }

    public static void Store(CpuArguments* arguments, in ConvolutionGeometry g, int block, long at, int count, Vector512<float>* sums)
    {
        int channels = g.OutChannels - (block * Lanes.Count);
        for (int p = 0; p < count; p++, at += Lanes.Count)
        {
            var sum = sums[p];
            if (g.Residual != 0)
                sum += Vector512.Load(arguments->Inputs[1] + at);
            Vector512.StoreAligned(Lanes.KeepFirst(g.Activation.Apply(sum), channels), arguments->Output + at);
        }
    }

    /// <summary>Whether rows over the edge lie in memory.</summary>
    public interface IRows
    {
        static abstract bool AreReadable { get; }
    }

    private readonly struct Inside : IRows
    {
        public static bool AreReadable => false;
    }
}
