using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>Uses that are mistakes, or that a hostile file asks for.</summary>
public class CpuNetworkUseTests
{
    [Fact]
    public void A_disposed_network_neither_runs_nor_reads()
    {
        using var graph = Negation();
        using var input = new Tensor(new Shape(4));
        var network = new CpuNetwork(graph, new NetworkOptions { KeepAll = true });
        network.Run(input);
        network.Dispose();
        network.Dispose();
        Assert.Contains(nameof(CpuNetwork), Assert.Throws<ObjectDisposedException>(() => network.Run(input)).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => network.Read("n0"));
    }

    [Fact]
    public async Task A_run_beside_another_on_the_same_network_is_an_error_that_says_what_to_do()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Gate(), builder.Input("x", new Shape(1))));
        using var input = new Tensor(new Shape(1));
        var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        var other = Task.Run(() => network.Run(input));
        Gate.Entered.Wait();
        Assert.Contains("network of its own", Assert.Throws<InvalidOperationException>(() => network.Run(input)).Message, StringComparison.Ordinal);
        // Disposal waits for the run, whose memory it frees.
        var disposal = Task.Run(network.Dispose);
        Assert.False(disposal.IsCompleted);
        Gate.Release.Set();
        await other;
        await disposal;
        Assert.Throws<ObjectDisposedException>(() => network.Run(input));
    }

    /// <summary>Steps read inputs where they lie and write outputs where they are read: what a run gives must not depend on who owns which memory.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Outputs_may_be_the_next_inputs_and_inputs_may_change_their_place(bool keepAll)
    {
        var builder = new GraphBuilder();
        var (x, y) = (builder.Input("x", new Shape(21)), builder.Input("y", new Shape(21)));
        // The first output is written before the last step reads x; others are an input, and the same value twice.
        var sum = builder.Add(new Add(), [x, y]);
        var other = builder.Add(new Add(), [x, sum]);
        using var graph = builder.Build([sum, other, x, other, builder.Add(new Identity(), y)]);
        using var network = new CpuNetwork(graph, new NetworkOptions { KeepAll = keepAll, Optimize = false });
        using Tensor a = Noise.Of(new Shape(21)), b = a.Clone();
        var given = network.Run(a, b);
        for (int run = 0; run < 4; run++)
        {
            Tensor first = run == 2 ? a : given[run % 2], second = run == 1 ? first : given[1 - (run % 2)];
            float[] left = first.Span.ToArray(), right = second.Span.ToArray();
            given = network.Run(first, second);
            float[] sums = [.. left.Zip(right, (l, r) => l + r)], others = [.. left.Zip(sums, (l, s) => l + s)];
            Assert.Equal([sums, others, left, others, right], given.Select(output => output.Span.ToArray()));
        }
    }

    [Fact]
    public void An_input_that_is_an_output_of_the_last_run_is_read_before_it_is_overwritten()
    {
        var builder = new GraphBuilder();
        var (x, y) = (builder.Input("x", new Shape(21)), builder.Input("y", new Shape(21)));
        var sum = builder.Add(new Add(), [x, y]);
        using var graph = builder.Build([sum, builder.Add(new Add(), [x, sum])]);
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1, Optimize = false });
        using Tensor a = Noise.Of(new Shape(21)), b = a.Clone();
        var given = network.Run(a, b);
        float[] left = given[0].Span.ToArray(), right = given[1].Span.ToArray(), sums = [.. left.Zip(right, (l, r) => l + r)];
        given = network.Run(given[0], given[1]);
        Assert.Equal(sums, given[0].Span.ToArray());
        Assert.Equal(left.Zip(sums, (l, s) => l + s), given[1].Span.ToArray());
    }

    [Fact]
    public void Hundreds_of_thousands_of_inputs_fit_no_stack_and_run()
    {
        const int Inputs = 300_000;
        var builder = new GraphBuilder();
        Node[] inputs = [.. Enumerable.Range(0, Inputs).Select(i => builder.Input($"x{i}", new Shape(1)))];
        using var graph = builder.Build(builder.Add(new Neg(), inputs[^1], []));
        using var one = new Tensor(new Shape(1), [2]);
        Tensor[] values = [.. Enumerable.Repeat(one, Inputs)];
        float result = 0;
        var thread = new Thread(
            () =>
            {
                using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1, Optimize = false });
                result = network.Run(values)[0].Span[0];
            },
            maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();
        Assert.Equal(-2, result);
    }

    [Fact]
    public void Response_normalisation_over_a_million_channels_fits_a_small_stack()
    {
        const int Channels = 1_000_000;
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Lrn(3) { Alpha = 3, Beta = 1 }, builder.Input("x", new Shape(1, Channels, 1, 1))));
        using var input = new Tensor(new Shape(1, Channels, 1, 1));
        input.Span[^1] = 2;
        float last = 0;
        var thread = new Thread(
            () =>
            {
                using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
                last = network.Run(input)[0].Span[^1];
            },
            maxStackSize: 256 << 10);
        thread.Start();
        thread.Join();
        Assert.Equal(2 / 5f, last, 1e-5f);
    }

    private static Graph Negation()
    {
        var builder = new GraphBuilder();
        return builder.Build(builder.Add(new Neg(), builder.Input("x", new Shape(4)), [], "n0"));
    }

    /// <summary>A layer whose kernel waits until a test lets it go.</summary>
    private sealed record Gate : Layer, ICustomLayer
    {
        public static readonly ManualResetEventSlim Entered = new();
        public static readonly ManualResetEventSlim Release = new();

        public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

        public unsafe IReadOnlyList<CustomKernel> Kernels => [new(CpuKernel.For<Gate>((_, _) => CpuDispatch.Create(&Wait, 0, 1), LayoutRules.Plain))];

        private static unsafe void Wait(CpuArguments* arguments, int from, int to)
        {
            Entered.Set();
            Release.Wait();
        }
    }
}
