using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Max pooling.</summary>
internal static class MaxPool2dKernel
{
    public static Dispatch[] Plan(MaxPool2d layer, LayerCall call)
    {
        var constants = PoolingParams.Of(layer, call);
        return [new Dispatch("layers/max_pool2d.comp", Dispatch.Bytes(constants), Dispatch.Flat(constants.Count), Operand.Of(0))];
    }
}
