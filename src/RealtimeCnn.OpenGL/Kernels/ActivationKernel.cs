using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Any activation as a layer of its own.</summary>
internal static class ActivationKernel
{
    public static Dispatch[] Plan(ActivationLayer layer, LayerCall call)
    {
        int count = ConvolutionParams.Vectors(call.Output);
        var blocks = BlockDivisors.Of(call.Output);
        var constants = new Params(count, blocks.TailedChannels, (int)layer.Activation.Function, layer.Activation.Alpha, blocks.ByArea, blocks.ByBlocks, layer.Activation.Beta);
        return [new Dispatch("layers/activation.comp", Dispatch.Bytes(constants), Dispatch.Flat(count), Operand.Of(0)).With(layer.Activation)];
    }

    /// <summary>What a shader that includes <c>include/activation.glsl</c> must be compiled with for this activation.</summary>
    public static string[] Defines(Activation activation) => activation.Function switch
    {
        ActivationFunction.None or ActivationFunction.Relu or ActivationFunction.Clip or ActivationFunction.LeakyRelu
            or ActivationFunction.HardSigmoid or ActivationFunction.HardSwish or ActivationFunction.ThresholdedRelu => [],
        var curve => [$"ACTIVATION {(int)curve}"],
    };

    /// <summary>
    /// The same for a shader that applies several, each where it is not none, and is compiled for one of the curves or for all others;
    /// null where no program has them all.
    /// </summary>
    public static string[]? DefinesOfAll(IEnumerable<Activation> activations)
    {
        var functions = activations.Where(activation => activation.Function != ActivationFunction.None).DistinctBy(activation => activation.Function).ToList();
        string[] curves = [.. functions.SelectMany(Defines)];
        return curves.Length == 0 || functions.Count == 1 ? curves : null;
    }

    private readonly record struct Params(int Count, int Channels, int Function, float Alpha, IndexDivisor ByArea, IndexDivisor ByBlocks, float Beta);
}
