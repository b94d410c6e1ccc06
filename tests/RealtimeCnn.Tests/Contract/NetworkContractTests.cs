using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Contract;

/// <summary>What holds for every network, whatever it runs on.</summary>
[Collection(GlTests.Name)]
public sealed class NetworkContractTests(GlFixture gl)
{
    private static readonly NetworkOptions KeepAll = new() { KeepAll = true };

    public static TheoryData<string> Backends => [.. NetworkCases.Backends];

    [Theory]
    [MemberData(nameof(Backends))]
    public void It_computes_what_the_reference_does_at_any_size_and_lets_every_node_be_read(string backend) => Run(backend, KeepAll, (graph, network) =>
    {
        using var reference = new CpuNetwork(graph, KeepAll with { Threads = 1 });
        foreach (var shape in new[] { NetworkCases.Picture, new Shape(2, 3, 5, 9), NetworkCases.Picture })
        {
            using var input = Noise.Of(shape);
            AssertClose(reference.Run(input), network.Run(input));
            foreach (var node in network.Graph.Nodes)
            {
                using Tensor expected = reference.Read(node.Name), actual = network.Read(node.Name);
                Closeness.Assert(DoubleTensor.Of(expected), actual, 1e-5, node.Name);
            }
        }
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void It_says_where_it_and_every_node_runs(string backend) => Run(backend, null, (graph, network) =>
    {
        Assert.Equal(backend, network.Backend);
        Assert.StartsWith(backend, network.Choice, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', network.Choice);
        Assert.Same(graph, network.Source);
        string[] on = [.. network.Graph.Nodes.Where(node => node.Layer is not (Input or Constant)).Select(network.BackendOf).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(backend == "mixed" ? ["cpu", "gpu"] : [backend], on);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_profile_is_a_run_whose_steps_are_named_and_timed(string backend) => Run(backend, null, (_, network) =>
    {
        foreach (var shape in new[] { NetworkCases.Picture, new Shape(2, 3, 5, 9) })
        {
            using var input = Noise.Of(shape);
            float[][] expected = [.. network.Run(input).Select(output => output.Span.ToArray())];
            var profile = network.Profile([input]);
            Assert.Equal(expected, profile.Outputs.Select(output => output.Span.ToArray()));
            Assert.All(profile.Steps, step => Assert.True(step.Dispatches > 0 && step.Milliseconds >= 0 && step.Reason.Length > 0, step.ToString()));
            Assert.Equal(backend == "mixed" ? ["cpu", "gpu"] : [backend], profile.Steps.Select(step => step.Backend).Distinct().Order(StringComparer.Ordinal));
            var first = Assert.Single(profile.Steps, step => step.Nodes.Contains("first") && step.MultiplyAccumulates > 0);
            Assert.StartsWith("ConvolutionLayer/", first.Kernel, StringComparison.Ordinal);
            Assert.Equal((long)first.Output.Count * 3 * 9, first.MultiplyAccumulates);
            Assert.Equal(new Shape(shape.Batch, 7, shape.Height, shape.Width), first.Output);
        }

        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using var picture = Noise.Of(NetworkCases.Picture);
        Assert.Throws<OperationCanceledException>(() => network.Profile([picture], cancelled.Token));
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void Outputs_are_the_networks_until_it_is_disposed_and_inputs_stay_the_callers(string backend) => Run(backend, null, (_, network) =>
    {
        using var input = Noise.Of(NetworkCases.Picture);
        float[] given = input.Span.ToArray();
        var outputs = network.Run(input);
        float[][] first = [.. outputs.Select(output => output.Span.ToArray())];
        Assert.Equal(given, input.Span.ToArray());
        Assert.Equal(given, outputs[2].Span.ToArray());

        // Whatever becomes of an input, an output that equals it is another tensor.
        input.Span.Fill(7);
        Assert.Equal(first, outputs.Select(output => output.Span.ToArray()));
        var again = network.Run(input);
        Assert.All(again.Zip(outputs), pair => Assert.Same(pair.First, pair.Second));
        Assert.NotEqual(first[0], again[0].Span.ToArray());

        network.Dispose();
        network.Dispose();
        Assert.All(again, output => Assert.True(output.IsDisposed));
        Assert.False(input.IsDisposed);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_run_allocates_nothing(string backend) => Run(backend, new NetworkOptions { Threads = 1 }, (_, network) =>
    {
        using var input = Noise.Of(NetworkCases.Picture);
        network.Run(input);
        long least = long.MaxValue, native = Tensor.LiveBytes;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            network.Run(input);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(native, Tensor.LiveBytes);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void Nothing_is_left_of_it(string backend)
    {
        long before = Tensor.LiveBytes;
        int objects = gl.Run(device => device.Objects.Alive - device.Programs.Count);
        Run(backend, KeepAll, (_, network) =>
        {
            foreach (int width in new[] { 10, 11, 12, 13, 14, 15 })
            {
                using var input = Noise.Of(new Shape(1, 3, 12, width));
                network.Run(input);
            }
        });
        Assert.Equal(before, Tensor.LiveBytes);
        Assert.Equal(objects, gl.Run(device => device.Objects.Alive - device.Programs.Count));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_cancelled_run_ends_and_the_next_one_is_right(string backend) => Run(backend, KeepAll, (graph, network) =>
    {
        using var input = Noise.Of(NetworkCases.Picture);
        using var cancelled = new CancellationTokenSource();
        using var pending = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => network.Run([input], cancelled.Token));
        Assert.Throws<InvalidOperationException>(() => network.Read("first"));
        using var reference = new CpuNetwork(graph);
        AssertClose(reference.Run(input), network.Run([input], pending.Token));
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_run_beside_another_is_an_error_that_says_what_to_do(string backend)
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Waiting(), builder.Input("x", new Shape(1))));
        gl.Run(device =>
        {
            using var network = NetworkCases.Make(backend, device, graph, new NetworkOptions { Optimize = false });
            using var input = new Tensor(new Shape(2));
            Waiting.Entered.Reset();
            Waiting.Release.Reset();
            var beside = Task.Run(() =>
            {
                Waiting.Entered.Wait();
                try
                {
                    Assert.Contains("network of its own", Assert.Throws<InvalidOperationException>(() => network.Run(input)).Message, StringComparison.Ordinal);
                    Assert.Contains("network of its own", Assert.Throws<InvalidOperationException>(() => network.Read("x")).Message, StringComparison.Ordinal);
                }
                finally
                {
                    Waiting.Release.Set();
                }
            });
            // No backend has a kernel for the layer; all infer its shape.
            Assert.Throws<NotSupportedException>(() => network.Run(input));
            beside.GetAwaiter().GetResult();
        });
    }

    [Fact]
    public void The_same_fault_is_the_same_sentence_everywhere()
    {
        using var graph = NetworkCases.Net("cpu");
        gl.Run(device =>
        {
            using var good = Noise.Of(NetworkCases.Picture);
            using var wrong = new Tensor(new Shape(1, 4, 12, 10));
            var gone = new Tensor(NetworkCases.Picture);
            gone.Dispose();
            AssertSame<ShapeException>("The graph has 1 inputs ('image'); 2 were given.", network => network.Run(good, good));
            AssertSame<ShapeException>("The graph has 1 inputs ('image'); 2 were given.", network => network.Prepare(good.Shape, good.Shape));
            AssertSame<ShapeException>("Input 'image' is [1, 4, 12, 10], declared as [1, 3, 12, 10]; that does not fit: Conv2d 'first': ", network => network.Run(wrong));
            AssertSame<ObjectDisposedException>("Input 'image' [1, 3, 12, 10] was disposed before the run.", network => network.Run(gone));
            AssertSame<ArgumentNullException>("Input 'image' is null.", network => network.Run([null!]));
            AssertSame<InvalidOperationException>("To read 'first', make the network with NetworkOptions.KeepAll and run it first.", network => network.Read("first"));
            AssertSame<KeyNotFoundException>("The graph has no node 'nowhere'. It has: image, first, ", network => network.Read("nowhere"), KeepAll, good);
            AssertSame<ShapeException>("", network => network.Run(good), new NetworkOptions { MaxActivationBytes = 1000 });
            AssertSame<ObjectDisposedException>("", network => network.Run(good), isDisposed: true);
            AssertSame<ObjectDisposedException>("", network => network.Read("first"), isDisposed: true);
            AssertSame<ObjectDisposedException>("", network => network.Prepare(good.Shape), isDisposed: true);
            foreach (string backend in NetworkCases.Backends)
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCases.Make(backend, device, graph, new NetworkOptions { Threads = 0 }));
                Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCases.Make(backend, device, graph, new NetworkOptions { PlansKept = 0 }));
                Assert.Contains("'None/fast'", Assert.Throws<KeyNotFoundException>(() => NetworkCases.Make(backend, device, graph, new NetworkOptions { ForcedKernels = ["None/fast"] })).Message, StringComparison.Ordinal);
            }

            void AssertSame<TException>(string start, Action<INetwork> fault, NetworkOptions? options = null, Tensor? run = null, bool isDisposed = false)
                where TException : Exception
            {
                foreach (string backend in NetworkCases.Backends)
                {
                    using var network = NetworkCases.Make(backend, device, graph, options);
                    if (run != null)
                        network.Run(run);
                    if (isDisposed)
                        network.Dispose();
                    Assert.StartsWith(start, Assert.Throws<TException>(() => fault(network)).Message, StringComparison.Ordinal);
                }
            }
        });
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("mixed")]
    public void A_network_with_a_device_is_used_on_its_thread_and_disposed_anywhere(string backend) => Run(backend, null, (_, network) => Task.Run(() =>
    {
        using var input = Noise.Of(NetworkCases.Picture);
        Assert.Contains("OpenGL was called on thread", Assert.Throws<InvalidOperationException>(() => network.Run(input)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => network.Prepare());
        network.Dispose();
    }).GetAwaiter().GetResult());

    private static void AssertClose(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> given)
    {
        Assert.Equal(expected.Count, given.Count);
        for (int i = 0; i < expected.Count; i++)
            Closeness.Assert(DoubleTensor.Of(expected[i]), given[i], 1e-5, $"output {i}");
    }

    private void Run(string backend, NetworkOptions? options, Action<Graph, INetwork> test)
    {
        using var graph = NetworkCases.Net(backend);
        gl.Run(device =>
        {
            using var network = NetworkCases.Make(backend, device, graph, options);
            test(graph, network);
        });
    }

    /// <summary>A layer that waits where its shape is asked for at another size than the declared one.</summary>
    private sealed record Waiting : Layer
    {
        public static readonly ManualResetEventSlim Entered = new();
        public static readonly ManualResetEventSlim Release = new();

        public override Shape InferShape(ReadOnlySpan<Shape> inputs)
        {
            if (inputs[0].Count != 1)
            {
                Entered.Set();
                Release.Wait();
            }

            return inputs[0];
        }
    }
}
