using RealtimeCnn.Graphs;
using RealtimeCnn.Models;

namespace RealtimeCnn.Benchmarks;

/// <summary>A network that training is timed with; its twin is in <c>bench/training/pytorch.py</c>.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Batch">Pictures in a step.</param>
/// <param name="Create">Makes it.</param>
internal sealed record TrainedNetwork(string Name, int Batch, Func<Graph> Create)
{
    /// <summary>Those that <c>bench/training.sh</c> compares.</summary>
    public static IReadOnlyList<TrainedNetwork> All { get; } =
    [
        new("lenet5", 32, () => LeNet5.Create(new ModelOptions { Batch = 32 })),
        new("conv32-conv64", 64, () => TwoConvolutions(64)),
        new("hand-signs", 32, () => HandSigns(32)),
        new("mobilenetv2-96", 16, () => MobileNetV2.Create(new ModelOptions { Batch = 16, InputSize = 96 })),
    ];

    /// <summary>Two convolutions of 3×3 with pooling behind each, and two linear layers, for digits of 28×28.</summary>
    private static Graph TwoConvolutions(int batch)
    {
        var builder = new GraphBuilder();
        var x = builder.Start(new Shape(batch, 1, 28, 28));
        x = x.Conv2d(32, 3, padding: 1).Relu().MaxPool2d(2).Conv2d(64, 3, padding: 1).Relu().MaxPool2d(2).Flatten().Linear(128).Relu().Linear(10);
        return builder.Build(x);
    }

    /// <summary>Inverted residuals of a hundred thousand parameters, for 64×64 photographs of hands.</summary>
    private static Graph HandSigns(int batch)
    {
        var builder = new GraphBuilder();
        var x = builder.Start(new Shape(batch, 3, 64, 64)).Conv2d(16, 3, stride: 2, padding: 1, bias: false).BatchNorm2d().Relu6();
        foreach (var (expansion, channels, repeats, firstStride) in new[] { (1, 16, 1, 1), (4, 24, 2, 2), (4, 32, 3, 2), (4, 48, 3, 2) })
        {
            for (int i = 0; i < repeats; i++)
                x = InvertedResidual(x, expansion, channels, i == 0 ? firstStride : 1);
        }

        return builder.Build(x.PointwiseConv2d(192, bias: false).BatchNorm2d().Relu6().GlobalAveragePool().Flatten().Dropout(0.1f).Linear(11));
    }

    private static SymbolicTensor InvertedResidual(SymbolicTensor x, int expansion, int channels, int stride)
    {
        var y = expansion == 1 ? x : x.PointwiseConv2d(x.Channels * expansion, bias: false).BatchNorm2d().Relu6();
        y = y.DepthwiseConv2d(3, stride, padding: 1, bias: false).BatchNorm2d().Relu6().PointwiseConv2d(channels, bias: false).BatchNorm2d();
        return stride == 1 && x.Channels == channels ? y.Add(x) : y;
    }
}
