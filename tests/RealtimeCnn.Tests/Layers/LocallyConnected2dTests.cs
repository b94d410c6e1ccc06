using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class LocallyConnected2dTests
{
    public static IEnumerable<LayerCase> Cases =>
    [
        .. new[] { (1, 1), (3, 17), (16, 4), (17, 15) }.Select(channels =>
            Case($"{channels.Item1} in, {channels.Item2} out", new LocallyConnected2d(channels.Item1, channels.Item2, 3, new Size2d(4, 5)) { Padding = 1 }, 1)),
        Case("batch of 3, asymmetric", new LocallyConnected2d(2, 5, new Size2d(2, 3), new Size2d(5, 7)) { Padding = new Padding2d(1, 0, 0, 1), Stride = new Size2d(2, 3) }, 3),
        Case("dilated, same upper, no bias", new LocallyConnected2d(2, 3, 3, 6) { Dilation = 2, Padding = Padding2d.SameUpper, HasBias = false }, 1),
        Case("fused sigmoid", new LocallyConnected2d(3, 5, 2, 4) { Activation = Activation.Sigmoid }, 2),
        Case("fused ReLU", new LocallyConnected2d(3, 5, 2, 4) { Activation = Activation.Relu }, 2),
    ];

    private static LayerCase Case(string name, LocallyConnected2d layer, int batch) =>
        new(name, layer, (x, parameters) => Compute(layer, x[0], parameters), 2e-6, new Shape(batch, layer.InChannels, layer.InputSize.Height, layer.InputSize.Width));

    private static DoubleTensor Compute(LocallyConnected2d layer, DoubleTensor x, DoubleTensor[] parameters)
    {
        var rows = SlidingAxis.Rows(x.Shape, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding);
        var columns = SlidingAxis.Columns(x.Shape, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding);
        return DoubleTensor.Fill(new Shape(x.Shape[0], layer.OutChannels, rows.Starts.Count, columns.Starts.Count), (n, oc, oh, ow) =>
        {
            int place = (oh * columns.Starts.Count) + ow;
            double sum = layer.HasBias ? parameters[1][(oc * rows.Starts.Count * columns.Starts.Count) + place] : 0;
            for (int ic = 0; ic < layer.InChannels; ic++)
            for (int kh = 0; kh < layer.Kernel.Height; kh++)
            for (int kw = 0; kw < layer.Kernel.Width; kw++)
            {
                int h = rows.Starts[oh] + (kh * layer.Dilation.Height), w = columns.Starts[ow] + (kw * layer.Dilation.Width);
                int weight = (((((((place * layer.OutChannels) + oc) * layer.InChannels) + ic) * layer.Kernel.Height) + kh) * layer.Kernel.Width) + kw;
                sum += parameters[0][weight] * ConvolutionOracle.Padded(x, n, ic, h, w, PaddingMode.Zero);
            }

            return ActivationOracle.Apply(layer.Activation, sum);
        });
    }

    [Fact]
    public void With_equal_kernels_it_is_a_convolution()
    {
        var local = new LocallyConnected2d(5, 18, 3, new Size2d(6, 7)) { Padding = 1, Stride = 2 };
        var shared = new Conv2d(5, 18, 3) { Padding = 1, Stride = 2 };
        var input = new Shape(2, 5, 6, 7);
        var random = new Random(4);
        using var x = Random(input, random);
        Tensor weight = Random(shared.Parameters[0].Shape, random), bias = Random(shared.Parameters[1].Shape, random);
        Tensor weights = new(local.Parameters[0].Shape), biases = new(local.Parameters[1].Shape);
        for (int i = 0; i < weights.Shape.Count; i++)
            weights.Span[i] = weight.Span[i % weight.Shape.Count];
        for (int i = 0; i < biases.Shape.Count; i++)
            biases.Span[i] = bias.Span[i / local.OutputSize.Height / local.OutputSize.Width];

        var builder = new GraphBuilder();
        var node = builder.Input("x", input);
        using var graph = builder.Build(builder.Add(local, node, [weights, biases]), builder.Add(shared, node, [weight, bias]));
        using var network = new CpuNetwork(graph);
        var outputs = network.Run(x);
        Closeness.Assert(DoubleTensor.Of(outputs[1]), outputs[0], 1e-6, "locally connected with equal kernels");
    }

    [Fact]
    public void Another_input_size_is_an_error_that_names_both()
    {
        var error = Assert.Throws<ShapeException>(() => new LocallyConnected2d(1, 1, 3, new Size2d(4, 5)).InferShape([new Shape(1, 1, 5, 5)]));
        Assert.Contains("[N, 1, 4, 5]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[1, 1, 5, 5]", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Random(Shape shape, Random random)
    {
        var tensor = new Tensor(shape);
        foreach (ref float value in tensor.Span)
            value = (random.NextSingle() * 2) - 1;
        return tensor;
    }
}
