using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Dropout in training; at inference it is no call at all.</summary>
internal static class DropoutKernel
{
    public static Dispatch[] Plan(Dropout layer, LayerCall call)
    {
        var constants = new Params(ConvolutionParams.Vectors(call.Output), Dropout.Key(call.Mode.Seed, call.Node.Name, step: 0), layer.Threshold, 1 / (1 - layer.Rate));
        return [new Dispatch("layers/dropout.comp", Dispatch.Bytes(constants), Dispatch.Flat(constants.Count), Operand.Of(0))];
    }

    private readonly record struct Params(int Count, uint Key, uint Threshold, float Scale);
}
