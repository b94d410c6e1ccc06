using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>What training promises beyond the single layer: which gradients there are, what chance and statistics do, what is refused.</summary>
public sealed unsafe class TrainingNetworkTests
{
    private static CancellationTokenSource? _source;
    private static readonly Shape Batch = new(6, 5);

    [Fact]
    public void Gradients_that_come_together_are_summed()
    {
        using var once = Gradient(x => x.Linear(3, name: "linear"));
        using var twice = Gradient(x =>
        {
            var y = x.Linear(3, name: "linear");
            return y.Add(y);
        });
        using var thrice = Gradient(x =>
        {
            var y = x.Linear(3, name: "linear");
            return y.Add(y.Then(new Identity())).Add(y);
        });
        Assert.Contains(once.Span.ToArray(), value => value != 0);
        Assert.Equal(once.Span.ToArray().Select(value => 2 * value), twice.Span.ToArray());
        // The terms are summed before they meet the inputs, so that rounding differs.
        Assert.All(once.Span.ToArray().Zip(thrice.Span.ToArray()), pair => Assert.Equal(3 * pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void All_gradients_together_are_the_slope_of_the_loss_along_any_direction()
    {
        using var graph = Graph(x =>
        {
            // No ReLU: a direction would cross its kinks.
            var hidden = x.Linear(16).BatchNorm2d().Tanh();
            var parts = hidden.Then(new Linear(16, 16) { Activation = Activation.Sigmoid }).Dropout(0.3f).Add(hidden).Split(1, [4, 8, 4]);
            return parts[1].Tanh().Linear(4).Add(parts[2]).Then(new Reshape(6, 2, 2)).Flatten();
        });
        using var input = Noise.Of(Batch, 1);
        using var labels = new Tensor(new Shape(6), [0, 1, 2, 3, 0, 1]);
        using var training = new TrainingNetwork(graph, new SoftmaxCrossEntropy(), new TrainingOptions { Seed = 3 });
        float[][] start = [.. training.Parameters.Select(parameter => parameter.Parameter.Values.ToArray())];
        var random = new Random(8);
        for (int direction = 0; direction < 5; direction++)
        {
            float[][] along = [.. start.Select(values => values.Select(_ => (random.NextSingle() * 2) - 1).ToArray())];
            LossAt(0, along);
            double slope = training.Parameters.Select((parameter, p) => parameter.Gradient.ToArray().Zip(along[p], (g, d) => (double)g * d).Sum()).Sum();
            // Far enough for float32, near enough for the curve.
            const float Far = 2e-3f;
            Assert.Equal((LossAt(Far, along) - LossAt(-Far, along)) / (2 * Far), slope, 0.002 * Math.Max(1, Math.Abs(slope)));
        }

        double LossAt(float distance, float[][] along)
        {
            for (int p = 0; p < start.Length; p++)
                training.Parameters[p].Parameter.Write([.. start[p].Zip(along[p], (value, d) => value + (distance * d))]);
            // The same step drops the same elements.
            training.Steps = 0;
            return training.Backpropagate(input, labels);
        }
    }

    [Fact]
    public void A_parameter_that_two_nodes_share_has_the_sum_of_both_gradients()
    {
        var builder = new GraphBuilder(2);
        var x = builder.Input("x", Batch);
        var first = builder.Add(new Linear(5, 5) { HasBias = false }, x, name: "first");
        var second = builder.Add(new Linear(5, 5) { HasBias = false }, first, [first.Parameters[0].Tensor], "second");
        using var shared = builder.Build(second);
        var apart = new GraphBuilder(2);
        var y = apart.Input("x", Batch);
        var one = apart.Add(new Linear(5, 5) { HasBias = false }, y, [first.Parameters[0].Tensor.Clone()], "first");
        using var copies = apart.Build(apart.Add(new Linear(5, 5) { HasBias = false }, one, [first.Parameters[0].Tensor.Clone()], "second"));

        using var input = Noise.Of(Batch, 1);
        using var target = Noise.Of(Batch, 2);
        using var together = new TrainingNetwork(shared, new WeightedSum());
        using var separate = new TrainingNetwork(copies, new WeightedSum());
        together.Backpropagate(input, target);
        separate.Backpropagate(input, target);
        Assert.Equal(["first.weight"], together.Parameters.Select(parameter => parameter.Name));
        using var sum = together.Gradient("first.weight");
        using var a = separate.Gradient("first.weight");
        using var b = separate.Gradient("second.weight");
        // The sum's terms arrive from the last node to the first.
        Assert.Equal(b.Span.ToArray().Zip(a.Span.ToArray(), (p, q) => p + q), sum.Span.ToArray());
    }

    [Fact]
    public void The_gradient_of_softmax_with_cross_entropy_is_p_minus_y()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Identity(), builder.Input("x", new Shape(1, 4)), name: "logits"));
        using var training = new TrainingNetwork(graph, new SoftmaxCrossEntropy(), new TrainingOptions { InputGradients = ["x"] });
        using var logits = new Tensor(new Shape(1, 4));
        using var label = new Tensor(new Shape(1), [2]);
        Assert.Equal(Math.Log(4), training.Backpropagate(logits, label), 1e-6);
        using var gradient = training.InputGradient("x");
        Assert.Equal([0.25f, 0.25f, -0.75f, 0.25f], gradient.Span.ToArray());
    }

