using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The parts of blocks of separable convolutions (<see cref="SeparableBlock"/>), for the kernels that compute them together.</summary>
internal static unsafe class SeparableParts
{
    /// <summary>The calls of the nodes, as if each were a step of its own.</summary>
    public static LayerCall[] Of(LayerCall call)
    {
        var parts = new LayerCall[call.Nodes.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            var node = call.Nodes[i];
            TensorInfo[] inputs = [i == 0 ? call.Input : parts[i - 1].Output, .. i == parts.Length - 1 ? call.Inputs[1..] : []];
            var output = i == parts.Length - 1 ? call.Output : new TensorInfo(node.Layer.InferShape(inputs.Map(input => input.Shape)), Layout.Blocked);
            parts[i] = new LayerCall(node, inputs, output) { Mode = call.Mode };
        }

        return parts;
    }

    /// <summary>The parameters of a convolution as kernels read them: weights, bias, and for a depthwise one whether all weights are finite.</summary>
    public static PackedWeights[] Weights(LayerCall part)
    {
        var layer = (ConvolutionLayer)part.Layer;
        PackedWeights[] weights = [ConvolutionKernel.PackWeights(layer, part), ConvolutionGeometry.PackBias(layer, part)];
        return layer is DepthwiseConv2d ? [.. weights, new PackedWeights(new FinitePacking(), part.Parameters[0])] : weights;
    }

    /// <summary>The first pixel of a picture that is no border.</summary>
    public static float* PlaneOf(CpuArguments* arguments, in ConvolutionGeometry g, int n) =>
        arguments->Inputs[0] + (((long)n * g.InBlocks * g.InPlane) + g.InOrigin) * Lanes.Count;

    /// <summary>Rows of some blocks of a depthwise convolution.</summary>
    /// <param name="arguments">Of the call.</param>
    /// <param name="weights">Where the parameters begin.</param>
    /// <param name="g">The convolution.</param>
    /// <param name="block">The first block.</param>
    /// <param name="blocks">How many.</param>
    /// <param name="row">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="plane">The first pixel of the first block's input that is no border, whether or not it is in memory.</param>
    /// <param name="planeStep">Floats from it to the next block's.</param>
    /// <param name="output">The first pixel of the first row of the first block.</param>
    /// <param name="outputStep">Floats from it to the next block's.</param>
    [MethodImpl(KernelCode.Optimized)]
    public static void Filter(
        CpuArguments* arguments, int weights, in ConvolutionGeometry g, int block, int blocks, int row, int rows, float* plane, nint planeStep, float* output, nint outputStep)
    {
        var compute = DepthwiseStrip.Kernel(g.KernelWidth, g.StrideWidth, g.DilationWidth);
        bool finite = arguments->Weights[weights + 2][0] != 0;
        var strip = DepthwiseStrip.Of(in g);
        strip.Rows = rows;
        for (int end = block + blocks; block < end; block++, plane += planeStep, output += outputStep)
        {
            int channels = g.OutChannels - (block * Lanes.Count);
            strip.Input = plane + (((((long)row * g.StrideHeight) - g.Top) * g.InPitch) - g.Left) * Lanes.Count;
            strip.Weights = arguments->Weights[weights] + (block * (long)g.KernelHeight * g.KernelWidth * Lanes.Count);
            strip.Bias = arguments->Weights[weights + 1] + (block * Lanes.Count);
            strip.Output = output;
            strip.Channels = channels;
            if (finite)
                compute(&strip);
            else
                DepthwiseStripKernel.SumInside(in g, plane, row, &strip);
            g.Activation.ApplyCurve(output, rows * g.OutWidth, channels);
        }
    }
}
