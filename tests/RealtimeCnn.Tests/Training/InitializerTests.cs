using RealtimeCnn.Layers;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

public class InitializerTests
{
    private static readonly ParameterSpec Weight = new Conv2d(32, 64, 3).Parameters[0];
    private const double FanIn = 32 * 9, FanOut = 64 * 9;

    [Fact]
    public void Variances_are_those_of_the_papers()
    {
        Check(Initializer.KaimingUniform(), 2 / FanIn, isNormal: false);
        Check(Initializer.KaimingUniform(FanMode.FanOut, slope: 2), 2 / (5 * FanOut), isNormal: false);
        Check(Initializer.KaimingNormal(), 2 / FanIn, isNormal: true);
        Check(Initializer.KaimingNormal(FanMode.FanOut), 2 / FanOut, isNormal: true);
        Check(Initializer.XavierUniform(), 2 / (FanIn + FanOut), isNormal: false);
        Check(Initializer.XavierNormal(gain: 3), 18 / (FanIn + FanOut), isNormal: true);
    }

    [Fact]
    public void A_linear_layer_has_its_features_as_fans()
    {
        float[] values = new float[300 * 200];
        Initializer.XavierNormal().Fill(values, new Linear(300, 200).Parameters[0], new Random(1));
        Assert.InRange(values.Average(value => (double)value * value) / (2.0 / 500), 0.97, 1.03);
    }

    [Fact]
    public void Equal_seeds_give_equal_values_and_others_differ()
    {
        float[] Values(int seed)
        {
            float[] values = new float[Weight.Shape.Count];
            Initializer.KaimingNormal().Fill(values, Weight, new Random(seed));
            return values;
        }

        Assert.Equal(Values(1), Values(1));
        Assert.NotEqual(Values(1), Values(2));
    }

    [Fact]
    public void Parameters_that_are_no_weights_start_at_their_value()
    {
        float[] scale = new float[5];
        Initializer.KaimingUniform().Fill(scale, new BatchNorm2d(5).Parameters[0], new Random(1));
        Assert.Equal([1, 1, 1, 1, 1], scale);
    }

    /// <summary>18,432 samples: the mean is within 4 of its standard errors, the variance within 4 %; kurtosis tells 1.8 (uniform) from 3 (normal).</summary>
    private static void Check(Initializer initializer, double variance, bool isNormal)
    {
        float[] values = new float[Weight.Shape.Count];
        initializer.Fill(values, Weight, new Random(7));
        double deviation = Math.Sqrt(variance);
        Assert.InRange(values.Average(value => (double)value), -4 * deviation / Math.Sqrt(values.Length), 4 * deviation / Math.Sqrt(values.Length));
        Assert.InRange(values.Average(value => (double)value * value) / variance, 0.96, 1.04);
        Assert.InRange(values.Average(value => Math.Pow(value / deviation, 4)), isNormal ? 2.8 : 1.75, isNormal ? 3.2 : 1.85);
    }
}
