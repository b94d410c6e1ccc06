using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Layers;

/// <summary>What an input is divided by after its mean is subtracted.</summary>
public enum InputScale
{
    /// <summary>The standard deviation: <c>(x − mean) / std</c>.</summary>
    StandardDeviation,

    /// <summary>The range: <c>(x − mean) / (max − min)</c>.</summary>
    Range,
}

/// <summary>
/// Brings the channels of an input to a common scale: <c>y = (x − mean[c]) / std[c]</c> or <c>y = (x − mean[c]) / (max[c] − min[c])</c>,
/// with constants of the data set, or measured on each channel of each batch item (<see cref="IsMeasured"/>).
/// </summary>
/// <param name="Channels">Extent of the second axis, at least 1.</param>
/// <param name="Scale">What is divided by.</param>
/// <remarks>
/// Shapes: <c>[N, C, any further axes]</c> → the same. Parameters, unless measured: mean <c>[C]</c> and standard_deviation <c>[C]</c>
/// above 0, or mean, minimum and maximum <c>[C]</c> with maximum above minimum, all in the unit of x. A channel whose measured
/// divisor is 0 is constant and becomes 0. Source: LeCun et al. 1998, "Efficient BackProp", section 4.3; Aggarwal 2018, "Neural
/// Networks and Deep Learning", section 3.3.2.
/// </remarks>
public sealed record InputNormalization(int Channels, InputScale Scale) : Layer, IChannelAffine
{
    /// <summary>Whether mean and divisor are measured on each input instead of given.</summary>
    public bool IsMeasured { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters
    {
        get
        {
            var shape = new Shape(Channels);
            if (IsMeasured)
                return [];
            return Scale == InputScale.Range
                ? [Measure("mean"), Measure("minimum"), Measure("maximum", 1)]
                : [Measure("mean"), Measure("standard_deviation", 1)];

            ParameterSpec Measure(string name, float initial = 0) => new(name, shape, Initial: initial) { IsStatistic = true };
        }
    }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        NormalizationShapes.Check(inputs[0], Channels, 0);
        return inputs[0];
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => IsMeasured ? ReceptiveField.Whole(input) : part.SamePlace(input, output);

    internal ChannelStatistics Statistics => new(StatisticsOver.Item, Scale == InputScale.Range ? Divisor.Range : Divisor.StandardDeviation, 0);

    /// <summary>Given constants as <c>y = factor·x + offset</c> for each channel, in double.</summary>
    /// <exception cref="ArgumentException">A divisor is not above 0.</exception>
    (double Factor, double Offset) IChannelAffine.Affine(IReadOnlyList<Parameter> parameters, int channel)
    {
        double divisor = Scale == InputScale.Range
            ? (double)parameters[2].Values[channel] - parameters[1].Values[channel]
            : parameters[1].Values[channel];
        if (!(divisor > 0))
            throw new ArgumentException($"InputNormalization: channel {channel} would be divided by {divisor}. Give a {(Scale == InputScale.Range ? "maximum above the minimum" : "standard deviation above 0")}.");
        return (1 / divisor, -parameters[0].Values[channel] / divisor);
    }
}
