using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Tests.Training.Optimizers;

/// <summary>Each rule does what PyTorch's does, step after step.</summary>
public sealed class UpdateRuleTests
{
    private const int Count = 19, Steps = 8;

    private static readonly Dictionary<string, UpdateRule> Rules = new()
    {
        ["sgd"] = new Sgd { Rate = 0.1f },
        ["sgd, decay"] = new Sgd { Rate = 0.1f, WeightDecay = 0.3f },
        ["momentum"] = new Sgd { Rate = 0.05f, Momentum = 0.9f, WeightDecay = 0.01f },
        ["nesterov"] = new Sgd { Rate = 0.05f, Momentum = 0.9f, IsNesterov = true, WeightDecay = 0.01f },
        ["rmsprop"] = new RmsProp { Rate = 0.01f, WeightDecay = 0.1f },
        ["rmsprop, momentum"] = new RmsProp { Rate = 0.01f, Smoothing = 0.9f, Epsilon = 1e-6f, Momentum = 0.8f },
        ["adam"] = new Adam { Rate = 0.02f },
        ["adam, decay"] = new Adam { Rate = 0.02f, Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-6f, WeightDecay = 0.2f },
        ["adamw"] = new AdamW { Rate = 0.02f, WeightDecay = 0.3f },
    };

    public static TheoryData<string> Names => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_step_is_that_of_PyTorch(string name)
    {
        float[] values = Run(name, Count);
        double[] expected = RecordedTraining.Numbers(RecordedTraining.Of("optimizers", name));
        // Eight steps in float32 on values of about 1.
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_s_update_does_not_depend_on_its_place_in_a_vector(string name)
    {
        float[] many = Run(name, 51);
        foreach (int few in new[] { 1, 15, 16, 17, 33 })
            Assert.Equal(many[..few], Run(name, few));
    }

    [Fact]
    public void Numbers_that_are_not_possible_are_refused_by_name()
    {
        Refused("Sgd: Rate must be above 0", new Sgd { Rate = 0 });
        Refused("Sgd: Rate must be above 0", new Sgd { Rate = float.NaN });
        Refused("Adam: WeightDecay must be at least 0", new Adam { WeightDecay = -1 });
        Refused("Sgd: Momentum must be from 0 to below 1", new Sgd { Momentum = 1 });
        Refused("Sgd: Momentum must be above 0 to be Nesterov's", new Sgd { IsNesterov = true });
        Refused("RmsProp: Smoothing must be", new RmsProp { Smoothing = 1 });
        Refused("AdamW: Beta2 must be", new AdamW { Beta2 = 1 });

        static void Refused(string why, UpdateRule rule) =>
            Assert.Contains(why, Assert.Throws<ArgumentOutOfRangeException>(() => new Optimizer([], rule)).Message, StringComparison.Ordinal);
    }

    private static float[] Run(string name, int count)
    {
        var rule = Rules[name];
        float[] values = Floats(0, count), first = new float[count], second = new float[count];
        for (int step = 1; step <= Steps; step++)
            rule.Update(new UpdateStep(rule.Rate, rule.WeightDecay, 1, step), values, Floats(step, count), first, second);
        return values;
    }

    private static float[] Floats(int t, int count) => [.. RecordedTraining.Values(t, count).Select(value => (float)value)];
}
