using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>What running a graph takes, as a budget counts it: never less than the CPU path, channels in blocks of 16 included.</summary>
internal static class RunCost
{
    private const int Block = 16;

    // How much longer a step of Layer.Operations takes than a multiply-accumulate of a kernel that does many at once.
    private const double StepCost = 16;

    /// <summary>Work of one layer, in multiply-accumulates of a convolution.</summary>
    public static double Operations(Layer layer, ReadOnlySpan<Shape> inputs, Shape output)
    {
        double operations = layer.Operations(inputs, output);
        return layer is ConvolutionLayer or Linear or MatMul ? operations + (StepCost * output.Count) : StepCost * operations;
    }

    /// <summary>Bytes of a parameter in the forms in which a network holds it besides the graph's: fused, and packed in blocks along both first axes.</summary>
    public static double PackedBytes(Shape shape)
    {
        if (shape.Count == 0)
            return 0;
        double rows = shape.Rank > 0 ? shape[0] : 1, columns = shape.Rank > 1 ? shape[1] : 1;
        return shape.Count * ((Blocked(rows) / rows * (Blocked(columns) / columns)) + 1) * sizeof(float);
    }

    /// <summary>Bytes that a run of the whole graph needs at once, callers' inputs and outputs included.</summary>
    public static double PeakBytes(Graph graph)
    {
        var plan = Plan.Build(graph, [], new PlanOptions(Block));
        double ends = plan.Inputs.Concat(plan.Outputs).Sum(value => (double)value.Info.Shape.Count);
        return (plan.ArenaElements + ends) * sizeof(float);
    }

    private static double Blocked(double channels) => Math.Ceiling(channels / Block) * Block;
}
