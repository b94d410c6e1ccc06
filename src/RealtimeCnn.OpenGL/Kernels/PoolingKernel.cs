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
            _ => throw new NotSupportedException($"The OpenGL backend has no kernel for {layer.GetType().Name}."),
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
            _ => throw new NotSupportedException($"The OpenGL backend has no kernel for {layer.GetType().Name}."),
        };
    }

    public static Dispatch[] Plan(AdaptivePoolingLayer layer, LayerCall call) =>
        Plan(layer is AdaptiveMaxPool2d ? Max : Average, PoolingParams.Adaptive(call));

    private static Dispatch[] Plan(string shader, PoolingParams constants, params Operand[] weights) =>
        [new Dispatch($"layers/{shader}.comp", Dispatch.Bytes(constants), Dispatch.Flat(constants.Count), [Operand.Of(0), .. weights])];

    /// <summary>The weights of a window, <c>[KH][KW]</c>.</summary>
    private static PackedWeights PackGaussian(WeightedAveragePool2d layer) =>
        new("gaussian", (long)layer.Kernel.Height * layer.Kernel.Width, destination => layer.Weights().CopyTo(destination));
}
