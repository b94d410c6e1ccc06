using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Graphs;

public class MemoryPlanTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_value_is_overwritten_before_its_last_reader_in_random_graphs(int seed)
    {
        using var graph = RandomGraph(seed);
        foreach (var kernels in new[] { CpuKernels.Table, GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, GlLimits.Guaranteed)) })
        {
            foreach (bool keepAll in new[] { false, true })
            {
                var plan = Plan.Build(graph, [], new PlanOptions(kernels, BlockedInputs: seed % 3 == 0, PlainOutputs: seed % 2 == 0, KeepAll: keepAll));
                AssertValuesSurvive(plan, kernels.Block, keepAll);
                Assert.InRange(plan.ArenaBytes, 1, plan.NaiveBytes);
            }
        }
    }

    [Theory]
    [InlineData("squeezenet1.1")]
    [InlineData("googlenet")]
    [InlineData("shufflenetv2")]
    [InlineData("mobilenetv3-small")]
    public void Models_at_several_sizes_and_batches_need_less_than_the_sum_and_no_less_than_the_fullest_moment(string name)
    {
        using var graph = ModelCatalog.Create(name, new ModelOptions { InputSize = 96, Classes = 10 });
        using var optimized = PassCase.Optimize(graph);
        foreach (var shape in new[] { new Shape(1, 3, 96, 96), new Shape(3, 3, 65, 127), new Shape(2, 3, 224, 160) })
        {
            var plan = Plan.Build(optimized, [shape], new PlanOptions(GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, GlLimits.Guaranteed))));
            AssertValuesSurvive(plan, 4, keepAll: false);
            Assert.True(plan.ArenaBytes < 0.4 * plan.NaiveBytes, $"{name} at {shape}: {plan.ArenaBytes} of {plan.NaiveBytes}");
            long fullest = plan.Steps.Max(step => step.Values.Select(value => value.Root).Distinct().Sum(value => value.Info.Bytes(4)));
            Assert.True(plan.ArenaBytes >= fullest);
        }
    }

    /// <summary>Forward, loss and backward steps in one list: gradients, saved values and sums among them, which hold to the next run where someone reads them.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_value_of_a_training_plan_is_overwritten_before_its_last_reader(int seed)
    {
        using var graph = RandomTrainedGraph(seed);
        using var unfused = PassCase.Optimize(graph, RunMode.Training());
        var goal = TrainingGoal.Of(graph, CpuKernels.Backward, frozen: seed % 4 == 0 ? ["Linear1"] : [], inputGradients: seed % 3 == 0 ? ["input"] : []);
        foreach (bool isShared in new[] { false, true })
        {
            var plan = Plan.Build(unfused, [], new PlanOptions(CpuKernels.Table) { Mode = RunMode.Training(), Goal = goal, IsShared = isShared });
            AssertValuesSurvive(plan, 16, keepAll: false);
            Assert.Contains(plan.Steps, step => step.Kernel.Gradient != null);
            Assert.Equal(goal.Parameters, plan.Gradients!.Parameters.Keys.ToHashSet());
            Assert.Equal(goal.InputGradients.Count, plan.Gradients.Inputs.Count);
            Assert.InRange(plan.ArenaBytes, plan.Held.Sum(value => value.Info.Bytes(16)), plan.NaiveBytes);
        }
    }

    [Theory]
    [InlineData(32, 1, true)]
    [InlineData(32, 2, false)]
    [InlineData(256, 2, true)] // more than the caches hold
    public void Threads_that_share_a_small_step_of_training_write_over_nothing(int batch, int threads, bool reuses)
    {
        using var graph = LeNet5.Create(new ModelOptions { Batch = batch });
        using var training = new TrainingNetwork(graph, new SoftmaxCrossEntropy(), new TrainingOptions { Threads = threads });
        using Tensor samples = new(graph.InputShapes[0]), labels = new(new Shape(batch));
        training.Backpropagate(samples, labels);
        Assert.Equal(reuses, training.ActivationBytes.Planned < training.ActivationBytes.Naive);
    }

    /// <summary>
    /// Walks the plan as an executor would and remembers who wrote each byte last: whoever reads a value must find all of it.
    /// </summary>
    private static void AssertValuesSurvive(Plan plan, int block, bool keepAll)
    {
        int[] writer = new int[plan.ArenaBytes];
        var numbers = new Dictionary<PlanValue, int>();
        var written = plan.Prologue.Concat(plan.Steps).SelectMany(step => step.Outputs).ToHashSet();
        var parts = written.Where(value => value.Origin != null).ToLookup(value => value.Origin!);
        int NumberOf(PlanValue value) => numbers.TryGetValue(value, out int number) ? number : numbers[value] = numbers.Count + 1;
        Span<int> Places(PlanValue value) => writer.AsSpan((int)value.ByteOffset, (int)value.Info.Bytes(block));
        void Write(PlanValue value) => Places(value).Fill(NumberOf(value));
        void Verify(PlanValue value, string when)
        {
            Assert.Equal(value.Root.ByteOffset + value.BytesFromRoot, value.ByteOffset);
            // Who wrote a value: its own step, those of the values that have their places in it, or that of the value it is a part of.
            var (content, from) = (value, 0L);
            for (; !written.Contains(content) && !parts[content].Any() && content.Origin != null; content = content.Origin)
                from += content.BytesFromOrigin;
            int[] expected = new int[content.Info.Bytes(block)];
            expected.AsSpan().Fill(NumberOf(content));
            foreach (var part in parts[content])
                expected.AsSpan((int)part.BytesFromOrigin, (int)part.Info.Bytes(block)).Fill(NumberOf(part));
            Assert.True(!parts[content].Any() || !expected.Contains(NumberOf(content)), $"Nobody writes all of {content.Info}.");
            int lost = Places(value).CommonPrefixLength(expected.AsSpan((int)from, (int)value.Info.Bytes(block)));
            Assert.True(lost == value.Info.Bytes(block), $"Byte {lost} of {value.Info} at {value.ByteOffset} was overwritten {when}");
        }

        void Run(PlanStep step)
        {
            foreach (var input in step.Inputs)
                Verify(input, $"before {step.Node} read it");
            foreach (var scratch in step.Scratch)
                Write(scratch);
            foreach (var output in step.Outputs)
                Write(output);
            // A kernel reads while it writes: only where it says so does its output replace an input.
            foreach (var input in step.Inputs.Where(input => step.Outputs[0].Replaces == null || input.Root != step.Outputs[0].Root))
                Verify(input, $"while {step.Node} read it");
        }

        foreach (var step in plan.Prologue)
            Run(step);
        for (int run = 0; run < 2; run++)
        {
            foreach (var input in plan.Inputs)
                Write(input);
            foreach (var step in plan.Steps)
                Run(step);
            foreach (var output in keepAll ? plan.Values.Values.Concat(plan.Held) : plan.Held)
                Verify(output, "at the end of a run");
        }
    }

    /// <summary>Up to 25 layers that can be trained, each behind values drawn at random, and a loss.</summary>
    private static Graph RandomTrainedGraph(int seed)
    {
        var random = new Random(seed);
        var builder = new GraphBuilder(seed);
        var values = new List<SymbolicTensor> { builder.Start(new Shape(5, 11)).Linear(20) };
        int layers = 3 + random.Next(22);
        for (int i = 0; i < layers; i++)
        {
            var x = values[Math.Max(0, values.Count - 1 - random.Next(4))];
            values.Add(random.Next(7) switch
            {
                0 => x.Linear(20),
                1 => x.Relu(),
                2 => x.Add(values[random.Next(values.Count)]),
                3 => x.BatchNorm2d(),
                4 => x.Then(new Dropout()).Tanh(),
                5 => x.Then(new Reshape(5, 20, 1, 1)).BatchNorm2d().Flatten(),
                _ => x.Then(new Linear(20, 20) { Activation = Activation.Sigmoid }),
            });
        }

        var labels = builder.Input("labels", new Shape(5));
        var loss = builder.Add(new SoftmaxCrossEntropy(), [values[^1], labels]);
        return builder.Build(loss, values[random.Next(values.Count)]);
    }

    /// <summary>Up to 25 layers, each behind values drawn at random: branches, joins, aliases, constants, unread inputs, several outputs.</summary>
    private static Graph RandomGraph(int seed)
    {
        var random = new Random(seed);
        var builder = new GraphBuilder(seed);
        var values = new List<SymbolicTensor> { builder.Start(new Shape(1 + (seed % 3), 1 + random.Next(20), 9, 7)) };
        builder.Input("unread", new Shape(1, 5, 3, 3));
        int layers = 3 + random.Next(22);
        for (int i = 0; i < layers; i++)
        {
            var x = values[Math.Max(0, values.Count - 1 - random.Next(4))];
            if (x.Shape.Rank != 4)
                continue;
            values.Add(random.Next(12) switch
            {
                0 => x.Conv2d(1 + random.Next(40), 3, padding: 1),
                1 => x.DepthwiseConv2d(3, padding: 1),
                2 => x.Concat([values.Where(y => y.Shape.Rank == 4).MaxBy(_ => random.Next())]),
                3 => x.Relu().Add(x),
                4 => x.MaxPool2d(3, stride: 1, padding: 1),
                5 => x.Then(new Dropout()).Tanh(),
                6 => x.Multiply(x.GlobalAveragePool()),
                7 => x.Flatten().Linear(7),
                8 => x.SliceChannels(x.Channels / 3, Math.Max(x.Channels / 2, 1)),
                9 => x.Then(new ChannelShuffle(x.Channels % 2 == 0 ? 2 : 1)),
                10 => x.Conv2d(16 * (1 + random.Next(3)), 1).Concat([x.Conv2d(16, 1), x]),
                _ => x.Then(new Identity()).Softmax(),
            });
        }

        Node constant = builder.Add(new Constant(new Shape(3)), [], [new Tensor(new Shape(3), [1, 2, 3])]);
        Node[] outputs = [values[^1], values[random.Next(values.Count)], builder.Add(new Exp(), constant), .. values.Where(value => value.Shape.Rank == 2).Select(value => value.Node)];
        return builder.Build([.. outputs.Distinct()]);
    }
}
