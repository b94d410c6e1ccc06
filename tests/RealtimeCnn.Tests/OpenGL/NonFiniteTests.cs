using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.Onnx;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>NaN and infinities go through every layer on the GPU as on the CPU: a broken picture must not look like a whole one.</summary>
[Collection(GlTests.Name)]
public sealed class NonFiniteTests(GlFixture gl)
{
    private static readonly float[] Special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    public static TheoryData<string> Names => 
        [.. LayerCases.All.Where(one => !one.CpuOnly && one.Inputs.Length > 0 && one.Inputs[0].Count is > 0 and < 5_000).Select(one => one.Id)];

    public static TheoryData<ActivationFunction> Functions => [.. Enum.GetValues<ActivationFunction>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_treats_them_alike_on_both_paths(string name)
    {
        var one = LayerCases.Find(name);
        foreach (float special in Special)
        {
            using var run = new LayerRun(one);
            run.Inputs[0].Span[run.Inputs[0].Shape.Count / 3] = special;
            Compare(run.Graph, run.Inputs, special);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void An_activation_treats_them_alike_alone_and_behind_a_convolution(ActivationFunction function)
    {
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1, -1, 1e30f, -1e30f, 100, -100, 3];
        using var input = new Tensor(new Shape(1, 1, 3, 4), values);
        using var one = new Tensor(new Shape(1, 1, 1, 1), [1]);
        var activation = new Activation(function, 0.25f, 0.5f);
        var builder = new GraphBuilder();
        var x = builder.Input("x", input.Shape);
        using var graph = builder.Build(builder.Add(new Conv2d(1, 1, 1) { HasBias = false, Activation = activation }, [x], [one], "conv"));
        Compare(graph, [input], float.NaN);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    public void A_weight_of_a_depthwise_convolution_is_not_multiplied_with_the_zeros_around_a_picture(int kernel, int stride)
    {
        foreach (float special in Special)
        {
            for (int tap = 0; tap < kernel * kernel; tap++)
            {
                var layer = new DepthwiseConv2d(3, kernel) { Padding = kernel / 2, Stride = stride, HasBias = false };
                using var input = new Tensor(new Shape(1, 3, 9, 6));
                input.Span.Fill(0.5f);
                using var weights = new Tensor(new Shape(3, 1, kernel, kernel));
                weights.Span.Fill(0.25f);
                weights.Span[(kernel * kernel) + tap] = special;
                var builder = new GraphBuilder();
                using var graph = builder.Build(builder.Add(layer, [builder.Input("x", input.Shape)], [weights], "conv"));
                Compare(graph, [input], special);
            }
        }
    }

    /// <summary>Dense windows of each kind that kernels differ by: shapes, strides, few and many channels, planes of a few pixels, pictures as users give them.</summary>
    public static TheoryData<Conv2d, int, int, int> Windows => new()
    {
        { new Conv2d(3, 9, 3) { Stride = 2, Padding = 1 }, 1, 13, 16 },
        { new Conv2d(16, 20, 3) { Padding = 1, Activation = Activation.Relu6 }, 2, 9, 11 },
        { new Conv2d(5, 6, 5) { Padding = 2, HasBias = false }, 1, 8, 7 },
        { new Conv2d(6, 3, new Size2d(2, 3)) { Padding = new Padding2d(0, 0, 1, 2), Dilation = new Size2d(2, 1) }, 1, 6, 9 },
        { new Conv2d(4, 8, 1) { Padding = 1 }, 1, 5, 6 },
        { new Conv2d(8, 8, 3) { Padding = 1, PaddingMode = PaddingMode.Reflect }, 1, 7, 7 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_weight_is_not_multiplied_with_the_zeros_around_a_picture_by_any_kernel(Conv2d layer, int batch, int height, int width)
    {
        var shape = new Shape(batch, layer.InChannels, height, width);
        using var input = Noise.Of(shape);
        foreach (bool isPooled in new[] { false, true })
        {
            foreach (float special in Special)
            {
                var builder = new GraphBuilder(seed: 3);
                var node = builder.Add(layer, builder.Input("x", shape), name: "conv");
                using var graph = builder.Build(isPooled ? builder.Add(new MaxPool2d(2), node) : node);
                var weight = graph["conv"].Parameters[0];
                using (var edit = weight.Edit())
                    (edit.Values[0], edit.Values[^1]) = (special, special);
                Compare(graph, [input], special);
                foreach (var kind in new[] { ProfileKind.Software, ProfileKind.Discrete })
                {
                    var table = gl.Run(device => GpuKernels.For(DeviceProfile.Of(kind, device.Limits)));
                    var call = new LayerCall(graph["conv"], [new TensorInfo(shape, Layout.Blocked)], new TensorInfo(layer.InferShape([shape]), Layout.Plain));
                    foreach (var kernel in table.Fitting(call).Where(kernel => table.Has(kernel.ToString())))
                        Compare(graph, [input], special, new NetworkOptions { Kernels = table, ForcedKernels = [kernel.ToString()] });
                }
            }
        }
    }

    /// <summary>Kernels are chosen by it, so that a network chooses anew: from the fast one to the plain one, and back.</summary>
    [Fact]
    public void A_weight_that_becomes_infinite_between_two_runs_takes_another_kernel() => gl.Run(device =>
    {
        var builder = new GraphBuilder(seed: 3);
        using var graph = builder.Build(builder.Start(new Shape(1, 3, 11, 12)).Conv2d(8, 3, stride: 2, padding: 1, bias: false).BatchNorm2d());
        using var input = Noise.Of(graph.InputShapes[0]);
        var weight = graph.Parameters[0];
        float[] finite = [.. weight.Values], infinite = [float.PositiveInfinity, .. finite[1..]];
        using var network = new GpuNetwork(device, graph);
        using var cpu = new CpuNetwork(graph);
        string fast = KernelOf();
        Assert.NotEqual("ConvolutionLayer/plain", fast);
        weight.Write(infinite);
        Assert.Equal("ConvolutionLayer/plain", KernelOf());
        float[] expected = [.. cpu.Run(input)[0].Span], actual = [.. network.Run(input)[0].Span];
        Assert.Equal(expected.Select(float.IsFinite), actual.Select(float.IsFinite));
        Assert.Contains(expected, float.IsFinite);
        weight.Write(finite);
        Assert.Equal(fast, KernelOf());

        string KernelOf() => network.Profile([input]).Steps.Single(step => step.Kernel.StartsWith("ConvolutionLayer", StringComparison.Ordinal)).Kernel;
    });

    [SharedDataTheory]
    [InlineData("mnist-8.onnx")]
    [InlineData("resnet20_cifar10.onnx")]
    [InlineData("squeezenet-fp16.onnx")]
    [InlineData("ultraface-rfb-320.onnx")]
    [InlineData("yunet_n_320_320.onnx")]
    public void A_NaN_in_a_picture_reaches_the_outputs_of_a_real_network(string model)
    {
        using var graph = OnnxModel.Load(Path.Combine(SharedData.Root!, "models", model)).Graph;
        var shape = ((Input)graph.Inputs[0].Layer).Shape;
        using var picture = new Tensor(shape);
        var random = new Random(3);
        foreach (ref float value in picture.Span)
            value = random.NextSingle();
        picture.Span[(shape.Area / 2) + (shape.Width / 2)] = float.NaN;
        Compare(graph, [picture], float.NaN);
    }

    private void Compare(Graph graph, Tensor[] inputs, float special, NetworkOptions? options = null)
    {
        using var cpu = new CpuNetwork(graph);
        var expected = cpu.Run(inputs);
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph, options);
            var actual = network.Run(inputs);
            for (int output = 0; output < expected.Count; output++)
            {
                for (int i = 0; i < expected[output].Shape.Count; i++)
                {
                    float want = expected[output].Span[i], got = actual[output].Span[i];
                    bool same = float.IsFinite(want) ? Math.Abs(want - got) <= 1e-3f * Math.Max(1, Math.Abs(want)) : want.Equals(got);
                    Assert.True(same, $"With {special} in the input or a weight, element {i} of {expected[output].Shape} is {want} on the CPU and {got} on the GPU.");
                }

                actual[output].Dispose();
            }
        });
    }
}