    private static InputNormalization Measured => new(5, InputScale.StandardDeviation) { IsMeasured = true };

    [Fact]
    public void What_the_loss_depends_on_by_steps_alone_is_named()
    {
        using var graph = Graph(x => x.Linear(5, name: "scores").Then(new ArgMax(1), "label"));
        using var input = Noise.Of(Batch, 1);
        using var target = new Tensor(graph.InferShapes()[graph.Outputs[0]]);
        using var training = new TrainingNetwork(graph, new WeightedSum());
        var error = Assert.Throws<NotSupportedException>(() => training.Backpropagate(input, target));
        Assert.Contains("Linear 'scores' cannot be trained: the loss depends on it only through ArgMax 'label'", error.Message, StringComparison.Ordinal);
        using var frozen = new TrainingNetwork(graph, new WeightedSum(), new TrainingOptions { Frozen = ["scores"] });
        Assert.True(float.IsFinite(frozen.Backpropagate(input, target)));
    }

    [Fact]
    public void A_layer_that_cannot_be_trained_is_named_where_a_gradient_has_to_pass_it()
    {
        using var passed = Graph(x => x.Linear(5).Then(Measured, "measured"));
        using var input = Noise.Of(Batch, 1);
        using var target = Noise.Of(Batch, 2);
        using var training = new TrainingNetwork(passed, new WeightedSum());
        var error = Assert.Throws<NotSupportedException>(() => training.Backpropagate(input, target));
        Assert.Contains("InputNormalization 'measured' cannot be trained: there is no backward kernel", error.Message, StringComparison.Ordinal);

        using var before = Graph(x => x.Then(Measured with { Channels = Batch.Channels }, "measured").Linear(5));
        using var trained = new TrainingNetwork(before, new WeightedSum());
        Assert.True(float.IsFinite(trained.Backpropagate(input, target)));

        using var frozen = new TrainingNetwork(passed, new WeightedSum(), new TrainingOptions { Frozen = ["Linear1"] });
        Assert.True(float.IsFinite(frozen.Backpropagate(input, target)));
        Assert.Empty(frozen.Parameters);
    }

