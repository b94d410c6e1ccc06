using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradient of a generalized mean by the exponents of its channels: with b = max(x, epsilon), <c>dp = Σ over windows of
/// dy·y/p · mean((b/y)^p·ln(b/y))</c>, in which no power leaves the range of a float. Windows are summed in double, in order; lane =
/// channel, an item is one block of 16 channels. One exponent for all is the sum over the channels, which the plan does.
/// </summary>
internal static unsafe class GemExponentGradientKernel
{
    /// <summary>Blocks in, a number for each channel out.</summary>
    public static Shape Spread(LayerCall forward, GradientTarget target) => new(forward.Input.Shape.Channels);

    /// <summary>One exponent for each channel of a backward call in whole blocks.</summary>
    public static PackedWeights PackExponents(LayerCall call) => GemPool2d.PackExponents(call, Lanes.Count);

    public static CpuDispatch Plan(PoolingGeometry geometry, LayerCall call) => CpuDispatch.Create(&Backward, geometry, geometry.Blocks, PackExponents(call));

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var g = ref *(PoolingGeometry*)arguments->Constants;
        long inPlane = (long)g.InHeight * g.InWidth * Lanes.Count, outPlane = (long)g.OutHeight * g.OutWidth * Lanes.Count;
        for (int block = from; block < to; block++)
        {
            var p = Vector512.Load(arguments->Weights[0] + (block * Lanes.Count));
            Vector512<double> lowerSum = default, upperSum = default;
            for (int plane = block; plane < g.Planes; plane += g.Blocks)
            {
                float* dy = arguments->Inputs[0] + (plane * outPlane), x = arguments->Inputs[1] + (plane * inPlane), y = arguments->Inputs[2] + (plane * outPlane);
                for (int row = 0; row < g.OutHeight; row++)
                {
                    var rows = g.RowsOf(row);
                    for (int column = 0; column < g.OutWidth; column++, dy += Lanes.Count, y += Lanes.Count)
                    {
                        var (lower, upper) = Vector512.Widen(Vector512.Load(dy) * Slope(x, Vector512.Load(y), p, new PoolingWindow(rows, g.ColumnsOf(column)), in g));
                        lowerSum += lower;
                        upperSum += upper;
                    }
                }
            }

            var sum = Vector512.Narrow(lowerSum, upperSum);
            Lanes.KeepFirst(sum, g.Channels - (block * Lanes.Count)).Store(arguments->Output + (block * Lanes.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Slope(float* x, Vector512<float> y, Vector512<float> p, in PoolingWindow window, in PoolingGeometry g)
    {
        var sum = Vector512<float>.Zero;
        for (int h = window.Rows.First; h < window.Rows.End; h += window.Rows.Step)
        {
            for (int w = window.Columns.First; w < window.Columns.End; w += window.Columns.Step)
            {
                var logarithm = Vector512.Log(Vector512.Max(Vector512.Load(x + ((((long)h * g.InWidth) + w) * Lanes.Count)), Vector512.Create(g.P)) / y);
                sum += VectorMath.Exp(p * logarithm) * logarithm;
            }
        }

        return window.Count == 0 ? Vector512<float>.Zero : y / p * (sum / Vector512.Create((float)window.Count));
    }
}
