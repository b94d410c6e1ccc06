using System.Numerics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// All pooling layers: one shader for each thing that is made of a window; sliding, adaptive and global windows are parameters.
/// </summary>
internal static class PoolingKernel
{
    private const string Average = "average_pool2d", Max = "max_pool2d", Lp = "lp_pool2d", Gem = "gem_pool2d";

    public static Dispatch[] Plan(PoolingLayer layer, LayerCall call)
    {
        var constants = PoolingParams.Of(layer, call);
        return layer switch
        {
            MaxPool2d => Plan(Max, constants),
            MaxPool2dIndices => Plan("max_pool2d_indices", constants),
            AveragePool2d average => Plan(Average, constants with { CountIncludePad = average.CountIncludePad ? 1 : 0 }),
            LpPool2d norm => Plan(Lp, constants with { Constant = norm.P }),
            WeightedAveragePool2d weighted => Plan("weighted_average_pool2d", constants, Operand.Of(PackGaussian(weighted))),
            GemPool2d gem => Plan(Gem, constants with { Constant = gem.Epsilon }, Operand.Of(GemPool2d.PackExponents(call, 4))),
            _ => GpuKernels.None(layer),
        };
    }

    public static Dispatch[] Plan(GlobalPoolingLayer layer, LayerCall call)
    {
        var constants = PoolingParams.Adaptive(call);
        return layer switch
        {
            GlobalAveragePool => Plan(Average, constants),
            GlobalMaxPool => Plan(Max, constants),
            GlobalLpPool norm => Plan(Lp, constants with { Constant = norm.P }),
            GlobalGemPool gem => Plan(Gem, constants with { Constant = gem.Epsilon }, Operand.Of(GemPool2d.PackExponents(call, 4))),
            _ => GpuKernels.None(layer),
        };
    }

    public static Dispatch[] Plan(AdaptivePoolingLayer layer, LayerCall call) =>
        Plan(layer is AdaptiveMaxPool2d ? Max : Average, PoolingParams.Adaptive(call));

    private static Dispatch[] Plan(string shader, PoolingParams constants, params Operand[] weights)
    {
        // Shares of the input are found by multiplying numbers up to these in 32 bits.
        if (constants.IsAdaptive != 0 && Math.Max(constants.OutHeight, constants.OutWidth) > ushort.MaxValue)
            return [Dispatch.Refused($"Adaptive pooling to {constants.OutHeight}×{constants.OutWidth}: shaders can do at most {ushort.MaxValue} rows or columns; run this layer on the CPU.")];

        // Norms and generalized means look for the largest one first.
        var seen = constants.Seen;
        int walks = shader is Lp or Gem ? 2 : 1;
        int lanes = Lanes.For(Turns(seen, 1, 1));
        int columns = Math.Max(1, Math.Min(lanes, (int)BitOperations.RoundUpToPowerOf2((uint)seen.Width)));
        if (Turns(seen, Math.Max(1, lanes / columns), columns) > Lanes.MostTurns)
            lanes = 0;
        byte[] bytes = Dispatch.Bytes(constants with { LaneColumns = columns });
        return [Dispatch.Shared($"layers/{shader}.comp", bytes, constants.Count, lanes, $"Pooling over windows of {seen.Height}×{seen.Width} pixels", [Operand.Of(0), .. weights])];

        long Turns(Size2d window, int laneRows, int laneColumns)
        {
            long rows = (window.Height + laneRows - 1L) / laneRows, inRow = (window.Width + laneColumns - 1L) / laneColumns;
            return walks * rows * (2 + inRow);
        }
    }

    /// <summary>The weights of a window, <c>[KH][KW]</c>.</summary>
    private static PackedWeights PackGaussian(WeightedAveragePool2d layer) =>
        new("gaussian", (long)layer.Kernel.Height * layer.Kernel.Width, destination => layer.Weights().CopyTo(destination));
}