    [Fact]
    public void A_constant_s_value_is_no_parameter_and_what_the_loss_does_not_see_has_a_gradient_of_zeros()
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(Batch, "x");
        var constant = builder.Add(new Constant(Batch), [], [Noise.Of(Batch, 3)]);
        var seen = builder.Add(new Add(), [x.Linear(5, name: "seen"), constant]);
        using var graph = builder.Build(seen, x.Linear(2, name: "unseen"));
        using var training = new TrainingNetwork(graph, new WeightedSum());
        using var input = Noise.Of(Batch, 1);
        using var target = Noise.Of(Batch, 2);
        training.Backpropagate(input, target);
        Assert.Equal(["seen.weight", "seen.bias", "unseen.weight", "unseen.bias"], training.Parameters.Select(parameter => parameter.Name));
        using var gradient = training.Gradient("unseen.weight");
        Assert.All(gradient.Span.ToArray(), value => Assert.Equal(0, value));
        using var other = training.Gradient("seen.weight");
        Assert.DoesNotContain(0, other.Span.ToArray());
    }

    [Fact]
    public void Running_statistics_move_towards_those_of_the_batch_and_stay_where_they_are_frozen()
    {
        using var graph = Graph(x => x.BatchNorm2d(momentum: 0.25f, name: "norm"));
        using var input = Noise.Of(Batch, 1);
        using var target = Noise.Of(Batch, 2);
        Parameter mean = graph["norm"].Parameters[2], variance = graph["norm"].Parameters[3];
        mean.Write([2, 0, 0, 0, 0]);
        variance.Write([3, 1, 1, 1, 1]);
        using (var frozen = new TrainingNetwork(graph, new WeightedSum(), new TrainingOptions { Frozen = ["norm"] }))
            frozen.Backpropagate(input, target);
        Assert.Equal((2, 3), (mean.Values[0], variance.Values[0]));

        using var training = new TrainingNetwork(graph, new WeightedSum());
        training.Backpropagate(input, target);
        double[] column = [.. Enumerable.Range(0, 6).Select(n => (double)input.Span[n * 5])];
        Assert.Equal((0.75 * 2) + (0.25 * column.Average()), mean.Values[0], 1e-6);
        Assert.Equal((0.75 * 3) + (0.25 * column.Sum(value => Math.Pow(value - column.Average(), 2)) / 5), variance.Values[0], 1e-6);
        Assert.Equal(["norm.scale", "norm.bias"], training.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void Dropout_drops_the_same_elements_forward_and_backward_others_in_each_step_and_repeats_by_seed_and_number()
    {
        using var graph = Graph(x => x.Dropout(0.5f));
        using var input = new Tensor(Batch);
        input.Span.Fill(1);
        using var ones = input.Clone();
        using var training = new TrainingNetwork(graph, new WeightedSum(), new TrainingOptions { Seed = 4, InputGradients = ["x"] });
        float[] Step(TrainingNetwork network)
        {
            network.Backpropagate(input, ones);
            using var gradient = network.InputGradient("x");
            Assert.Equal(network.Outputs[0].Span.ToArray(), gradient.Span.ToArray());
            return gradient.Span.ToArray();
        }

        float[] first = Step(training), second = Step(training);
        Assert.Contains(0, first);
        Assert.Contains(2, first);
        Assert.NotEqual(first, second);
        using var again = new TrainingNetwork(graph, new WeightedSum(), new TrainingOptions { Seed = 4, InputGradients = ["x"] }) { Steps = 1 };
        Assert.Equal(second, Step(again));
        Assert.Equal(2, again.Steps);
        using var other = new TrainingNetwork(graph, new WeightedSum(), new TrainingOptions { Seed = 5, InputGradients = ["x"] });
        Assert.NotEqual(first, Step(other));
    }

    [Fact]
    public void Batches_may_change_their_size_and_every_step_uses_the_parameters_as_they_are()
    {
        using var graph = Graph(x => x.Linear(1, bias: false, name: "linear"));
        using var training = new TrainingNetwork(graph, new WeightedSum());
        var weight = Assert.Single(training.Parameters);
        foreach (int batch in new[] { 6, 2, 6 })
        {
            using var input = Noise.Of(new Shape(batch, 5), batch);
            using var target = new Tensor(new Shape(batch, 1));
            target.Span.Fill(1);
            float loss = training.Backpropagate(input, target);
            double expected = 0;
            for (int i = 0; i < input.Span.Length; i++)
                expected += input.Span[i] * weight.Parameter.Values[i % 5];
            Assert.Equal(expected, loss, 1e-5);
            using var edit = weight.Edit();
            edit.Values[0] += 1;
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(0.5f)]
    [InlineData(float.NaN)]
    public void A_label_that_is_no_class_is_named(float label)
    {
        using var graph = Graph(x => x.Linear(3));
        using var training = new TrainingNetwork(graph, new SoftmaxCrossEntropy());
        using var input = Noise.Of(Batch, 1);
        using var labels = new Tensor(new Shape(6), [0, 1, 2, 0, label, 1]);
        var error = Assert.Throws<ArgumentException>(() => training.Backpropagate(input, labels));
        Assert.Contains("batch item 4", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_an_error_that_says_what_there_is()
    {
        using var graph = Graph(x => x.Linear(3, name: "linear"));
        using var training = new TrainingNetwork(graph, new SoftmaxCrossEntropy());
        Assert.Contains("Backpropagate", Assert.Throws<InvalidOperationException>(() => training.Parameters[0].Gradient.Length).Message, StringComparison.Ordinal);
        Assert.Contains("linear.weight, linear.bias", Assert.Throws<KeyNotFoundException>(() => training.Gradient("linear.wait")).Message, StringComparison.Ordinal);
        Assert.Contains("linear", Assert.Throws<ArgumentException>(() => new TrainingNetwork(graph, new SoftmaxCrossEntropy(), new TrainingOptions { Frozen = ["conv"] })).Message, StringComparison.Ordinal);
        Assert.Contains("PlansKept", Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingNetwork(graph, new SoftmaxCrossEntropy(), new TrainingOptions { PlansKept = 0 })).Message, StringComparison.Ordinal);
        using var pictures = Graph(x => x.Then(new Reshape(6, 5, 1, 1)));
        Assert.Throws<ShapeException>(() => new TrainingNetwork(pictures, new SoftmaxCrossEntropy()));
    }

    [Fact]
    public void A_network_in_training_mode_leaves_the_graph_as_it_is()
    {
        using var graph = Graph(x => x.BatchNorm2d(name: "norm"));
        using var input = Noise.Of(Batch, 1);
        using var network = new CpuNetwork(graph, new NetworkOptions { Mode = RunMode.Training() });
        network.Run(input);
        Assert.All(graph["norm"].Parameters[2].Values.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_step_that_is_cancelled_changes_nothing_and_leaves_no_gradients()
    {
        Func<SymbolicTensor, SymbolicTensor> layers = x => x.Tanh().Linear(3, name: "linear").BatchNorm2d(name: "norm");
        using var graph = Graph(layers);
        using var same = Graph(layers);
        var kernel = CpuKernel.For<Tanh>((_, call) => CpuDispatch.Create(&TanhAndCancel, call.Input.Shape.Count, 1), LayoutRules.Plain, name: "cancelling");
        var table = new KernelTable(CpuKernels.Backend, CpuKernels.Table.Block, [kernel, .. CpuKernels.Table.Entries]);
        using var training = new TrainingNetwork(graph, new WeightedSum(), new TrainingOptions { Threads = 1, Kernels = table });
        using var reference = new TrainingNetwork(same, new WeightedSum(), new TrainingOptions { Threads = 1, Kernels = table });
        using var input = Noise.Of(Batch, 1);
        using var other = Noise.Of(Batch, 3);
        using var target = Noise.Of(new Shape(6, 3), 2);
        training.Backpropagate(input, target);
        reference.Backpropagate(input, target);
        using (_source = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => training.Backpropagate(other, target, _source.Token));
        _source = null;
        Assert.Equal(1, training.Steps);
        Assert.Contains("cancelled", Assert.Throws<InvalidOperationException>(() => training.Gradient("linear.weight")).Message, StringComparison.Ordinal);
        Assert.Equal(reference.Backpropagate(input, target), training.Backpropagate(input, target));
        Assert.Equal(reference.Gradient("linear.weight").Span.ToArray(), training.Gradient("linear.weight").Span.ToArray());
        foreach (var (mine, expected) in graph.Parameters.Zip(same.Parameters))
            Assert.Equal(expected.Values.ToArray(), mine.Values.ToArray());
    }

    private static void TanhAndCancel(CpuArguments* arguments, int from, int to)
    {
        for (int i = 0; i < *(int*)arguments->Constants; i++)
            arguments->Output[i] = MathF.Tanh(arguments->Inputs[0][i]);
        _source?.Cancel();
    }

    [Fact]
    public void A_step_reads_the_batch_where_the_caller_has_it_and_keeps_what_it_gives()
    {
        using var graph = Graph(x => x.Linear(4, name: "linear"));
        using var training = new TrainingNetwork(graph, new WeightedSum());
        using var target = Noise.Of(graph.InferShapes()[graph.Outputs[0]], 2);
        var losses = new List<float>();
        // Batches of several homes, the last ones of which are gone.
        for (int i = 0; i < 6; i++)
        {
            using var input = Noise.Of(Batch, i % 3);
            losses.Add(training.Backpropagate(input, target));
        }

        Assert.Equal(losses[..3], losses[3..]);
        Assert.Equal(3, losses.Distinct().Count());
        Assert.Contains(training.LastPlan.Inputs[0], training.LastPlan.Movable());
        Assert.Empty(training.LastPlan.Outputs.Intersect(training.LastPlan.Movable()));
        float loss = 0;
        foreach (var (output, weight) in training.Outputs[0].Span.ToArray().Zip(target.Span.ToArray()))
            loss += output * weight;
        Assert.Equal(losses[^1], loss, 1e-4f);
    }

    private static Tensor Gradient(Func<SymbolicTensor, SymbolicTensor> layers)
    {
        using var graph = Graph(layers);
        using var training = new TrainingNetwork(graph, new WeightedSum());
        using var input = Noise.Of(Batch, 1);
        using var target = Noise.Of(graph.InferShapes()[graph.Outputs[0]], 2);
        training.Backpropagate(input, target);
        return training.Gradient("linear.weight");
    }

    private static Graph Graph(Func<SymbolicTensor, SymbolicTensor> layers)
    {
        var builder = new GraphBuilder(7);
        return builder.Build(layers(builder.Start(Batch, "x")));
    }
}
