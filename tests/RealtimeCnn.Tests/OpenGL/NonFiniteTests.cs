using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
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

    private void Compare(Graph graph, Tensor[] inputs, float special)
    {
        using var cpu = new CpuNetwork(graph);
        var expected = cpu.Run(inputs);
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph);
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
