using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Normalisations of channels: with constants, or with statistics measured on the input.</summary>
internal static class ChannelNormKernel
{
    public static Dispatch[] Plan(BatchNorm2d layer, LayerCall call, GlLimits limits) => call.Mode.IsTraining
        ? Measured(call, layer.BatchStatistics(call.Input.Shape), call.Parameters[0], call.Parameters[1], limits)
        : Affine(layer, call);

    public static Dispatch[] Plan(InstanceNorm2d layer, LayerCall call, GlLimits limits) => Measured(call, layer.Statistics, call.Parameters[0], call.Parameters[1], limits);

    public static Dispatch[] Plan(InputNormalization layer, LayerCall call, GlLimits limits) => layer.IsMeasured
        ? Measured(call, layer.Statistics, null, null, limits)
        : Affine(layer, call);

    private static Dispatch[] Affine(IChannelAffine layer, LayerCall call)
    {
        var x = call.Input.Shape;
        var blocks = BlockDivisors.Of(call.Output);
        var constants = new AffineParams(ConvolutionParams.Vectors(call.Output), x.Channels, blocks.ByArea, blocks.ByBlocks);
        return
        [
            new Dispatch(
                "layers/channel_affine.comp", Dispatch.Bytes(constants), Dispatch.Flat(constants.Count),
                Operand.Of(0), Operand.Of(AffinePacking.Of(layer, call, GpuKernels.Block))),
        ];
    }

    private static Dispatch[] Measured(LayerCall call, ChannelStatistics statistics, Parameter? scale, Parameter? bias, GlLimits limits)
    {
        var x = call.Input.Shape;
        bool together = statistics.Over == StatisticsOver.Batch;
        int sets = BlockedLayout.Blocks(x.Channels, GpuKernels.Block) * (together ? 1 : x.Batch);
        if (x.Count == 0)
            return [];
        var constants = new StatisticsParams(sets, x.Channels, x.Area, together ? x.Batch : 1, statistics.Divisor == Divisor.Range ? 1 : 0, statistics.Epsilon, IndexDivisor.By(x.Area), IndexDivisor.By(BlockedLayout.Blocks(x.Channels, GpuKernels.Block)));
        // Mean, variance and result.
        long elements = (long)constants.Items * x.Area;
        int lanes = Lanes.ForGroup(3 * elements, limits);
        return
        [
            Dispatch.Shared(
                "layers/channel_statistics.comp", Dispatch.Bytes(constants), sets, lanes, $"{call.Layer.GetType().Name} over {elements} elements", Operand.Of(0),
                Operand.Of(ChannelStatisticsKernel.Pack(x.Channels, GpuKernels.Block, scale, 1)), Operand.Of(ChannelStatisticsKernel.Pack(x.Channels, GpuKernels.Block, bias, 0))),
        ];
    }

    private readonly record struct AffineParams(int Count, int Channels, IndexDivisor ByArea, IndexDivisor ByBlocks);

    private readonly record struct StatisticsParams(int Sets, int Channels, int Area, int Items, int DivideByRange, float Epsilon, IndexDivisor ByArea, IndexDivisor ByBlocks);
}
