using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Layers;

/// <summary>
/// Normalises each channel over the batch: <c>y[n,c,…] = (x[n,c,…] − mean[c]) / sqrt(variance[c] + Epsilon) · scale[c] + bias[c]</c>.
/// At inference mean and variance are the running ones. In training they are those of the input over batch and space (the biased
/// variance), and training moves the running ones towards them: <c>running += Momentum · (batch − running)</c>, with the unbiased variance.
/// </summary>
/// <param name="Channels">Extent of the second axis, at least 1.</param>
/// <remarks>
/// Shapes: x <c>[N, C, any further axes]</c>, so that it works after convolutions and after <see cref="Linear"/>; scale, bias,
/// running mean and running variance <c>[C]</c> → the shape of x. Source: Ioffe and Szegedy 2015, "Batch Normalization",
/// arXiv:1502.03167; ONNX BatchNormalization.
/// </remarks>
public sealed record BatchNorm2d(int Channels) : Layer, IChannelAffine
{
    /// <summary>Added to the variance before the root, at least 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>How far training moves the running statistics towards those of a batch, in [0, 1].</summary>
    public float Momentum { get; init; } = 0.1f;

    /// <summary>Applied to the result, in training alone: what <see cref="Graphs.Passes.FuseNormalization"/> moved in. Bounds or none.</summary>
    internal Activation Activation { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters =>
    [
        new("scale", new Shape(Channels), Initial: 1),
        new("bias", new Shape(Channels)),
        new("running_mean", new Shape(Channels)) { IsStatistic = true },
        new("running_variance", new Shape(Channels), Initial: 1) { IsStatistic = true },
    ];

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        NormalizationShapes.Check(inputs[0], Channels, Epsilon);
        return inputs[0];
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.SamePlace(input, output);

    /// <summary>What is measured in training.</summary>
    /// <exception cref="ShapeException">There is nothing to measure.</exception>
    internal ChannelStatistics BatchStatistics(Shape x) => x.Count == x.Channels
        ? throw new ShapeException($"input {x} has one element a channel; batch statistics need at least two.")
        : new(StatisticsOver.Batch, Divisor.StandardDeviation, Epsilon);

    /// <summary>The layer at inference as <c>y = factor·x + offset</c> for each channel, in double.</summary>
    (double Factor, double Offset) IChannelAffine.Affine(IReadOnlyList<Parameter> parameters, int channel)
    {
        double factor = parameters[0].Values[channel] / Math.Sqrt((double)parameters[3].Values[channel] + Epsilon);
        return (factor, parameters[1].Values[channel] - (factor * parameters[2].Values[channel]));
    }
}

/// <summary>What normalisations of channels ask of their input.</summary>
internal static class NormalizationShapes
{
    public static void Check(Shape x, int channels, float epsilon)
    {
        if (x.Rank < 2)
            throw new ShapeException($"input must be [N, C, …]; it is {x}.");
        if (x.Channels != channels)
            throw new ShapeException($"expects {channels} channels; the input is {x}.");
        if (!(epsilon >= 0))
            throw new ShapeException($"epsilon {epsilon} is not possible: it is at least 0.");
    }
}
