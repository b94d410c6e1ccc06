using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Batch normalisation, forward and backward. In training, forward saves mean and biased variance of each channel and moves the running
/// ones; backward, with x̂ = (x − mean) / deviation and sums over the M elements of a channel in double:
/// <c>dbias = Σ dy</c>, <c>dscale = Σ dy·x̂</c>, <c>dx = scale / deviation · (dy − dbias / M − x̂ · dscale / M)</c>.
/// Lane = channel, an item is one block of 16 channels.
/// </summary>
/// <remarks>Source: Ioffe and Szegedy 2015, "Batch Normalization", arXiv:1502.03167, section 3.</remarks>
internal static unsafe class BatchNormKernel
{
    /// <summary>What forward saves: mean and biased variance.</summary>
    public static Shape[] Saves(LayerCall call) => call.Mode.IsTraining ? [new(call.Input.Shape.Channels), new(call.Input.Shape.Channels)] : [];

    public static CpuDispatch Plan(BatchNorm2d layer, LayerCall call)
    {
        if (!call.Mode.IsTraining)
            return ChannelAffineKernel.Plan(layer, call);
        var normalise = ChannelStatisticsKernel.Plan(call, layer.BatchStatistics(call.Input.Shape), call.Parameters[0], call.Parameters[1]);
        return call.Outputs.Length == 1 ? normalise : normalise.Then(
            CpuDispatch.Create(&MoveStatistics, Constants.Of(layer, call.Input.Shape), 1, VectorPacking.Of(call, 2), VectorPacking.Of(call, 3)));
    }

    public static CpuDispatch PlanGradient(BatchNorm2d layer, LayerCall call)
    {
        var constants = Constants.Of(layer, call.Input.Shape);
        return CpuDispatch.Create(&Backward, constants, constants.Blocks, VectorPacking.Of(call, 0, Lanes.Count));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void MoveStatistics(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float count = (float)c.Items * c.Area, unbiased = count / (count - 1);
        for (int channel = 0; channel < c.Channels; channel++)
        {
            float mean = arguments->Weights[0][channel], variance = arguments->Weights[1][channel];
            arguments->Outputs[3][channel] = mean + (c.Momentum * (arguments->Outputs[1][channel] - mean));
            arguments->Outputs[4][channel] = variance + (c.Momentum * ((arguments->Outputs[2][channel] * unbiased) - variance));
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        long plane = c.Area * (long)Lanes.Count, step = c.Blocks * plane;
        for (int block = from; block < to; block++)
        {
            float* dy = arguments->Inputs[0] + (block * plane), x = arguments->Inputs[1] + (block * plane), dx = arguments->Output + (block * plane);
            var (mean, variance) = (Vector512.Load(arguments->Inputs[2] + (block * Lanes.Count)), Vector512.Load(arguments->Inputs[3] + (block * Lanes.Count)));
            var inverse = Vector512<float>.One / Vector512.Sqrt(variance + Vector512.Create(c.Epsilon));
            Vector512<double> biasLower = default, biasUpper = default, scaleLower = default, scaleUpper = default;
            for (int n = 0; n < c.Items; n++)
            {
                for (int i = 0; i < c.Area; i++)
                {
                    long at = (n * step) + (i * (long)Lanes.Count);
                    var gradient = Vector512.Load(dy + at);
                    var (lower, upper) = Vector512.Widen(gradient);
                    biasLower += lower;
                    biasUpper += upper;
                    var (timesLower, timesUpper) = Vector512.Widen(gradient * ((Vector512.Load(x + at) - mean) * inverse));
                    scaleLower += timesLower;
                    scaleUpper += timesUpper;
                }
            }

            int channels = c.Channels - (block * Lanes.Count);
            var dbias = Lanes.KeepFirst(Vector512.Narrow(biasLower, biasUpper), channels);
            var dscale = Lanes.KeepFirst(Vector512.Narrow(scaleLower, scaleUpper), channels);
            Vector512.Store(dscale, arguments->Outputs[1] + (block * Lanes.Count));
            Vector512.Store(dbias, arguments->Outputs[2] + (block * Lanes.Count));
            var count = Vector512.Create((float)c.Items * c.Area);
            Vector512<float> meanBias = dbias / count, meanScale = dscale / count;
            var factor = Lanes.KeepFirst(Vector512.Load(arguments->Weights[0] + (block * Lanes.Count)) * inverse, channels);
            for (int n = 0; n < c.Items; n++)
            {
                for (int i = 0; i < c.Area; i++)
                {
                    long at = (n * step) + (i * (long)Lanes.Count);
                    var normalised = (Vector512.Load(x + at) - mean) * inverse;
                    var value = factor * (Vector512.Load(dy + at) - meanBias - (normalised * meanScale));
                    Vector512.StoreAligned(Lanes.KeepFirst(value, channels), dx + at);
                }
            }
        }
    }

    private readonly record struct Constants(int Channels, int Blocks, int Area, int Items, float Epsilon, float Momentum)
    {
        public static Constants Of(BatchNorm2d layer, Shape x) => new(x.Channels, BlockedLayout.Blocks(x.Channels, Lanes.Count), x.Area, x.Batch, layer.Epsilon, layer.Momentum);
    }
}
