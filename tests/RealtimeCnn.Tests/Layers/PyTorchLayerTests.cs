using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

/// <summary>
/// Both paths against numbers recorded from PyTorch: catches a misreading that an oracle and its kernels share. Recipe and
/// numbers: tests/fixtures/pytorch_layers.py and .json.
/// </summary>
[Collection(GlTests.Name)]
public class PyTorchLayerTests(GlFixture gl)
{
    /// <summary>Recorded numbers have nine digits; layers differ by float32 rounding.</summary>
    private const double Tolerance = 3e-6;

    private static readonly Dictionary<string, Layer> Layers = new()
    {
        ["Conv2d, dilated, stride, asymmetric"] = new Conv2d(3, 5, new Size2d(3, 2)) { Stride = new Size2d(2, 1), Padding = new Size2d(2, 1), Dilation = new Size2d(1, 2) },
        ["Conv2d, groups"] = new Conv2d(4, 6, 3) { Padding = 1, Groups = 2 },
        ["Conv2d, replicate"] = new Conv2d(2, 3, 3) { Padding = 2, PaddingMode = PaddingMode.Replicate },
        ["Conv2d, reflect"] = new Conv2d(2, 3, 3) { Padding = 2, PaddingMode = PaddingMode.Reflect },
        ["Conv2d, one dimension"] = new Conv2d(3, 4, new Size2d(1, 3)) { Stride = new Size2d(1, 2), Padding = new Size2d(0, 1), Dilation = new Size2d(1, 2) },
        ["DepthwiseConv2d"] = new DepthwiseConv2d(5, 3, 2) { Stride = 2, Padding = 1 },
        ["PointwiseConv2d"] = new PointwiseConv2d(5, 7),
        ["ConvTranspose2d, output padding"] = new ConvTranspose2d(3, 5, 3) { Stride = new Size2d(2, 3), Padding = 1, OutputPadding = new Size2d(1, 2) },
        ["ConvTranspose2d, groups, dilated"] = new ConvTranspose2d(4, 6, new Size2d(3, 2)) { Stride = 2, Padding = 1, Groups = 2, Dilation = new Size2d(2, 1) },
        ["LocallyConnected2d"] = new LocallyConnected2d(3, 4, 3, new Size2d(5, 6)) { Padding = 1, Stride = 2 },
        ["Pad, Constant"] = Pad.Spatial(new Padding2d(3, 1, 0, 2)),
        ["Pad, Edge"] = Pad.Spatial(new Padding2d(3, 1, 0, 2)) with { Mode = PadMode.Edge },
        ["Pad, Reflect"] = Pad.Spatial(new Padding2d(3, 1, 0, 2)) with { Mode = PadMode.Reflect },
        ["Pad, Wrap"] = Pad.Spatial(new Padding2d(3, 1, 0, 2)) with { Mode = PadMode.Wrap },
        ["MaxPool2d"] = new MaxPool2d(new Size2d(3, 2)) { Stride = 2, Padding = 1, Dilation = new Size2d(1, 2), CeilMode = true },
        ["MaxPool2dIndices"] = new MaxPool2d(3) { Stride = 2, Padding = 1, ReturnIndices = true },
        ["AveragePool2d, counted True"] = new AveragePool2d(3) { Stride = 2, Padding = 1, CeilMode = true, CountIncludePad = true },
        ["AveragePool2d, counted False"] = new AveragePool2d(3) { Stride = 2, Padding = 1, CeilMode = true, CountIncludePad = false },
        ["LpPool2d, 2"] = new LpPool2d(3) { Stride = 2 },
        ["LpPool2d, 3"] = new LpPool2d(new Size2d(2, 3), 3) { Stride = 1 },
        ["GemPool2d"] = new GemPool2d(2, 3) { Stride = 2 },
        ["GlobalAveragePool"] = new GlobalAveragePool(),
        ["GlobalMaxPool"] = new GlobalMaxPool(),
        ["GlobalLpPool"] = new GlobalLpPool(),
        ["GlobalGemPool"] = new GlobalGemPool(),
        ["AdaptiveAveragePool2d"] = new AdaptiveAveragePool2d(new Size2d(3, 5)),
        ["AdaptiveMaxPool2d"] = new AdaptiveMaxPool2d(new Size2d(3, 5)),
        ["Maxout"] = new Maxout(4),
        ["BatchNorm2d"] = new BatchNorm2d(5) { Epsilon = 1e-3f },
        ["BatchNorm2d, batch statistics"] = new BatchNorm2d(5),
        ["BatchNorm2d, after Linear"] = new BatchNorm2d(7),
        ["InstanceNorm2d"] = new InstanceNorm2d(5),
        ["GroupNorm"] = new GroupNorm(3, 6),
        ["LayerNorm"] = new LayerNorm(new Shape(4, 5)),
        ["Lrn"] = new Lrn(5) { Alpha = 0.5f, Beta = 0.75f, Bias = 2 },
        ["Dropout"] = new Dropout(),
        ["Linear"] = new Linear(11, 6),
        ["Softmax, axis 0"] = new Softmax(0),
        ["Softmax, axis 1"] = new Softmax(1),
        ["Softmax, axis -1"] = new Softmax(-1),
        ["LogSoftmax"] = new LogSoftmax(),
        ["Relu"] = new Relu(),
        ["Relu6"] = new Relu6(),
        ["LeakyRelu"] = new LeakyRelu(0.2f),
        ["Elu"] = new Elu(0.75f),
        ["Selu"] = new Selu(),
        ["Celu"] = new Celu(0.75f),
        ["Sigmoid"] = new Sigmoid(),
        ["Tanh"] = new Tanh(),
        ["HardSigmoid"] = new HardSigmoid(),
        ["HardSwish"] = new HardSwish(),
        ["Silu"] = new Silu(),
        ["Mish"] = new Mish(),
        ["Gelu"] = new Gelu(),
        ["Gelu, tanh"] = new Gelu(IsTanhForm: true),
        ["Softplus"] = new Softplus(),
        ["Softsign"] = new Softsign(),
        ["Clip"] = new Clip(-0.5f, 1.5f),
        ["ThresholdedRelu"] = new ThresholdedRelu(1),
        ["PRelu"] = new PRelu(new Shape(5, 1, 1)),
        ["Exp"] = new Exp(),
        ["Log"] = new Log(),
        ["Sqrt"] = new Sqrt(),
        ["Square"] = new Square(),
        ["Abs"] = new Abs(),
        ["Neg"] = new Neg(),
        ["Reciprocal"] = new Reciprocal(),
        ["Floor"] = new Floor(),
        ["Ceil"] = new Ceil(),
        ["Round"] = new Round(),
        ["Sign"] = new Sign(),
        ["Erf"] = new Erf(),
        ["Sin"] = new Sin(),
        ["Cos"] = new Cos(),
        ["Tan"] = new Tan(),
        ["Asin"] = new Asin(),
        ["Acos"] = new Acos(),
        ["Atan"] = new Atan(),
        ["Sinh"] = new Sinh(),
        ["Cosh"] = new Cosh(),
        ["Asinh"] = new Asinh(),
        ["Acosh"] = new Acosh(),
        ["Atanh"] = new Atanh(),
        ["Add"] = new Add(),
        ["Subtract"] = new Subtract(),
        ["Multiply"] = new Multiply(),
        ["Divide"] = new Divide(),
        ["Pow"] = new Pow(),
        ["Min"] = new Min(),
        ["Max"] = new Max(),
        ["Remainder"] = new Remainder(),
        ["TruncatedRemainder"] = new TruncatedRemainder(),
        ["Greater"] = new Greater(),
        ["GreaterOrEqual"] = new GreaterOrEqual(),
        ["Less"] = new Less(),
        ["LessOrEqual"] = new LessOrEqual(),
        ["Concat"] = new Concat(),
        ["Slice"] = new Slice(new AxisRange(1, 1, 5, 2), new AxisRange(3, -2, int.MaxValue)),
        ["Transpose"] = new Transpose(0, 2, 3, 1),
        ["DepthToSpace"] = new DepthToSpace(2, DepthOrder.ChannelFirst),
        ["SpaceToDepth"] = new SpaceToDepth(2, DepthOrder.ChannelFirst),
        ["ChannelShuffle"] = new ChannelShuffle(3),
        ["Flatten"] = new Flatten(),
        ["Reshape"] = new Reshape(2, -1, 6),
        ["Expand"] = new Expand(new Shape(2, 3, 4)),
        ["Tile"] = new Tile(1, 2, 3),
        ["Resize2d, nearest"] = new Resize2d(new Size2d(7, 4)) { Coordinates = ResizeCoordinates.Asymmetric, Rounding = NearestRounding.Floor },
        ["Resize2d, linear"] = new Resize2d(new Size2d(7, 4)) { Mode = ResizeMode.Linear },
        ["Resize2d, linear, corners"] = new Resize2d(new Size2d(7, 4)) { Mode = ResizeMode.Linear, Coordinates = ResizeCoordinates.AlignCorners },
        ["MatMul"] = new MatMul(),
        ["Reduce, Mean"] = new Reduce(ReduceFunction.Mean, 1, 3),
        ["Reduce, Sum"] = new Reduce(ReduceFunction.Sum, 1, 3),
        ["Reduce, Max"] = new Reduce(ReduceFunction.Max, 1, 3),
        ["Reduce, Min"] = new Reduce(ReduceFunction.Min, 1, 3),
        ["Reduce, L1"] = new Reduce(ReduceFunction.L1, 1, 3),
        ["Reduce, L2"] = new Reduce(ReduceFunction.L2, 1, 3),
        ["Reduce, LogSumExp"] = new Reduce(ReduceFunction.LogSumExp, 1, 3),
        ["ArgMax"] = new ArgMax(1),
        ["ArgMin"] = new ArgMin(1),
        ["TopK"] = new TopK(3, 1),
        ["TopKIndices"] = new TopK(3, 1),
        ["CumSum"] = new CumSum(1),
    };

