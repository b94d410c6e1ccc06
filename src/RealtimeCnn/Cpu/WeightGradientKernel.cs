using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The plain gradients of a convolution by its parameters, for any of them: <c>dw[oc,ic,kh,kw] = Σ over n,oh,ow of
/// dy[n,oc,oh,ow]·x[what the window sees there]</c> and <c>db[oc] = Σ over n,oh,ow of dy[n,oc,oh,ow]</c>. An item is one output
/// channel; sums run over n, oh, ow in that order.
/// </summary>
internal static unsafe class WeightGradientKernel
{
    public static CpuDispatch Plan(ConvolutionLayer layer, LayerCall call) =>
        CpuDispatch.Create(&Backward, new Constants(ConvolutionGeometry.Of(layer, call.Inputs[1], call.Input), call.Input.Shape.Batch, layer.HasBias, 0), layer.OutChannels);

    /// <summary>That of a transposed convolution by its weight, with x and dy having changed places: see <see cref="ConvTransposeGradients"/>.</summary>
    public static CpuDispatch Plan(ConvTranspose2d layer, LayerCall call) => CpuDispatch.Create(
        &Backward, new Constants(ConvolutionGeometry.Of(ConvTransposeGradients.AsConvolution(layer, call.Inputs[1].Shape), call.Input, call.Inputs[1]), call.Input.Shape.Batch, false, 1), layer.InChannels);

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        var g = c.Geometry;
        int channels = g.InChannels / g.Groups, taps = g.KernelHeight * g.KernelWidth;
        for (int o = from; o < to; o++)
        {
            float* dy = arguments->Inputs[c.Gradient] + Channel(o, g.OutPlane), dw = arguments->Outputs[0] + ((long)o * channels * taps);
            int first = o / (g.OutChannels / g.Groups) * channels;
            for (int i = 0; i < channels; i++)
            {
                float* x = arguments->Inputs[1 - c.Gradient] + Channel(first + i, g.InPlane) + (g.InOrigin * (long)Lanes.Count);
                for (int tap = 0; tap < taps; tap++)
                    dw[(i * taps) + tap] = Sum(in c, dy, x, tap / g.KernelWidth, tap % g.KernelWidth);
            }

            if (c.HasBias)
                arguments->Outputs[1][o] = Sum(in c, dy);
        }
    }

    /// <summary>Floats from a tensor's first to the first of a channel.</summary>
    private static long Channel(int channel, int plane) => ((channel / Lanes.Count) * (long)plane * Lanes.Count) + (channel % Lanes.Count);

    private static float Sum(in Constants c, float* dy, float* x, int kernelRow, int kernelColumn)
    {
        var g = c.Geometry;
        float sum = 0;
        for (int n = 0; n < c.Batch; n++, dy += (long)g.OutBlocks * g.OutPlane * Lanes.Count, x += (long)g.InBlocks * g.InPlane * Lanes.Count)
        {
            for (int row = 0; row < g.OutHeight; row++)
            {
                int sourceRow = g.SourceRow(row, kernelRow);
                for (int column = 0; column < g.OutWidth && sourceRow >= 0; column++)
                {
                    int sourceColumn = g.SourceColumn(column, kernelColumn);
                    if (sourceColumn >= 0)
                        sum = float.MultiplyAddEstimate(dy[((row * (long)g.OutWidth) + column) * Lanes.Count], x[((sourceRow * (long)g.InPitch) + sourceColumn) * Lanes.Count], sum);
                }
            }
        }

        return sum;
    }

    private static float Sum(in Constants c, float* dy)
    {
        float sum = 0;
        for (int n = 0; n < c.Batch; n++, dy += (long)c.Geometry.OutBlocks * c.Geometry.OutPlane * Lanes.Count)
        {
            for (int i = 0; i < c.Geometry.OutPlane; i++)
                sum += dy[i * (long)Lanes.Count];
        }

        return sum;
    }

    /// <param name="Geometry">The convolution.</param>
    /// <param name="Batch">Pictures.</param>
    /// <param name="HasBias">Whether there is a gradient of a bias, too.</param>
    /// <param name="Gradient">Which input is dy; the other is x.</param>
    private readonly record struct Constants(ConvolutionGeometry Geometry, int Batch, bool HasBias, int Gradient);
}
