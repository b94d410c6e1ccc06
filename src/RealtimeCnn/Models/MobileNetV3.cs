using RealtimeCnn.Graphs;

namespace RealtimeCnn.Models;

/// <summary>MobileNetV3: inverted residuals with squeeze-and-excitation gates and hard-swish, found by search.</summary>
/// <remarks>
/// Input <c>[N, 3, 224, 224]</c>; Large has 5,483,032 parameters, Small 2,542,856, at width 1. Source: Howard et al. 2019, "Searching for
/// MobileNetV3", arXiv:1905.02244, tables 1 and 2; Hu et al. 2017, "Squeeze-and-Excitation Networks", arXiv:1709.01507.
/// </remarks>
public static class MobileNetV3
{
    private const float Epsilon = 1e-3f, Momentum = 0.01f;

    private static readonly Row[] Large =
    [
        new(3, 16, 16, false, false, 1), new(3, 64, 24, false, false, 2), new(3, 72, 24, false, false, 1),
        new(5, 72, 40, true, false, 2), new(5, 120, 40, true, false, 1), new(5, 120, 40, true, false, 1),
        new(3, 240, 80, false, true, 2), new(3, 200, 80, false, true, 1), new(3, 184, 80, false, true, 1), new(3, 184, 80, false, true, 1),
        new(3, 480, 112, true, true, 1), new(3, 672, 112, true, true, 1),
        new(5, 672, 160, true, true, 2), new(5, 960, 160, true, true, 1), new(5, 960, 160, true, true, 1),
    ];

    private static readonly Row[] Small =
    [
        new(3, 16, 16, true, false, 2), new(3, 72, 24, false, false, 2), new(3, 88, 24, false, false, 1),
        new(5, 96, 40, true, true, 2), new(5, 240, 40, true, true, 1), new(5, 240, 40, true, true, 1),
        new(5, 120, 48, true, true, 1), new(5, 144, 48, true, true, 1),
        new(5, 288, 96, true, true, 2), new(5, 576, 96, true, true, 1), new(5, 576, 96, true, true, 1),
    ];

    /// <summary>MobileNetV3-Large with random weights.</summary>
    public static Graph CreateLarge(ModelOptions? options = null) => Create(options, Large, 1280);

    /// <summary>MobileNetV3-Small with random weights.</summary>
    public static Graph CreateSmall(ModelOptions? options = null) => Create(options, Small, 1024);

    private static Graph Create(ModelOptions? options, Row[] rows, int hidden)
    {
        options ??= new ModelOptions();
        var (builder, x) = options.Start();
        int Scaled(int channels) => ModelBlocks.RoundTo8(channels * options.Width);
        x = Norm(x.Within("conv1").Conv2d(Scaled(16), kernel: 3, x.StemStride(2), padding: 1, bias: false, name: "conv"), "bn").HardSwish();
        for (int i = 0; i < rows.Length; i++)
            x = Bottleneck(x.Within($"block{i + 1}"), rows[i], Scaled(rows[i].Expanded), Scaled(rows[i].Channels));

        x = Norm(x.Within("last").PointwiseConv2d(6 * x.Channels, bias: false, name: "conv"), "bn").HardSwish();
        x = x.Within("").GlobalAveragePool().Flatten().Linear(Scaled(hidden), name: "fc1").HardSwish().Dropout(0.2f);
        return builder.Build(x.Linear(options.ClassCount, name: "logits"));
    }

    private static SymbolicTensor Bottleneck(SymbolicTensor x, Row row, int expanded, int channels)
    {
        var y = x;
        if (expanded != x.Channels)
            y = Activate(Norm(y.PointwiseConv2d(expanded, bias: false, name: "expand"), "bn1"), row);
        y = y.DepthwiseConv2d(row.Kernel, row.Stride, padding: row.Kernel / 2, bias: false, name: "depthwise");
        y = Activate(Norm(y, "bn2"), row);
        if (row.HasGate)
            y = y.Multiply(Gate(y, ModelBlocks.RoundTo8(expanded / 4)), name: "scale");
        y = Norm(y.PointwiseConv2d(channels, bias: false, name: "project"), "bn3");
        return row.Stride == 1 && x.Channels == channels ? y.Add(x, name: "add") : y;
    }

    /// <summary>Squeeze and excitation: one factor in [0, 1] for each channel, from the means of all of them.</summary>
    private static SymbolicTensor Gate(SymbolicTensor x, int squeezed) => x.GlobalAveragePool(name: "squeeze")
        .PointwiseConv2d(squeezed, name: "fc1").Relu()
        .PointwiseConv2d(x.Channels, name: "fc2").HardSigmoid();

    private static SymbolicTensor Norm(SymbolicTensor x, string name) => x.BatchNorm2d(Epsilon, Momentum, name);

    private static SymbolicTensor Activate(SymbolicTensor x, Row row) => row.HasHardSwish ? x.HardSwish() : x.Relu();

    /// <summary>One row of the paper's tables.</summary>
    private readonly record struct Row(int Kernel, int Expanded, int Channels, bool HasGate, bool HasHardSwish, int Stride);
}
