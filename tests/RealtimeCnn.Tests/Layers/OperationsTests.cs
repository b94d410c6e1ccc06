using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests.Layers;

/// <summary>What layers say that they cost, and that the costly ones keep to it.</summary>
public class OperationsTests
{
    [Fact]
    public void A_layer_costs_at_least_its_products_and_what_it_reads_and_writes()
    {
        foreach (var layerCase in LayerCases.All)
        {
            var output = layerCase.Layer.InferShape(layerCase.Inputs);
            long operations = layerCase.Layer.Operations(layerCase.Inputs, output);
            Assert.True(operations >= layerCase.Layer.MultiplyAccumulates(layerCase.Inputs, output), layerCase.Id);
            if (layerCase.Layer is not ReshapingLayer and not GlobalPoolingLayer)
                Assert.True(operations >= output.Count || layerCase.Layer is NonMaxSuppression { MaxBoxesPerClass: <= 1 }, $"{layerCase.Id}: {operations} for {output}.");
        }
    }

    [Fact]
    public void Costs_beyond_64_bits_stay_at_the_largest_number()
    {
        Shape plane = new(1, 1, 1 << 15, 1 << 15);
        Assert.Equal(long.MaxValue, Cost.Product(1L << 40, 1L << 40));
        Assert.Equal(0, Cost.Product(long.MaxValue, 0, 5));
        Assert.Equal(long.MaxValue, Cost.Sum(long.MaxValue, 1));
        Assert.Equal(1L << 60, new MaxPool2d(1 << 29) { Stride = 1 }.Operations([plane], plane));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(200_000, 18)]
    public void The_depth_of_a_sort_is_the_logarithm(int count, int depth) => Assert.Equal(depth, Cost.Depth(count));

    [Fact]
    public async Task All_of_200_000_elements_are_sorted_in_time()
    {
        const int Count = 200_000;
        float[] values = [.. Enumerable.Range(0, Count).Select(i => (float)((i * 7919L) % 65537))];
        float[] result = await RunInTime(new TopK(Count, 0), [new Tensor(new Shape(Count), values)]);
        Assert.Equal(values.OrderDescending(), result);
    }

    [Fact]
    public async Task Boxes_that_never_overlap_are_all_kept_in_time()
    {
        const int Count = 60_000;
        var boxes = new Tensor(new Shape(1, Count, 4));
        var scores = new Tensor(new Shape(1, 1, Count));
        for (int i = 0; i < Count; i++)
        {
            new[] { i, 0f, i + 0.5f, 1 }.CopyTo(boxes.Span[(4 * i)..]);
            scores.Span[i] = i;
        }

        float[] rows = await RunInTime(new NonMaxSuppression(Count, 0.5f), [boxes, scores]);
        Assert.Equal(Enumerable.Range(0, Count).Reverse().Select(i => (float)i), rows.Chunk(3).Select(row => row[2]));
    }

    [Fact]
    public void Suppression_allocates_nothing_while_it_runs()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new NonMaxSuppression(5, 0.5f), [builder.Input("boxes", new Shape(1, 100, 4)), builder.Input("scores", new Shape(1, 2, 100))]));
        using Tensor boxes = new(new Shape(1, 100, 4)), scores = new(new Shape(1, 2, 100));
        for (int i = 0; i < 200; i++)
            scores.Span[i] = i % 17;
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        for (int run = 0; run < 3; run++)
            network.Run(boxes, scores);
        long before = GC.GetAllocatedBytesForCurrentThread();
        network.Run(boxes, scores);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static async Task<float[]> RunInTime(Layer layer, Tensor[] inputs)
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(layer, [.. inputs.Select((input, i) => builder.Input($"x{i}", input.Shape))]));
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        float[] result = await Task.Run(() => network.Run(inputs)[0].Span.ToArray()).WaitAsync(TimeSpan.FromSeconds(30));
        foreach (var input in inputs)
            input.Dispose();
        return result;
    }
}
