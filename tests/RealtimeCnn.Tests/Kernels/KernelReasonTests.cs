using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Kernels;

/// <summary>Why a plan took a kernel, as its profile says it.</summary>
public sealed unsafe class KernelReasonTests
{
    [Fact]
    public void The_first_that_fits_says_who_refused_before_it()
    {
        Assert.Equal("the only one", Reason(Table(Neutral("a"))));
        Assert.Equal("first of 2", Reason(Table(Neutral("a"), Neutral("b"))));
        Assert.Equal("first that fits: a refused, b refused", Reason(Table(Neutral("a", fits: false), Neutral("b", fits: false), Neutral("c"), Neutral("d"))));
    }

    [Fact]
    public void A_kernel_of_several_nodes_says_what_it_lacked()
    {
        Assert.Equal("first that fits: pair found no block", Reason(Table(Neutral("pair", block: _ => null), Neutral("a"))));
        Assert.Equal("first that fits: pair had no block to itself", Reason(Table(Neutral("pair", block: node => node.Inputs[0].Layer is Sigmoid ? [node.Inputs[0], node] : null), Neutral("a"))));
    }

    [Fact]
    public void Forced_and_measured_kernels_say_so()
    {
        var table = Table(Neutral("a"), Neutral("b"));
        Assert.Equal("forced", Reason(table.Forcing("Sigmoid/b")));
        Assert.Equal("forced", Reason(table.Forcing("Sigmoid/b").WithFallback(Neutral("c"))));
        Assert.Equal("measured", Reason(table, "b"));
        Assert.Equal("measured", Reason(table, "a"));
    }

    // Of the second of two sigmoids, the first of which is read by others too.
    private static string Reason(KernelTable table, string? measured = null)
    {
        var builder = new GraphBuilder();
        var inner = builder.Add(new Sigmoid(), builder.Input("x", new Shape(1, 2, 3, 4)));
        using var graph = builder.Build(builder.Add(new Sigmoid(), inner), inner);
        var options = new PlanOptions(table);
        var step = Plan.Build(graph, [], options).Steps[^1];
        if (measured != null)
        {
            options = options with { Choice = new KernelChoice(new Dictionary<string, string> { [KernelChoice.Key(table, step.Asked)] = measured }) };
            step = Plan.Build(graph, [], options).Steps[^1];
            Assert.Equal(measured, step.Kernel.Name);
        }

        return KernelReason.Of(options, step.Asked, step.Kernel);
    }

    private static KernelTable Table(params Kernel[] kernels) => new(CpuKernels.Backend, CpuKernels.Block, kernels);

    private static CpuKernel Neutral(string name, bool fits = true, Func<Node, IReadOnlyList<Node>?>? block = null) => CpuKernel.For<Sigmoid>(
        (_, call) => CpuDispatch.Create(&Nothing, call.Input.Shape.Count, 1), LayoutRules.Plain, name, fits ? null : (_, _) => false, block: block);

    private static void Nothing(CpuArguments* arguments, int from, int to)
    {
    }
}
