using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>
/// What running a graph takes, as a budget counts it, on the CPU path with one thread. The factors are measured times over that of
/// a multiply-accumulate of a convolution with whole blocks of channels, 0.05 ns; they need to be right to a small factor only.
/// </summary>
internal static class RunCost
{
    private const int Block = 16;

    // Reading and writing an element, and what the tables of a strided copy hold for each place along an axis.
    private const double ElementCost = 200, TableBytes = 80;

    /// <summary>Work of one layer, in multiply-accumulates of a convolution.</summary>
    public static double Operations(Layer layer, Shape[] inputs, Shape output)
    {
        // What only moves elements looks at those that it takes.
        double read = layer is StridedCopyLayer ? output.Count : 0;
        for (int i = 0; i < inputs.Length && layer is not StridedCopyLayer; i++)
            read += inputs[i].Count;
        double elements = read + output.Count;
        return (StepCost(layer) * layer.Operations(inputs, output)) + (layer is ReshapingLayer or NodeOutput ? 0 : ElementCost * elements);
    }

    /// <summary>Bytes of parameters in the forms in which a network holds them besides the graph's: fused, and packed in blocks along both first axes.</summary>
    public static double PackedBytes(IReadOnlyList<Tensor> parameters)
    {
        double bytes = 0;
        foreach (var parameter in parameters)
            bytes += PackedBytes(parameter.Shape);
        return bytes;
    }

    /// <inheritdoc cref="PackedBytes(IReadOnlyList{Tensor})"/>
    public static double PackedBytes(Shape shape)
    {
        if (shape.Count == 0)
            return 0;
        return shape.Count * ((Padding(shape.Rank > 0 ? shape[0] : 1) * Padding(shape.Rank > 1 ? shape[1] : 1)) + 1) * sizeof(float);
    }

    /// <summary>Bytes of the tables that a kernel makes for its shapes.</summary>
    public static double ScratchBytes(Layer layer, Shape output) => layer is StridedCopyLayer ? TableBytes * output.ToArray().Sum(extent => (double)extent) : 0;

    /// <summary>Bytes of every value of the graph, as if each had memory of its own, and as many for kernels: a bound of <see cref="PeakBytes"/> that needs no plan.</summary>
    public static double ValueBytes(Graph graph)
    {
        double elements = 0;
        foreach (var (_, shape) in graph.InferShapes())
            elements += shape.Count * Padding(shape.Rank > 1 ? shape[1] : 1);
        return 2 * elements * sizeof(float);
    }

    /// <summary>Bytes that a run of the whole graph needs at once, callers' inputs and outputs included.</summary>
    public static double PeakBytes(Graph graph)
    {
        var shapes = graph.InferShapes();
        double ends = graph.Inputs.Concat(graph.Outputs).Sum(node => (double)shapes[node].Count);
        return graph.ActivationBytes() + (ends * sizeof(float));
    }

    /// <summary>How much longer a step of <see cref="Layer.Operations"/> takes.</summary>
    private static double StepCost(Layer layer) => layer switch
    {
        DepthwiseConv2d depthwise => 8 * Padding(depthwise.InChannels),
        ConvolutionLayer convolution => Grouped(convolution.InChannels, convolution.OutChannels, convolution.InChannels / Math.Max(convolution.ChannelsPerGroup, 1)),
        ConvTranspose2d transposed => 4 * Grouped(transposed.InChannels, transposed.OutChannels, transposed.Groups),
        Linear => 8,
        MatMul => 10,
        Einsum => 128,
        UnaryLayer or NonMaxSuppression => 64,
        _ => 32,
    };

    private static double Grouped(int inputs, int outputs, int groups) => (groups > 1 ? 3 : 1) * Padding(inputs / Math.Max(groups, 1)) * Padding(outputs / Math.Max(groups, 1));

    /// <summary>How many times as many channels there are in whole blocks.</summary>
    private static double Padding(int channels) => channels < 1 ? 1 : Math.Ceiling(channels / (double)Block) * Block / channels;
}
