using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Graphs;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public class GpuNetworkTests(GlFixture gl)
{
    [Fact]
    public void A_small_network_gives_the_same_on_both_paths_at_several_sizes_and_batches()
    {
        using var graph = SmallNetwork.Build();
        using var cpu = new CpuNetwork(graph);
        gl.Run(device =>
        {
            using var gpu = new GpuNetwork(device, graph);
            foreach (var shape in new[] { new Shape(1, 3, 31, 17), new Shape(2, 3, 8, 9), new Shape(1, 3, 31, 17), new Shape(3, 3, 16, 16) })
            {
                using var input = Noise.Of(shape);
                var actual = gpu.Run(input)[0];
                Closeness.Assert(DoubleTensor.Of(cpu.Run(input)[0]), actual, 2e-6, $"input {shape}");
            }
        });
    }

    [Fact]
    public void Every_node_can_be_read_when_all_are_kept()
    {
        using var graph = SmallNetwork.Build();
        using var cpu = new CpuNetwork(graph, new NetworkOptions { KeepAll = true });
        using var input = Noise.Of(new Shape(1, 3, 12, 10));
        cpu.Run(input);
        gl.Run(device =>
        {
            using var gpu = new GpuNetwork(device, graph, new NetworkOptions { KeepAll = true });
            gpu.Run(input);
            foreach (var node in gpu.Graph.Nodes.Where(node => node.Layer is not Input))
            {
                using Tensor expected = cpu.Read(node.Name), actual = gpu.Read(node.Name);
                Closeness.Assert(DoubleTensor.Of(expected), actual, 2e-6, node.Name);
            }
        });
    }

    [Fact]
    public void A_dispatch_longer_than_one_axis_is_cut_into_rows()
    {
        var builder = new GraphBuilder();
        // 65535 groups of 64 invocations of 4 floats are 16.8 million; this is more.
        var shape = new Shape(1, 4, 2100, 2100);
        using var graph = builder.Build(builder.Add(new Relu(), builder.Input("x", shape)));
        using var input = new Tensor(shape);
        input.Span.Fill(-1);
        input.Span[0] = 2;
        input.Span[^1] = 3;
        gl.Run(device =>
        {
            Assert.True(device.Limits.GroupCount.X * 256L < shape.Count, "The device takes it in one row: enlarge the test.");
            using var gpu = new GpuNetwork(device, graph);
            var output = gpu.Run(input)[0];
            Assert.Equal(2, output.Span[0]);
            Assert.Equal(3, output.Span[^1]);
            Assert.False(output.Span[1..^1].ContainsAnyExcept(0));
        });
    }

    [Fact]
    public void A_tensor_beyond_the_device_is_an_error_that_names_layer_asked_and_allowed()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Relu(), builder.Input("x", new Shape(1, 8, 8192, 8192)), name: "huge"));
        gl.Run(device =>
        {
            long asked = 8L * 8192 * 8192 * 4;
            Assert.True(device.Limits.StorageBlockBytes < asked, "The device holds it: enlarge the test.");
            var plan = Plan.Build(graph, [], new PlanOptions(device.Kernels));
            var error = Assert.Throws<GlException>(() => new GpuPlan(device, device.Programs, plan).Units().Finish());
            Assert.Contains("Relu 'huge'", error.Message, StringComparison.Ordinal);
            Assert.Contains($"{asked}", error.Message, StringComparison.Ordinal);
            Assert.Contains($"{device.Limits.StorageBlockBytes}", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_run_sees_what_was_written_before_it_and_networks_of_a_device_share_the_copy()
    {
        using var graph = ParameterTests.Net();
        using var input = ParameterTests.Random(graph.InputShapes[0], 3);
        gl.Run(device =>
        {
            using var gpu = new GpuNetwork(device, graph);
            gpu.Run(input);
            int copies = graph.Store.CopyCount;
            foreach (var parameter in graph.Parameters)
            {
                ParameterTests.Change(parameter, 0.25f);
                using var copy = ParameterTests.Copy(graph);
                using var fresh = new GpuNetwork(device, copy);
                Tensor expected = fresh.Run(input)[0], actual = gpu.Run(input)[0];
                Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
            }

            using (var second = new GpuNetwork(device, graph))
            {
                second.Run(input);
                Assert.Equal(copies, graph.Store.CopyCount);
                Assert.Equal(gpu.WeightBytes, second.WeightBytes);
            }

            Assert.True(gpu.WeightBytes > 0);
            gpu.Dispose();
            Assert.Equal(0, graph.Store.CopyCount);
        });
    }

    [Fact]
    public void Parameters_lie_on_the_device_as_halves_where_a_kernel_asks_for_them()
    {
        // More than one piece of an upload.
        using var values = new Tensor(new Shape((1 << 20) + 5));
        for (int i = 0; i < values.Span.Length; i++)
            values.Span[i] = 1f / (i + 1);
        var store = new ParameterStore();
        var parameter = store.Own(values, "weights");
        gl.Run(device =>
        {
            using var plan = new PackedSet(store, device);
            var copy = (GpuPackedCopy)plan.Take(new PackedWeights(new VectorPacking(values.Shape.Count, 1), parameter) { Element = ElementType.Float16 });
            plan.Refresh();
            var halves = new Half[values.Shape.Count];
            copy.View.Buffer.Read(halves.AsSpan());
            Assert.Equal(values.Span.ToArray().Select(value => (Half)value), halves);
        });
    }

    [Fact]
    public void Old_plans_are_freed_when_sizes_keep_changing()
    {
        using var graph = SmallNetwork.Build();
        gl.Run(device =>
        {
            int before = device.Objects.Alive;
            using (var gpu = new GpuNetwork(device, graph, new NetworkOptions { PlansKept = 2 }))
            {
                int[] counts = new int[6];
                for (int i = 0; i < counts.Length; i++)
                {
                    using var input = Noise.Of(new Shape(1, 3, 8 + i, 9));
                    gpu.Run(input);
                    device.CollectGarbage();
                    counts[i] = device.Objects.Alive;
                }

                Assert.All(counts[1..], count => Assert.Equal(counts[1], count));
            }

            device.CollectGarbage();
            Assert.InRange(device.Objects.Alive - before, 0, device.Programs.Count);
        });
    }
}