    public static TheoryData<string> Names => [.. PyTorchFixture.All.Keys];

    [Fact]
    public void Every_recorded_case_has_its_layer() =>
        Assert.Equal(PyTorchFixture.All.Keys.Order(StringComparer.Ordinal), Layers.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_CPU_computes_what_PyTorch_computes(string name) => Check(name, (graph, inputs, compare) =>
    {
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1, Mode = ModeOf(name) });
        compare(network.Run(inputs)[0]);
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void The_GPU_computes_what_PyTorch_computes(string name) => Check(name, (graph, inputs, compare) => gl.Run(device =>
    {
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Mode = ModeOf(name) });
        var output = network.Run(inputs)[0];
        compare(output);
    }));

    private static RunMode ModeOf(string name) => name.EndsWith("batch statistics", StringComparison.Ordinal) ? RunMode.Training() : RunMode.Inference;

    private static void Check(string name, Action<Graph, Tensor[], Action<Tensor>> run)
    {
        var fixture = PyTorchFixture.All[name];
        var inputs = fixture.MakeInputs();
        var builder = new GraphBuilder();
        var node = builder.Add(Layers[name], [.. fixture.Inputs.Select((shape, i) => builder.Input($"x{i}", shape))], fixture.MakeParameters());
        bool isSecond = name.EndsWith("Indices", StringComparison.Ordinal);
        using var graph = builder.Build(isSecond ? builder.Add(new NodeOutput(1), node) : node);
        run(graph, inputs, output => Closeness.Assert(fixture.Output, output, Tolerance, name));
        foreach (var input in inputs)
            input.Dispose();
    }
}
