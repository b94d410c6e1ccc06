using RealtimeCnn.Cpu;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>
/// Each backward kernel over all cases of its layer, against central differences of the case's oracle in double: the slopes of
/// <c>Σ r[k]·y[k]</c>, r drawn at random, along every input and parameter. Of large tensors some elements are drawn.
/// </summary>
public sealed class GradientTests
{
    private const double Step = 1e-4;
    private const int MostElements = 40;

    // Slopes are sums like the values themselves, of products of two roundings each.
    private const double Tolerance = 3e-5;

    public static TheoryData<string> Names => [.. CpuKernels.Backward.Entries.Select(kernel => kernel.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_backward_kernel_gives_the_slopes_of_the_oracle(string name)
    {
        var kernel = CpuKernels.Backward.Entries.Single(entry => entry.ToString() == name);
        var preferring = new KernelTable(CpuKernels.Backend, CpuKernels.Backward.Block, [kernel, .. CpuKernels.Backward.Entries]);
        int ran = 0;
        foreach (var layerCase in LayerCases.All.Where(layerCase => kernel.Layer.IsInstanceOfType(layerCase.Layer)))
        {
            using var run = new LayerRun(layerCase);
            using var training = new TrainingNetwork(run.Graph, new WeightedSum(), OptionsFor(layerCase, preferring));
            using var weights = new Tensor(run.Expected.Shape, Random(run.Expected.Values.Length));
            try
            {
                training.Backpropagate(run.Inputs, weights);
            }
            catch (NotSupportedException) when (kernel.Condition != null)
            {
                continue;
            }

            if (kernel is not AliasKernel && training.LastPlan.Steps.All(step => step.Kernel != kernel))
                continue;
            Check(layerCase, run, training, weights);
            ran++;
        }

        Assert.True(ran > 0, $"No case runs {name}: add one to the layer's cases.");
    }

    [Fact]
    public void A_kernel_s_name_is_its_own() =>
        Assert.Equal(CpuKernels.Backward.Entries.Count, CpuKernels.Backward.Entries.Select(kernel => kernel.ToString()).Distinct().Count());

    /// <summary>What runs as at inference is frozen. A target of a loss has no gradient.</summary>
    private static TrainingOptions OptionsFor(LayerCase layerCase, KernelTable backward) => new()
    {
        Threads = 2,
        Sharing = SharingRule.Finest,
        Seed = layerCase.Mode.Seed,
        Backward = backward,
        Frozen = !layerCase.Mode.IsTraining && layerCase.Layer is BatchNorm2d or Dropout ? ["layer"] : [],
        InputGradients = [.. Enumerable.Range(0, layerCase.Layer is Loss ? 1 : layerCase.Inputs.Length).Select(i => $"x{i}")],
    };

    private static void Check(LayerCase layerCase, LayerRun run, TrainingNetwork training, Tensor weights)
    {
        DoubleTensor[] inputs = [.. run.Inputs.Select(DoubleTensor.Of)], parameters = [.. run.Graph["layer"].Parameters.Select(parameter => DoubleTensor.Of(parameter.Tensor))];
        double Value() => layerCase.Oracle!(inputs, parameters).Values.Select((y, k) => y * weights.Span[k]).Sum();
        // A sum that is infinite or NaN has no slopes.
        if (!double.IsFinite(Value()))
            return;
        for (int i = 0; i < inputs.Length && !(layerCase.Layer is Loss && i == 1); i++)
        {
            using var gradient = training.InputGradient($"x{i}");
            CheckSlopes($"{layerCase.Id}, input {i}", inputs[i], gradient, Value);
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            string name = $"layer.{layerCase.Layer.Parameters[i].Name}";
            if (training.Parameters.All(parameter => parameter.Name != name))
                continue;
            using var gradient = training.Gradient(name);
            CheckSlopes($"{layerCase.Id}, {name}", parameters[i], gradient, Value);
        }
    }

    private static void CheckSlopes(string what, DoubleTensor along, Tensor gradient, Func<double> value)
    {
        Assert.Equal(along.Shape, gradient.Shape);
        double here = value(), error = 0, power = 0;
        int compared = 0;
        foreach (int i in Chosen(along.Values.Length))
        {
            double at = along[i];
            along[i] = at + Step;
            double right = (value() - here) / Step;
            along[i] = at - Step;
            double left = (here - value()) / Step;
            along[i] = at;
            // Where the slopes on both sides differ there is a kink, such as ReLU's at 0, and no slope to compare with.
            if (Math.Abs(right - left) > 0.01 * (1 + Math.Abs(right)))
                continue;
            double slope = (right + left) / 2;
            error += (gradient.Span[i] - slope) * (gradient.Span[i] - slope);
            power += slope * slope;
            compared++;
        }

        Assert.True(compared > 0, $"{what}: every element lies at a kink.");
        Assert.True(Math.Sqrt(error) <= Tolerance * Math.Sqrt(power) + 1e-6, $"{what}: the gradient differs by {Math.Sqrt(error)} from slopes of {Math.Sqrt(power)}, over {compared} elements.");
    }

    private static IEnumerable<int> Chosen(int count)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        new Random(11).Shuffle(all);
        return all.Take(MostElements);
    }

    private static float[] Random(int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
