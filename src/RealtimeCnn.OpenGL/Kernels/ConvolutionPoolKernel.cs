using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// A small convolution and the pooling behind it as one dispatch, row-major: of networks so small that dispatches and conversions cost
/// more than their sums.
/// </summary>
internal static class ConvolutionPoolKernel
{
    private const int LargestPool = 3;

    // Above, the tiles of a convolution of its own are worth their dispatch.
    private const long MostOperations = 1 << 20;

    /// <summary>The two nodes that end with a pooling, or null.</summary>
    public static IReadOnlyList<Node>? Block(Node pool) =>
        pool is { Layer: MaxPool2d { ReturnIndices: false } or AveragePool2d, Inputs: [{ Layer: ConvolutionLayer { AddsResidual: false, GroupCount: 1, PaddingMode: PaddingMode.Zero } } convolution] } ? [convolution, pool] : null;

    /// <summary>Windows of 2×2 or 3×3 that share no pixel and lie inside, and a sum that an invocation can walk.</summary>
    public static bool Fits(PoolingLayer pool, LayerCall call)
    {
        var (convolution, y) = (Convolution(call), call.Output.Shape);
        var between = convolution.InferShape([call.Input.Shape]);
        int window = pool.Kernel.Height, stride = pool.Stride.Height;
        return window is > 1 and <= LargestPool && pool.Kernel.Width == window && pool.Stride.Width == stride && stride >= window && pool.Dilation == 1
            && pool.PaddingFor(between) == default && y.Count > 0 && ((y.Height - 1) * stride) + window <= between.Height && ((y.Width - 1) * stride) + window <= between.Width
            && (long)convolution.InChannels * (2 + (convolution.Kernel.Height * (2L + convolution.Kernel.Width))) <= Lanes.MostTurns;
    }

    /// <summary>Few operations.</summary>
    public static bool Pays(PoolingLayer pool, LayerCall call)
    {
        var convolution = Convolution(call);
        return convolution.MultiplyAccumulates([call.Input.Shape], convolution.InferShape([call.Input.Shape])) <= MostOperations;
    }

    /// <summary>The input as it comes; row-major out.</summary>
    public static LayoutChoice Formats(LayerCall call) => new(call.Input.Layout, Layout.Plain);

    public static Dispatch[] Plan(PoolingLayer pool, LayerCall call)
    {
        var (layer, parameters, x, y) = (Convolution(call), call.Nodes[0].Parameters, call.Input.Shape, call.Output.Shape);
        int blocks = BlockedLayout.Blocks(y.Channels, GpuKernels.Block), count = checked(y.Batch * blocks * y.Area);
        var padding = layer.PaddingFor(x);
        var constants = new Params(
            count, x.Channels, x.Height, x.Width, y.Channels, y.Height, y.Width, pool is AveragePool2d ? 1 : 0,
            layer.Kernel.Height, layer.Kernel.Width, layer.Stride.Height, layer.Stride.Width, padding.Top, padding.Left, layer.Dilation.Height, layer.Dilation.Width,
            pool.Stride.Height, call.Input.Layout == Layout.Blocked ? 1 : 0, IndexDivisor.By(y.Area), IndexDivisor.By(y.Width), IndexDivisor.By(blocks),
            (int)layer.Activation.Function, layer.Activation.Alpha, layer.Activation.Beta);
        var weights = new PackedWeights(new WeightPacking(layer.OutChannels, layer.InChannels, layer.Kernel.Height * layer.Kernel.Width, GpuKernels.Block), parameters[0]);
        var bias = parameters.Count > 1 ? new PackedWeights(new VectorPacking(layer.OutChannels, GpuKernels.Block), parameters[1]) : FillPacking.Of(layer.OutChannels, GpuKernels.Block, 0);
        var dispatch = new Dispatch("layers/conv2d_pool.comp", Dispatch.Bytes(constants), Dispatch.Flat(count), Operand.Of(0), Operand.Of(weights), Operand.Of(bias)) { Defines = [$"POOL {pool.Kernel.Height}"] };
        return [dispatch.With(layer.Activation)];
    }

    private static ConvolutionLayer Convolution(LayerCall call) => (ConvolutionLayer)call.Nodes[0].Layer;

    private readonly record struct Params(
        int Count, int InChannels, int InHeight, int InWidth, int OutChannels, int OutHeight, int OutWidth, int IsAverage,
        int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, int Top, int Left, int DilationHeight, int DilationWidth,
        int PoolStride, int FromBlocks, IndexDivisor ByArea, IndexDivisor ByWidth, IndexDivisor ByBlocks, int Activation, float Alpha, float Beta);
}
