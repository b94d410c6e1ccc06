using RealtimeCnn.Cpu;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.Tests.Graphs;

namespace RealtimeCnn.Tests.Models;

public class ModelTests
{
    /// <summary>
    /// Trainable parameters and multiply-accumulates of convolutions and linear layers as torchvision counts them (MobileNetV1: Keras).
    /// The MACs of the auxiliary classifiers and of ShuffleNetV2 are summed by hand from the papers' tables.
    /// </summary>
    [Theory]
    [InlineData("lenet5", 61_706, 416_520)]
    [InlineData("lenet5-relu", 107_274, (12 * 25 * 784) + (32 * 300 * 100) + (800 * 120) + 1200)]
    [InlineData("alexnet", 61_100_840, 714_188_480)]
    [InlineData("vgg16", 138_357_544, 15_470_264_320)]
    [InlineData("googlenet", 6_624_904, 1_498_376_192)]
    [InlineData("googlenet-aux", 13_004_888, 1_498_376_192 + (16 * 128 * (512 + 528)) + (2 * ((2048 * 1024) + (1024 * 1000))))]
    [InlineData("resnet18", 11_689_512, 1_814_073_344)]
    [InlineData("resnet50", 25_557_032, 4_089_184_256)]
    [InlineData("squeezenet1.1", 1_235_496, 349_151_936)]
    [InlineData("shufflenetv2", 2_278_604, 144_907_992)]
    [InlineData("mobilenetv1", 4_231_976, 568_740_352)]
    [InlineData("mobilenetv2", 3_504_872, 300_774_272)]
    [InlineData("mobilenetv2-tiny", 293_448, 7_243_264)]
    [InlineData("mobilenetv3-large", 5_483_032, 216_589_760)]
    [InlineData("mobilenetv3-small", 2_542_856, 56_510_400)]
    public void Parameters_and_MACs_are_the_published_ones(string name, long parameters, long macs)
    {
        using var graph = ModelCatalog.Create(name);
        var summary = graph.Summary();
        Assert.Equal(parameters, graph.ParameterCount);
        Assert.Equal(parameters, summary.Parameters);
        Assert.Equal(macs, summary.MultiplyAccumulates);
        Assert.Equal(name is "lenet5" or "lenet5-relu" ? 10 : 1000, graph.InferShapes()[graph.Outputs[0]].Channels);
    }

    public static TheoryData<string> Names => [.. ModelCatalog.Names];

    /// <summary>
    /// Small pictures, so that the suite stays fast. With batch normalisations that are not the identity: passes change the graph,
    /// never the result, and the pictures of a batch do not see each other.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Passes_and_batches_do_not_change_results_on_the_CPU(string name)
    {
        using var graph = ModelCatalog.Create(name, new ModelOptions { InputSize = name == "lenet5" ? 28 : 64, Classes = 10, Seed = 5 });
        GraphRuns.RandomizeAffine(graph, 6);
        var single = graph.InputShapes[0];
        var batch = GraphRuns.RandomInputs(graph, 7, single.With(0, 2));
        Tensor[] first = [new Tensor(single, batch[0].Span[..single.Count])], second = [new Tensor(single, batch[0].Span[single.Count..])];
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 2 });
        Tensor[] Run(Tensor[] inputs) => [.. network.Run(inputs).Select(output => output.Clone())];
        Tensor[] plain = GraphRuns.RunAsItStands(graph, batch), optimized = Run(batch), firstResult = Run(first), secondResult = Run(second);
        GraphRuns.AssertClose(plain, optimized, 2e-5, name);
        for (int i = 0; i < optimized.Length; i++)
        {
            Assert.Equal(optimized[i].Span[..10].ToArray(), firstResult[i].Span.ToArray());
            Assert.Equal(optimized[i].Span[10..].ToArray(), secondResult[i].Span.ToArray());
            Assert.NotEqual(firstResult[i].Span.ToArray(), secondResult[i].Span.ToArray());
        }

        GraphRuns.Dispose(batch, first, second, plain, optimized, firstResult, secondResult);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(96)]
    public void Every_model_takes_small_pictures(int size)
    {
        foreach (string name in ModelCatalog.Names)
        {
            using var graph = ModelCatalog.Create(name, new ModelOptions { InputSize = size, InputChannels = 1, Classes = 7, Batch = 3, Width = 0.5f });
            var shapes = graph.InferShapes();
            Assert.All(graph.Outputs, output => Assert.Equal(new Shape(3, 7), shapes[output]));
            if (name == "lenet5" || size != 32)
                continue;
            // The features that are pooled at the end are more than one pixel: the stem kept the size.
            var features = graph.Nodes.Last(node => shapes[node].Rank == 4 && node.Layer is Relu or Relu6 or HardSwish);
            Assert.True(shapes[features].Area > 1 || name == "vgg16", $"{name}: {features} is {shapes[features]}");
        }
    }

    [Theory]
    [InlineData(0.25f, 475_544)]
    [InlineData(0.5f, 1_342_536)]
    [InlineData(0.75f, 2_601_976)]
    public void The_width_of_MobileNetV1_multiplies_its_channels(float width, long parameters)
    {
        // Keras counts the running statistics too: 470,072 + 5,472 for 0.25 and so on; the head is 1000 classes.
        using var graph = MobileNetV1.Create(new ModelOptions { Width = width });
        Assert.Equal(parameters, graph.ParameterCount + graph.StatisticCount);
    }

    [Theory]
    [InlineData("googlenet")]
    [InlineData("resnet18")]
    [InlineData("shufflenetv2")]
    [InlineData("mobilenetv2")]
    public void Normalisations_activations_and_residual_connections_cost_no_node(string name)
    {
        using var graph = ModelCatalog.Create(name, new ModelOptions { InputSize = 64 });
        using var optimized = PassCase.Optimize(graph);
        Assert.DoesNotContain(optimized.Nodes, node => node.Layer is BatchNorm2d or Dropout or ActivationLayer or Add);
    }

    [Fact]
    public void An_unknown_name_lists_those_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => ModelCatalog.Create("resnet-9"));
        Assert.Contains("'resnet-9'", error.Message, StringComparison.Ordinal);
        Assert.Contains("resnet18", error.Message, StringComparison.Ordinal);
    }
}
