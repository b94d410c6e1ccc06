using RealtimeCnn.Layers;

namespace RealtimeCnn.Training;

/// <summary>Which side of a layer an initialiser keeps at constant variance.</summary>
public enum FanMode
{
    /// <summary>Activations on the way forward: scale by the products that one output sums.</summary>
    FanIn,

    /// <summary>Gradients on the way back: scale by the products that one input takes part in.</summary>
    FanOut,
}

/// <summary>
/// Random starting values of weights. The variance follows from a weight's fan-in (products that one output sums) and fan-out
/// (output channels times window elements, as PyTorch counts); parameters without a fan-in, such as a bias, start at
/// <see cref="ParameterSpec.Initial"/>.
/// </summary>
public sealed class Initializer
{
    private readonly Func<int, int, double> _variance;
    private readonly bool _isNormal;

    private Initializer(bool isNormal, Func<int, int, double> variance) => (_isNormal, _variance) = (isNormal, variance);

    /// <summary>Uniform in <c>±sqrt(6 / ((1 + slope²)·fan))</c>, for layers followed by a (leaky) ReLU.</summary>
    /// <param name="mode">Which fan.</param>
    /// <param name="slope">Slope of the activation below 0; 0 for ReLU.</param>
    /// <remarks>Source: He et al. 2015, "Delving Deep into Rectifiers", arXiv:1502.01852, section 2.2.</remarks>
    public static Initializer KaimingUniform(FanMode mode = FanMode.FanIn, float slope = 0) => new(false, Kaiming(mode, slope));

    /// <summary>Normal with standard deviation <c>sqrt(2 / ((1 + slope²)·fan))</c>, for layers followed by a (leaky) ReLU.</summary>
    /// <inheritdoc cref="KaimingUniform"/>
    public static Initializer KaimingNormal(FanMode mode = FanMode.FanIn, float slope = 0) => new(true, Kaiming(mode, slope));

    /// <summary>Uniform in <c>±gain·sqrt(6 / (fan-in + fan-out))</c>, for layers followed by tanh or a sigmoid.</summary>
    /// <param name="gain">Factor on the standard deviation, above 0; 5/3 for tanh.</param>
    /// <remarks>Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", equation 16.</remarks>
    public static Initializer XavierUniform(float gain = 1) => new(false, Xavier(gain));

    /// <summary>Normal with standard deviation <c>gain·sqrt(2 / (fan-in + fan-out))</c>, for layers followed by tanh or a sigmoid.</summary>
    /// <inheritdoc cref="XavierUniform"/>
    public static Initializer XavierNormal(float gain = 1) => new(true, Xavier(gain));

    /// <summary>Fills a parameter with its starting values.</summary>
    /// <param name="values">All of its elements.</param>
    /// <param name="spec">Which parameter it is.</param>
    /// <param name="random">Where the numbers come from; equal generators give equal values.</param>
    public void Fill(Span<float> values, ParameterSpec spec, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (spec.FanIn == 0)
        {
            values.Fill(spec.Initial);
            return;
        }

        int fanOut = spec.Shape.Count / spec.FanIn * spec.Shape.Product(2, spec.Shape.Rank);
        double deviation = Math.Sqrt(_variance(spec.FanIn, fanOut));
        if (_isNormal)
            FillNormal(values, deviation, random);
        else
            FillUniform(values, (float)(Math.Sqrt(3) * deviation), random);
    }

    private static Func<int, int, double> Kaiming(FanMode mode, float slope) =>
        (fanIn, fanOut) => 2 / ((1 + ((double)slope * slope)) * (mode == FanMode.FanIn ? fanIn : fanOut));

    private static Func<int, int, double> Xavier(float gain) => (fanIn, fanOut) => 2.0 * gain * gain / ((double)fanIn + fanOut);

    private static void FillUniform(Span<float> values, float bound, Random random)
    {
        foreach (ref float value in values)
            value = ((random.NextSingle() * 2) - 1) * bound;
    }

    /// <summary>Box and Muller 1958: two uniform numbers make two normal ones.</summary>
    private static void FillNormal(Span<float> values, double deviation, Random random)
    {
        for (int i = 0; i < values.Length; i += 2)
        {
            double radius = deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(radius * cosine);
            if (i + 1 < values.Length)
                values[i + 1] = (float)(radius * sine);
        }
    }
}
