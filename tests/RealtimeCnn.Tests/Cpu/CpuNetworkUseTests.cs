using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>Uses that are mistakes, or that a hostile file asks for.</summary>
public class CpuNetworkUseTests
{
    [Fact]
    public void A_disposed_network_neither_runs_nor_reads()
    {
        using var graph = Chain(1);
        using var input = new Tensor(new Shape(4));
        var network = new CpuNetwork(graph, new CpuNetworkOptions { KeepAll = true });
        network.Run(input);
        network.Dispose();
        network.Dispose();
        Assert.Contains(nameof(CpuNetwork), Assert.Throws<ObjectDisposedException>(() => network.Run(input)).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => network.Read("n0"));
    }

    [Fact]
    public void A_run_beside_another_on_the_same_network_is_an_error_that_says_what_to_do()
    {
        using var graph = Chain(2000);
        using var input = new Tensor(new Shape(4096));
        using var network = new CpuNetwork(graph, new CpuNetworkOptions { Threads = 1 });
        network.Run(input);
        using var stop = new CancellationTokenSource();
        var other = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                network.Run(input);
        });
        InvalidOperationException? error = null;
        for (int attempt = 0; attempt < 100_000 && error == null; attempt++)
            error = TryRun(network, input);
        stop.Cancel();
        Assert.Contains("network of its own", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        // The other thread may have met this one's run.
        var end = Record.Exception(other.Wait);
        Assert.True(end is null or AggregateException { InnerException: InvalidOperationException });
        network.Run(input);
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
                using var network = new CpuNetwork(graph, new CpuNetworkOptions { Threads = 1, Optimize = false });
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
                using var network = new CpuNetwork(graph, new CpuNetworkOptions { Threads = 1 });
                last = network.Run(input)[0].Span[^1];
            },
            maxStackSize: 256 << 10);
        thread.Start();
        thread.Join();
        Assert.Equal(2 / 5f, last, 1e-5f);
    }

    private static InvalidOperationException? TryRun(CpuNetwork network, Tensor input)
    {
        try
        {
            network.Run(input);
            return null;
        }
        catch (InvalidOperationException error)
        {
            return error;
        }
    }

    private static Graph Chain(int length)
    {
        var builder = new GraphBuilder();
        var node = builder.Input("x", new Shape(4));
        for (int i = 0; i < length; i++)
            node = builder.Add(new Neg(), node, [], $"n{i}");
        return builder.Build(node);
    }
}
