using RealtimeCnn.Graphs;

namespace RealtimeCnn.Tests.Graphs;

public class GraphSummaryTests
{
    [Fact]
    public void The_three_costs_of_a_convolution_stand_side_by_side()
    {
        // 100×100 pictures: 10,000 connections into one dense unit, 25 for a 5×5 kernel.
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Start(new Shape(1, 1, 100, 100)).Conv2d(1, 5, padding: 2, bias: false, name: "conv"));
        var conv = graph.Summary().Nodes.Single(node => node.Name == "conv");
        Assert.Equal(10_000L * 10_000, conv.DenseConnections);
        Assert.Equal(25L * 10_000, conv.SparseConnections);
        Assert.Equal(25, conv.SharedWeights);
    }

    [Fact]
    public void A_batch_multiplies_work_but_not_connections()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Start(new Shape(1, 3, 8, 8)).Conv2d(4, 3).Flatten().Linear(5, name: "logits"));
        var one = graph.Summary();
        var seven = graph.Summary(new Shape(7, 3, 8, 8));
        Assert.Equal((4 * 27 * 36) + (5 * 144), one.MultiplyAccumulates);
        Assert.Equal(7 * one.MultiplyAccumulates, seven.MultiplyAccumulates);
        Assert.Equal(one.Nodes.Select(node => node.SparseConnections), seven.Nodes.Select(node => node.SparseConnections));
        Assert.Equal(one.Nodes.Select(node => node.DenseConnections), seven.Nodes.Select(node => node.DenseConnections));
        var linear = one.Nodes.Single(node => node.Name == "logits");
        Assert.Equal((720, 720, 720), (linear.DenseConnections, linear.SparseConnections, linear.SharedWeights));
    }

    [Fact]
    public void Shared_parameters_count_once()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(1, 2));
        var first = builder.Add(new RealtimeCnn.Layers.Linear(2, 2), x);
        using var graph = builder.Build(builder.AddTied(new RealtimeCnn.Layers.Linear(2, 2), first, first));
        Assert.Equal(6, graph.ParameterCount);
        Assert.Equal(6, graph.Summary().Parameters);
    }

    [Fact]
    public void The_table_has_a_line_for_each_node_and_one_of_totals()
    {
        using var graph = RealtimeCnn.Models.LeNet5.Create();
        string[] lines = graph.Summary().ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(graph.Nodes.Count + 2, lines.Length);
        Assert.Matches(@"^c3 +Conv2d +\[1, 16, 10, 10\] +2,416 +240,000 +", lines.Single(line => line.StartsWith("c3 ", StringComparison.Ordinal)));
        Assert.Matches(@"^total +61,706 +416,520$", lines[^1]);
    }
}
