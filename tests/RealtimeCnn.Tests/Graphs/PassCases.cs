using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Graphs;

/// <summary>The one list of graphs that passes are tested with, on both paths.</summary>
public static class PassCases
{
    private static readonly Shape Picture = new(2, 6, 7, 5);

    public static IEnumerable<PassCase> All =>
    [
        // Batch normalisation into the layer before it.
        Chain("conv, norm", x => x.Conv2d(5, 3, padding: 1).BatchNorm2d(), "Conv2d"),
        Chain("conv without bias, norm", x => x.Conv2d(5, 3, bias: false).BatchNorm2d(1e-3f), "Conv2d"),
        Chain("grouped conv, norm", x => x.Conv2d(9, 3, groups: 3, bias: false).BatchNorm2d(), "Conv2d"),
        Chain("depthwise, norm", x => x.DepthwiseConv2d(3, padding: 1, multiplier: 2, bias: false).BatchNorm2d(), "DepthwiseConv2d"),
        Chain("pointwise, norm, ReLU", x => x.PointwiseConv2d(17, bias: false).BatchNorm2d().Relu(), "PointwiseConv2d"),
        Chain("linear, norm, ReLU", x => x.Flatten().Linear(11).BatchNorm2d().Relu(), "Flatten", "Linear"),
        Chain("conv, two norms", x => x.Conv2d(4, 3).BatchNorm2d().BatchNorm2d(), "Conv2d"),
        Chain("conv, norm, padded conv", x => x.Conv2d(4, 3, padding: 1).BatchNorm2d().Conv2d(3, 3, padding: 1), "Conv2d", "Conv2d"),
        Chain("conv, ReLU, norm", x => x.Conv2d(4, 3).Relu().BatchNorm2d(), "Conv2d", "BatchNorm2d"),
        new("conv read twice, norm", builder =>
        {
            var conv = builder.Start(Picture).Conv2d(6, 3);
            return builder.Build(conv.BatchNorm2d().Multiply(conv.Relu()));
        }, "Conv2d", "BatchNorm2d", "Relu", "Multiply"),

        // Batch normalisation into the layer behind it.
        Chain("norm, conv", x => x.BatchNorm2d().Conv2d(5, 3), "Conv2d"),
        Chain("norm, grouped conv, ReLU", x => x.BatchNorm2d().Conv2d(9, 2, groups: 3).Relu(), "Conv2d"),
        Chain("norm, conv that pads with zeros", x => x.BatchNorm2d().Conv2d(5, 3, padding: 1), "BatchNorm2d", "Conv2d"),
        Chain("norm, conv that pads by a rule", x => x.BatchNorm2d().Conv2d(5, 3, padding: Padding2d.SameUpper), "BatchNorm2d", "Conv2d"),
        Chain("norm, conv that reflects", x => x.BatchNorm2d().Then(new Conv2d(6, 5, 3) { Padding = 2, PaddingMode = PaddingMode.Reflect }), "Conv2d"),
        Chain("norm, depthwise", x => x.BatchNorm2d().DepthwiseConv2d(3, multiplier: 2), "DepthwiseConv2d"),
        Chain("norm, linear", x => x.Flatten().BatchNorm2d().Linear(7, bias: false), "Flatten", "Linear"),

        Chain("transposed in groups, norm, ReLU", x => x.Then(new ConvTranspose2d(6, 4, 3) { Groups = 2, Stride = 2, HasBias = false }).BatchNorm2d().Relu(), "ConvTranspose2d"),
        Chain("norm, transposed", x => x.BatchNorm2d().Then(new ConvTranspose2d(6, 4, 3)), "BatchNorm2d", "ConvTranspose2d"),

        // Padding.
        Chain("zeros, conv", x => x.Then(Pad.Spatial(new Padding2d(1, 0, 2, 3))).Conv2d(5, 3, padding: 1), "Conv2d"),
        Chain("ones, conv", x => x.Then(Pad.Spatial(1) with { Value = 1 }).Conv2d(5, 3), "Pad", "Conv2d"),
        Chain("edge, conv", x => x.Then(Pad.Spatial(2) with { Mode = PadMode.Edge }).Conv2d(5, 3), "Conv2d"),
        Chain("edge, conv that pads with zeros", x => x.Then(Pad.Spatial(2) with { Mode = PadMode.Edge }).Conv2d(5, 3, padding: 1), "Pad", "Conv2d"),
        Chain("cut, conv", x => x.Then(Pad.Spatial(new Padding2d(-1, 0, 1, 0))).Conv2d(5, 3), "Pad", "Conv2d"),
        Chain("zeros, norm, conv", x => x.Then(Pad.Spatial(1)).BatchNorm2d().Conv2d(5, 3), "Conv2d"),
        Chain("norm, zeros, conv", x => x.BatchNorm2d().Then(Pad.Spatial(1)).Conv2d(5, 3), "BatchNorm2d", "Conv2d"),
        Chain("minus infinity, maximum", x => x.Then(Pad.Spatial(1) with { Value = float.NegativeInfinity }).MaxPool2d(3, stride: 2), "MaxPool2d"),
        Chain("minus infinity, maximum with indices", x => x.Then(Pad.Spatial(1) with { Value = float.NegativeInfinity }).Then(new MaxPool2d(3) { Stride = 1, ReturnIndices = true }), "Pad", "MaxPool2d"),
        Chain("zeros, maximum", x => x.Then(Pad.Spatial(1)).MaxPool2d(3, stride: 1), "Pad", "MaxPool2d"),
        Chain("zeros, mean", x => x.Then(Pad.Spatial(1)).AveragePool2d(3, stride: 1), "AveragePool2d"),
        Chain("zeros, mean of windows that do not count their padding", x => x.Then(Pad.Spatial(1)).Then(new AveragePool2d(3) { Stride = 1, Padding = 1, CountIncludePad = false }), "Pad", "AveragePool2d"),
        Chain("zeros wider than the window, mean", x => x.Then(Pad.Spatial(2)).AveragePool2d(2, stride: 1), "Pad", "AveragePool2d"),

        // Residual connections.
        Chain("conv + x", x => x.Conv2d(6, 3, padding: 1).Add(x), "Conv2d"),
        Chain("x + conv, ReLU", x => x.Add(x.DepthwiseConv2d(3, padding: 1)).Relu(), "DepthwiseConv2d"),
        Chain("conv, norm + x, ReLU", x => x.Conv2d(6, 3, padding: 1, bias: false).BatchNorm2d().Add(x).Relu(), "Conv2d"),
        Chain("conv + conv, ReLU", x => x.Conv2d(4, 3, padding: 1).Add(x.PointwiseConv2d(4)).Relu(), "PointwiseConv2d", "Conv2d"),
        Chain("one channel, conv, ReLU + conv", x => x.Conv2d(1, 3).Relu().Multiply(x.Conv2d(1, 3)), "Conv2d", "Conv2d", "Multiply"),
        Chain("conv + itself", x => { var y = x.Conv2d(4, 3); return y.Add(y); }, "Conv2d", "Add"),
        Chain("conv, ReLU + x", x => x.Conv2d(6, 3, padding: 1).Relu().Add(x), "Conv2d", "Add"),
        new("conv + one value a channel", builder =>
        {
            var x = builder.Start(Picture);
            return builder.Build(x.Conv2d(4, 3).Add(x.GlobalAveragePool().PointwiseConv2d(4)));
        }, "Conv2d", "GlobalAveragePool", "PointwiseConv2d", "Add"),
        new("conv + what has its shape at the declared size only", builder =>
        {
            var x = builder.Start(new Shape(1, 6, 1, 1));
            return builder.Build(x.Conv2d(4, 3, padding: 1).Add(x.GlobalAveragePool().Relu().SliceChannels(0, 4)));
        }, "Conv2d", "GlobalAveragePool", "Relu", "Slice", "Add"),

        // What is added to every output.
        Added("linear + one number for each output", x => x.Flatten().Linear(5, bias: false), new Shape(5), "Flatten", "Linear"),
        Added("linear with a bias + a row", x => x.Flatten().Linear(5), new Shape(1, 5), "Flatten", "Linear"),
        Added("linear + a column", x => x.Flatten().Linear(5), new Shape(2, 1), "Flatten", "Linear", "Constant", "Add"),
        Added("linear over the last axis + one number for each output", x => x.Then(new Reshape(-1, 5)).Linear(7, bias: false).Then(new Reshape(2, 6, 7, 7)), new Shape(7), "Reshape", "Linear", "Reshape"),
        Added("linear seen otherwise + one number for each last element", x => x.Then(new Reshape(-1, 5)).Linear(6).Then(new Reshape(2, 9, 4, 7)), new Shape(7), "Reshape", "Linear", "Reshape", "Constant", "Add"),
        Added("conv + one number for each channel", x => x.Conv2d(5, 3), new Shape(5, 1, 1), "Conv2d"),
        Added("conv + one number for each column", x => x.Conv2d(3, 3), new Shape(3), "Conv2d", "Constant", "Add"),
        Added("conv, ReLU + one number for each channel", x => x.Conv2d(5, 3).Relu(), new Shape(1, 5, 1, 1), "Conv2d", "Constant", "Add"),
        Added("transposed + one number for each channel", x => x.Then(new ConvTranspose2d(6, 4, 3) { HasBias = false }), new Shape(4, 1, 1), "ConvTranspose2d"),

        // Activations.
        Chain("linear over the last axis, GELU", x => x.Then(new Reshape(-1, 5)).Linear(7).Then(new Reshape(2, 6, 7, 7)).Then(new Gelu()), "Reshape", "Linear", "Reshape"),
        Chain("conv, hard-swish", x => x.Conv2d(5, 3).HardSwish(), "Conv2d"),
        Chain("conv, clip", x => x.Conv2d(5, 3).Then(new Clip(-0.5f, 0.25f)), "Conv2d"),
        Chain("linear, tanh", x => x.Flatten().Linear(5).Tanh(), "Flatten", "Linear"),
        Chain("conv, two activations", x => x.Conv2d(5, 3).Relu().Tanh(), "Conv2d", "Tanh"),
        Chain("unshared, sigmoid", x => x.Then(new LocallyConnected2d(6, 2, 3, new Size2d(7, 5))).Then(new Sigmoid()), "LocallyConnected2d"),
        Chain("pooling, ReLU", x => x.MaxPool2d(2).Relu(), "MaxPool2d", "Relu"),

        // What does nothing, and what is constant.
        Chain("dropout and identity between layers", x => x.Dropout().Conv2d(4, 3).Then(new Identity()).Relu(), "Conv2d"),
        Chain("dropout at the end keeps its name", x => x.Conv2d(4, 3).Dropout(name: "result"), "Conv2d", "Dropout"),
        new("a product with a sum of constants", builder =>
        {
            var x = builder.Start(Picture);
            Node one = builder.Add(new Constant(new Shape(6, 1, 1)), [], [new Tensor(new Shape(6, 1, 1), [1, 2, 3, 4, 5, 6])]);
            Node two = builder.Add(new Constant(new Shape(1)), [], [new Tensor(new Shape(1), [0.5f])]);
            var sum = builder.Add(new Add(), [builder.Add(new Exp(), one), two]);
            return builder.Build(builder.Add(new Multiply(), [x.Node, sum]));
        }, "Constant", "Multiply"),

        // Narrow convolutions beside each other.
        new("two heads of one value, one without a bias", builder =>
        {
            var x = builder.Start(Picture);
            return builder.Build(x.Conv2d(5, 3, bias: false).Then(new Sigmoid()), x.Conv2d(11, 3).Then(new Sigmoid()), x.Conv2d(2, 3));
        }, "Conv2d", "Split", "NodeOutput", "NodeOutput", "Conv2d"),
        new("heads of two layers each", builder =>
        {
            var x = builder.Start(new Shape(1, 40, 6, 5));
            return builder.Build(
                x.PointwiseConv2d(1).Conv2d(1, 3, padding: 1), x.PointwiseConv2d(4).DepthwiseConv2d(3, padding: 1, bias: false), x.PointwiseConv2d(10).DepthwiseConv2d(3, padding: 1));
        }, "PointwiseConv2d", "DepthwiseConv2d", "Split", "NodeOutput", "NodeOutput", "NodeOutput"),
        new("heads whose second layers differ", builder =>
        {
            var x = builder.Start(new Shape(1, 40, 6, 5));
            return builder.Build(x.PointwiseConv2d(4).DepthwiseConv2d(3, padding: 1), x.PointwiseConv2d(3).DepthwiseConv2d(3));
        }, "PointwiseConv2d", "Split", "NodeOutput", "DepthwiseConv2d", "NodeOutput", "DepthwiseConv2d"),
        new("heads that fill their blocks", builder =>
        {
            var x = builder.Start(Picture);
            return builder.Build(x.Conv2d(16, 3), x.Conv2d(5, 3));
        }, "Conv2d", "Conv2d"),
        new("heads that cost less than copying them", builder =>
        {
            var x = builder.Start(Picture);
            return builder.Build(x.PointwiseConv2d(3), x.PointwiseConv2d(5));
        }, "PointwiseConv2d", "PointwiseConv2d"),

        // In training every parameter and every layer stays by itself.
        Training("conv, norm, ReLU, dropout", x => x.Conv2d(4, 3).BatchNorm2d().Relu().Dropout(), "Conv2d", "BatchNorm2d", "Relu", "Dropout"),
        Training("identities and names", x => x.Then(new Identity()).Conv2d(4, 1), "PointwiseConv2d"),
        Training("an activation inside a layer", x => x.Flatten().Then(new Linear(210, 5) { Activation = Activation.Tanh }), "Flatten", "Linear", "Activated"),
        Training(
            "a residual inside a layer", x => x.Then(new Conv2d(6, 6, 3) { Padding = 1, AddsResidual = true, Activation = Activation.Relu }, [x.Relu()]),
            "Conv2d", "Relu", "Add", "Activated"),

        new("in training: two heads", builder =>
        {
            var x = builder.Start(Picture);
            return builder.Build(x.Conv2d(5, 3), x.Conv2d(4, 3));
        }, "Conv2d", "Conv2d") { Mode = RunMode.Training() },

        // Convolutions by their proper name.
        Chain("one group for each channel", x => x.Conv2d(12, 3, groups: 6), "DepthwiseConv2d"),
        Chain("1×1", x => x.Conv2d(3, 1, stride: 2), "PointwiseConv2d"),
        Chain("1×1 with padding", x => x.Conv2d(3, 1, padding: 1), "Conv2d"),
        Chain("1×1 in groups", x => x.Conv2d(4, 1, groups: 2), "Conv2d"),
    ];

    public static TheoryData<string> Names => [.. All.Select(passCase => passCase.Name)];

    public static PassCase Find(string name) => All.Single(passCase => passCase.Name == name);

    private static PassCase Training(string name, Func<SymbolicTensor, SymbolicTensor> layers, params string[] left) =>
        Chain($"in training: {name}", layers, left) with { Mode = RunMode.Training() };

    private static PassCase Added(string name, Func<SymbolicTensor, SymbolicTensor> layers, Shape shape, params string[] left) => new(name, builder =>
    {
        var x = layers(builder.Start(Picture));
        var constant = builder.Add(new Constant(shape), [], [new Tensor(shape, [.. Enumerable.Range(1, shape.Count).Select(i => 0.25f * i)])]);
        return builder.Build(builder.Add(new Add(), [x.Node, constant]));
    }, left);

    private static PassCase Chain(string name, Func<SymbolicTensor, SymbolicTensor> layers, params string[] left) =>
        new(name, builder => builder.Build(layers(builder.Start(Picture))), left);
}
