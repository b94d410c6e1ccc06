using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>Kernels whose lanes are pixels: chosen for few channels alone, and the same numbers as their twins where these are not finite.</summary>
public sealed class RowKernelTests
{
    [Fact]
    public void Few_channels_are_trained_with_pixels_in_the_lanes_and_others_as_before()
    {
        Assert.Equal(
            ["AveragePool2d/rows", "AveragePool2d/rows", "ConvolutionLayer/input by rows", "ConvolutionLayer/parameters by rows", "ConvolutionLayer/rows"],
            OfClassifier("lenet5"));
        Assert.Empty(OfClassifier("lenet5-relu"));
        Assert.Empty(OfClassifier("mobilenetv2-tiny"));
        var size = new Size2d(48, 64);
        var target = new CentreHead().TargetShape(size);
        using var detector = CentreDetector.Create(size, 10);
        Assert.Empty(Of(detector, [.. CentreTerms.Of(new CentreHead(), size)], new Shape(1, target[0], target[1], target[2])));

        static string[] OfClassifier(string model)
        {
            using var graph = ModelCatalog.Create(model);
            return Of(graph, [new LossTerm(new SoftmaxCrossEntropy())], new Shape(1));
        }

        static string[] Of(Graph graph, LossTerm[] losses, Shape targets)
        {
            using var training = new TrainingNetwork(graph, losses);
            using Tensor x = new(graph.InferShapes()[graph.Inputs[0]]), target = new(targets);
            training.Backpropagate(x, target);
            return [.. training.LastPlan.Steps.Select(step => step.Kernel.ToString()).Where(name => name.EndsWith("rows", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    [InlineData(0.5f)]
    public void A_weight_meets_no_zero_over_the_edge(float weight)
    {
        var layer = new Conv2d(3, 5, new Size2d(2, 3));
        float[] rows = Gradients(layer, "ConvolutionLayer/input by rows", 1, weight, "x"), plain = Gradients(layer, "ConvolutionLayer/input", 1, weight, "x");
        Assert.Equal(plain, rows);
        Assert.Equal(float.IsFinite(weight), plain.All(float.IsFinite));
        Assert.Contains(plain, float.IsFinite);
    }

    [Fact]
    public void A_pixel_meets_no_pixel_of_another_window()
    {
        // A pixel of whole vectors, some of which are loaded again with those behind them.
        var layer = new Conv2d(3, 5, new Size2d(2, 3));
        float[] rows = Gradients(layer, "ConvolutionLayer/parameters by rows", float.PositiveInfinity, 1, "c.weight"), plain = Gradients(layer, "ConvolutionLayer/parameters", float.PositiveInfinity, 1, "c.weight");
        Assert.Equal(plain.Select(value => float.IsFinite(value) ? 0 : value), rows.Select(value => float.IsFinite(value) ? 0 : value));
        Assert.Contains(plain, float.IsFinite);
        Assert.Contains(plain, float.IsInfinity);
    }

    private static float[] Gradients(Conv2d layer, string kernel, float pixel, float weight, string of)
    {
        var shape = new Shape(3, 3, 4, 21);
        var builder = new GraphBuilder();
        Tensor[] parameters = [.. layer.Parameters.Select(spec => new Tensor(spec.Shape, Waves(spec.Shape, 1)))];
        parameters[0].Span[7] = weight;
        using var graph = builder.Build(builder.Add(layer, [builder.Input("x", shape)], parameters, "c"));
        var forced = CpuKernels.Backward.Entries.Single(entry => entry.ToString() == kernel);
        var table = new KernelTable(CpuKernels.Backend, CpuKernels.Backward.Block, [forced, .. CpuKernels.Backward.Entries]);
        using var training = new TrainingNetwork(graph, new WeightedSum(), new TrainingOptions { InputGradients = ["x"], Backward = table });
        using var x = new Tensor(shape, Waves(shape, 2));
        x.Span[4] = pixel;
        var y = graph.InferShapes()[graph.Outputs[0]];
        using var weights = new Tensor(y, Waves(y, 3));
        training.Backpropagate(x, weights);
        Assert.Contains(training.LastPlan.Steps, step => step.Kernel == forced);
        using var gradient = of == "x" ? training.InputGradient(of) : training.Gradient(of);
        return gradient.Span.ToArray();
    }

    private static float[] Waves(Shape shape, int seed) => [.. Enumerable.Range(0, shape.Count).Select(i => MathF.Sin((seed * 100) + i))];
}
