using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Any activation as a layer of its own.</summary>
internal static class ActivationKernel
{
    public static Dispatch[] Plan(ActivationLayer layer, LayerCall call)
    {
        bool blocked = call.Output.Layout == Layout.Blocked;
        int count = ConvolutionParams.Vectors(call.Output);
        var constants = new Params(
            count, blocked ? call.Output.Shape.Channels : 0, call.Output.Shape.Area,
            (int)layer.Activation.Function, layer.Activation.Alpha, layer.Activation.Beta);
        return [new Dispatch("layers/activation.comp", Dispatch.Bytes(constants), Dispatch.Flat(count), Operand.Of(0)).With(layer.Activation)];
    }

    /// <summary>What a shader that includes <c>include/activation.glsl</c> must be compiled with for this activation.</summary>
    public static string[] Defines(Activation activation) => activation.Function switch
    {
        ActivationFunction.None or ActivationFunction.Relu or ActivationFunction.Clip or ActivationFunction.LeakyRelu
            or ActivationFunction.HardSigmoid or ActivationFunction.HardSwish or ActivationFunction.ThresholdedRelu => [],
        var curve => [$"ACTIVATION {(int)curve}"],
    };

    private readonly record struct Params(int Count, int Channels, int Area, int Function, float Alpha, float Beta);
}
