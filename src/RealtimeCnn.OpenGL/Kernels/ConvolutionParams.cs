using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>The block <c>Params</c> of <c>include/convolution.glsl</c>.</summary>
internal readonly record struct ConvolutionParams(
    int Batch, int InChannels, int InHeight, int InWidth,
    int OutChannels, int OutHeight, int OutWidth, int Residual,
    int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth,
    int Top, int Left, int DilationHeight, int DilationWidth,
    int PaddingMode, int Activation, float Alpha, float Beta,
    int Groups, int Count)
{
    /// <summary>What of the sum a dispatch adds.</summary>
    public SumPart Part { get; init; }

    public static ConvolutionParams Of(ConvolutionLayer layer, LayerCall call)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var padding = layer.PaddingFor(x);
        return new ConvolutionParams(
            x.Batch, x.Channels, x.Height, x.Width, y.Channels, y.Height, y.Width, layer.AddsResidual ? 1 : 0,
            layer.Kernel.Height, layer.Kernel.Width, layer.Stride.Height, layer.Stride.Width,
            padding.Top, padding.Left, layer.Dilation.Height, layer.Dilation.Width,
            (int)layer.PaddingMode, (int)layer.Activation.Function, layer.Activation.Alpha, layer.Activation.Beta,
            layer.GroupCount, Vectors(call.Output));
    }

    /// <summary>
    /// The dispatches that make up the sum over the window and the channels: one, or several for a sum that is longer than a shader's
    /// loops may be (<see cref="Lanes.MostTurns"/>), each of which goes on where the one before ended.
    /// </summary>
    /// <param name="shader">Path relative to <c>shaders/</c>.</param>
    /// <param name="channels">Turns along channels, as the shader walks them.</param>
    /// <param name="activation">What it applies in the end.</param>
    /// <param name="reads">What is bound at units 1, 2, …, in order.</param>
    public Dispatch[] Plan(string shader, int channels, Activation activation, params Operand[] reads)
    {
        // Where groups end inside a vec4, four lanes are gathered for each channel.
        var constants = this;
        return [.. SumPart.Cut(KernelHeight, KernelWidth, channels, Groups > 1 ? 6 : 1).Select(part =>
            new Dispatch(shader, Dispatch.Bytes(constants with { Part = part }), Dispatch.Flat(constants.Count), reads).With(activation))];
    }

    /// <summary>The dispatch of a shader whose invocations compute a tile each, over the whole sum, with residual and activation compiled in.</summary>
    /// <param name="shader">Path relative to <c>shaders/</c>.</param>
    /// <param name="tiles">Tiles of a plane, tiles of output channels, pictures.</param>
    /// <param name="defines">What the tile is.</param>
    /// <param name="reads">What is bound at units 1, 2, …, in order.</param>
    public Dispatch PlanTiles(string shader, Extent3d tiles, string[] defines, params Operand[] reads) =>
        new(shader, Dispatch.Bytes(this), tiles, reads) { Defines = [.. defines, $"RESIDUAL {Residual}", $"ACTIVATION {Activation}"] };

    /// <summary>How many vec4s a tensor has.</summary>
    public static int Vectors(TensorInfo tensor) => checked((int)(tensor.Elements(GpuKernels.Block) / GpuKernels.Block));

    /// <summary>Bias values of whole vec4s, zero behind the last channel and where the layer has none.</summary>
    public static PackedWeights PackBias(ConvolutionLayer layer, LayerCall call) => VectorPacking.BiasOf(call, layer.OutChannels, GpuKernels.Block);

    /// <summary>Input 0, weights, bias, and input 1 where there is a residual: units 1 to 4.</summary>
    public static Operand[] Reads(ConvolutionLayer layer, LayerCall call, PackedWeights weights)
    {
        Operand[] reads = [Operand.Of(0), Operand.Of(weights), Operand.Of(PackBias(layer, call))];
        return layer.AddsResidual ? [.. reads, Operand.Of(1)] : reads;
    }
}
