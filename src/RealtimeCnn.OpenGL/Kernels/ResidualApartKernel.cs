using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// A convolution that adds a residual connection, as dispatches of their own: the sum, the addition and the activation. For devices
/// whose shaders see no more than four storage buffers (OpenGL ES 3.1): input, weights, bias, residual and output would be five.
/// </summary>
internal static class ResidualApartKernel
{
    /// <summary>Tensors that a convolution reads which does all of it at once.</summary>
    public const int ReadAtOnce = 4;

    /// <param name="layer">The convolution.</param>
    /// <param name="call">What is computed.</param>
    /// <param name="convolutions">The kernels of convolutions, the best first. The sum's memory is all there is: those that need some of their own are left out.</param>
    public static Dispatch[] Plan(ConvolutionLayer layer, LayerCall call, IReadOnlyList<GpuKernel> convolutions)
    {
        bool isActivated = layer.Activation.Function != ActivationFunction.None;
        var sum = call with
        {
            Nodes = [new Node(call.Node.Name, layer with { AddsResidual = false, Activation = default }, [call.Node.Inputs[0]], call.Parameters)],
            Inputs = [call.Inputs[0]],
        };
        var kernel = convolutions.First(kernel => kernel.Scratch == null && kernel.Layer.IsInstanceOfType(layer) && kernel.Fits(sum));
        var addition = call with { Nodes = [new Node(call.Node.Name, new Add(), call.Node.Inputs, [])], Inputs = [call.Output, call.Inputs[1]] };
        Dispatch[] dispatches =
        [
            .. kernel.Plan(sum).Dispatches.Select(part => part with { Writes = Operand.Scratch(0) }),
            BroadcastKernel.Plan(addition)[0] with
            {
                Reads = [Operand.Scratch(0), Operand.Of(1)],
                Writes = isActivated ? Operand.Scratch(1) : Operand.Output(0),
            },
        ];
        return isActivated
            ? [.. dispatches, ActivationKernel.Plan(new Activated(layer.Activation), call)[0] with { Reads = [Operand.Scratch(1)] }]
            : dispatches;
    }

    /// <summary>Memory for the sum, and for what is activated then.</summary>
    public static IReadOnlyList<long> Scratch(ConvolutionLayer layer, LayerCall call) =>
        Enumerable.Repeat(call.Output.Elements(GpuKernels.Block), layer.Activation.Function == ActivationFunction.None ? 1 : 2).ToArray();
}
