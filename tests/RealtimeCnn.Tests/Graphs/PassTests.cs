using RealtimeCnn.Cpu;

namespace RealtimeCnn.Tests.Graphs;

public class PassTests
{
    public static TheoryData<string> Names => PassCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Passes_leave_these_layers(string name)
    {
        var passCase = PassCases.Find(name);
        using var graph = passCase.Make();
        using var optimized = PassCase.Optimize(graph, passCase.Mode);
        Assert.Equal(passCase.Left, PassCase.Types(optimized));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_stay_equal_on_the_CPU(string name)
    {
        var passCase = PassCases.Find(name);
        using var graph = passCase.Make();
        using var optimized = PassCase.Optimize(graph, passCase.Mode);
        var inputs = GraphRuns.RandomInputs(graph, 5);
        Tensor[] expected = GraphRuns.RunAsItStands(graph, inputs, passCase.Mode), actual = GraphRuns.RunAsItStands(optimized, inputs, passCase.Mode);
        GraphRuns.AssertClose(expected, actual, 1e-6, name);
        Assert.Equal(graph.Outputs.Select(node => node.Name), optimized.Outputs.Select(node => node.Name));
        GraphRuns.Dispose(inputs, expected, actual);
    }

    [Fact]
    public void A_residual_of_another_size_than_declared_is_still_right()
    {
        using var graph = PassCases.Find("conv + what has its shape at the declared size only").Make();
        var inputs = GraphRuns.RandomInputs(graph, 5, new Shape(3, 6, 5, 4));
        Tensor[] expected = GraphRuns.RunAsItStands(graph, inputs), actual = GraphRuns.Run(graph, inputs);
        GraphRuns.AssertClose(expected, actual, 1e-6, "another size");
        GraphRuns.Dispose(inputs, expected, actual);
    }

    [Fact]
    public void Convolutions_that_became_one_follow_their_parameters()
    {
        using var graph = PassCases.Find("two heads of one value, one without a bias").Make();
        using var network = new CpuNetwork(graph);
        var inputs = GraphRuns.RandomInputs(graph, 5);
        network.Run(inputs);
        foreach (var parameter in graph.Parameters)
        {
            using var edit = parameter.Edit();
            edit.Values[^1] += 3;
        }

        Tensor[] expected = GraphRuns.RunAsItStands(graph, inputs);
        GraphRuns.AssertClose(expected, [.. network.Run(inputs)], 1e-6, "edited");
        GraphRuns.Dispose(inputs, expected);
    }

    [Fact]
    public void The_source_graph_is_left_as_it_was()
    {
        foreach (var passCase in PassCases.All)
        {
            using var graph = passCase.Make();
            var before = graph.Nodes.SelectMany(node => node.Parameters).Select(parameter => parameter.Values.ToArray()).ToArray();
            using (var network = new CpuNetwork(graph))
                Assert.NotSame(graph, network.Graph);
            var after = graph.Nodes.SelectMany(node => node.Parameters).Select(parameter => parameter.Values.ToArray());
            Assert.Equal(before, after);
        }
    }
}
