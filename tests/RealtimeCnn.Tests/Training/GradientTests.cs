using System.Text.RegularExpressions;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>Each backward kernel over all cases of its layer, against the slopes of the case's oracle.</summary>
public sealed class GradientTests
{
    // Slopes are sums like the values themselves, of products of two roundings each.
    private const double Tolerance = 3e-5;

    /// <summary>Layers through which no gradient passes, although it could: who asks for it is told their names.</summary>
    private static readonly string[] NotTrained = ["Einsum", "InputNormalization", "MaxPool2d"];

    public static TheoryData<string> Names => [.. CpuKernels.Backward.Entries.Select(kernel => kernel.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_backward_kernel_gives_the_slopes_of_the_oracle(string name)
    {
        var kernel = CpuKernels.Backward.Entries.Single(entry => entry.ToString() == name);
        var preferring = new KernelTable(CpuKernels.Backend, CpuKernels.Backward.Block, [kernel, .. CpuKernels.Backward.Entries]);
        var problems = new List<string>();
        int ran = 0;
        foreach (var layerCase in LayerCases.All.Where(layerCase => kernel.Layer.IsInstanceOfType(layerCase.Layer) && IsDifferentiable(layerCase)))
        {
            using var run = new LayerRun(layerCase);
            using var training = new TrainingNetwork(run.Graph, new WeightedSum(), OptionsFor(layerCase, preferring));
            using var alone = new TrainingNetwork(run.Graph, new WeightedSum(), OptionsFor(layerCase, preferring) with { Threads = 1, Sharing = SharingRule.Machine });
            var slopes = OracleSlopes.Of(layerCase, run);
            using var weights = new Tensor(run.Expected.Shape, slopes.Weights);
            try
            {
                training.Backpropagate(run.Inputs, weights);
                alone.Backpropagate(run.Inputs, weights);
            }
            catch (NotSupportedException) when (kernel.Condition != null)
            {
                continue;
            }

            if (kernel is not AliasKernel && training.LastPlan.Steps.All(step => step.Kernel != kernel))
                continue;
            if (!Gradients(training).SequenceEqual(Gradients(alone)))
                problems.Add($"{layerCase.Id}: one thread gives other bits than two.");
            var (compared, differences) = Compare(layerCase, training, slopes);
            bool isEqual = compared > 0 && differences.Count == 0;
            if (isEqual == (layerCase.WithoutSlopes != null))
                problems.AddRange([.. differences, $"{layerCase.Id}: {compared} slopes were compared; cases without slopes say why ({nameof(LayerCase.WithoutSlopes)}), and no others."]);
            ran += isEqual ? 1 : 0;
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
        Assert.True(ran > 0, $"No case runs {name}: add one to the layer's cases.");
    }

    [Fact]
    public void A_kernel_s_name_is_its_own() =>
        Assert.Equal(CpuKernels.Backward.Entries.Count, CpuKernels.Backward.Entries.Select(kernel => kernel.ToString()).Distinct().Count());

    [Fact]
    public void Of_equal_extremes_one_gets_the_gradient()
    {
        (Layer Layer, Shape Input)[] reductions = [(new Reduce(ReduceFunction.Max, 1), new Shape(1, 6, 4, 4)), (new Reduce(ReduceFunction.Min, 2, 3), new Shape(1, 6, 4, 4))];
        var others = LayerCases.All
            .Where(layerCase => layerCase.Layer.GetType().Name.Contains("Max", StringComparison.Ordinal) && layerCase is { Inputs.Length: 1, WithoutSlopes: null } && IsDifferentiable(layerCase) && layerCase.Layer.InferShapes(layerCase.Inputs).Length == 1)
            .Select(layerCase => (layerCase.Layer, layerCase.Inputs[0]));
        foreach (var (layer, shape) in reductions.Concat(others))
        {
            var builder = new GraphBuilder();
            using var graph = builder.Build(builder.Add(layer, builder.Input("x", shape)));
            using var input = new Tensor(shape);
            using var weights = new Tensor(graph.InferShapes()[graph.Outputs[0]]);
            weights.Span.Fill(1);
            using var training = new TrainingNetwork(graph, new WeightedSum(), new TrainingOptions { InputGradients = ["x"] });
            training.Backpropagate(input, weights);
            using var gradient = training.InputGradient("x");
            Assert.All(gradient.Span.ToArray(), value => Assert.Equal(MathF.Round(value), value));
            Assert.True(weights.Shape.Count == gradient.Span.ToArray().Sum(), $"{layer} of {shape} gives {gradient.Span.ToArray().Sum()} of {weights.Shape.Count}.");
        }
    }

    [Fact]
    public void A_layer_that_cannot_be_trained_is_named()
    {
        var refused = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var layerCase in LayerCases.All.Where(layerCase => IsDifferentiable(layerCase) && layerCase.Layer.GetType().IsPublic))
        {
            using var run = new LayerRun(layerCase);
            using var training = new TrainingNetwork(run.Graph, new WeightedSum(), OptionsFor(layerCase, CpuKernels.Backward));
            using var weights = new Tensor(run.Graph.InferShapes()[run.Graph.Outputs[0]]);
            try
            {
                training.Backpropagate(run.Inputs, weights);
            }
            catch (NotSupportedException problem)
            {
                // A pass may have made several layers of it, which keep its name in theirs.
                var found = Regex.Match(problem.Message, $"^(\\w+) '{LayerRun.LayerName}\\S*' cannot be trained: ");
                Assert.True(found.Success, problem.Message);
                refused.Add(found.Groups[1].Value);
            }
        }

        Assert.Equal(string.Join(", ", NotTrained), string.Join(", ", refused));
    }

    /// <summary>A step of training of one case's layer, where it can be trained.</summary>
    internal static void MakeStep(string id)
    {
        var layerCase = LayerCases.All.Single(one => one.Id == id);
        if (!IsDifferentiable(layerCase))
            return;
        using var run = new LayerRun(layerCase);
        using var training = new TrainingNetwork(run.Graph, new WeightedSum(), OptionsFor(layerCase, CpuKernels.Backward));
        using var weights = Noise.Of(run.Graph.InferShapes()[run.Graph.Outputs[0]]);
        try
        {
            training.Backpropagate(run.Inputs, weights);
        }
        catch (NotSupportedException problem) when (problem.Message.Contains("cannot be trained", StringComparison.Ordinal))
        {
            // Which those are has a test of its own.
        }
    }

    private static bool IsDifferentiable(LayerCase layerCase) => Enumerable.Range(0, layerCase.Inputs.Length).Any(layerCase.Layer.HasSlopes);

    /// <summary>The bits of all of them.</summary>
    private static IEnumerable<int> Gradients(TrainingNetwork training)
    {
        var inputs = training.LastPlan.Gradients!.Inputs.Keys.SelectMany(input =>
        {
            using var gradient = training.InputGradient(input.Name);
            return gradient.Span.ToArray();
        });
        return training.Parameters.SelectMany(parameter => parameter.Gradient.ToArray()).Concat(inputs).Select(BitConverter.SingleToInt32Bits);
    }

    private static (int Compared, List<string> Differences) Compare(LayerCase layerCase, TrainingNetwork training, OracleSlopes slopes)
    {
        int compared = 0;
        var differences = new List<string>();
        for (int i = 0; i < layerCase.Inputs.Length + layerCase.Layer.Parameters.Count; i++)
        {
            string name = i < layerCase.Inputs.Length ? $"x{i}" : $"{LayerRun.LayerName}.{layerCase.Layer.Parameters[i - layerCase.Inputs.Length].Name}";
            bool isGiven = i < layerCase.Inputs.Length ? layerCase.Layer.HasSlopes(i) : training.Parameters.Any(parameter => parameter.Name == name);
            if (!isGiven)
                continue;
            using var gradient = i < layerCase.Inputs.Length ? training.InputGradient(name) : training.Gradient(name);
            var (difference, count) = slopes.Compare(i, gradient, Tolerance);
            compared += count;
            if (difference != null)
                differences.Add($"{layerCase.Id}, {name}: {difference}.");
        }

        return (compared, differences);
    }

    /// <summary>What runs as at inference is frozen.</summary>
    private static TrainingOptions OptionsFor(LayerCase layerCase, KernelTable backward) => new()
    {
        Threads = 2,
        Sharing = SharingRule.Finest,
        Seed = layerCase.Mode.Seed,
        Backward = backward,
        Frozen = !layerCase.Mode.IsTraining && layerCase.Layer is BatchNorm2d or Dropout ? [LayerRun.LayerName] : [],
        InputGradients = [.. Enumerable.Range(0, layerCase.Inputs.Length).Where(layerCase.Layer.HasSlopes).Select(i => $"x{i}")],
    };
}
