using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Kernels;

/// <summary>Why a plan took a kernel, as its profile says it.</summary>
public sealed unsafe class KernelReasonTests
{
    [Fact]
    public void A_few_words_say_what_decided_and_a_list_who_was_passed_over()
    {
        Assert.Equal(("only one", ""), Reasons(Table(Neutral("a"))));
        Assert.Equal(("best of 2", ""), Reasons(Table(Neutral("a"), Neutral("b"))));
        Assert.Equal(("best of 2", "a does not fit, b does not fit"), Reasons(Table(Neutral("a", fits: false), Neutral("b", fits: false), Neutral("c"), Neutral("d"))));
        Assert.Equal(("best of 2", "a would not pay"), Reasons(Table(Neutral("a", pays: false), Neutral("b"))));
        Assert.Equal(("only one", "a does not fit"), Reasons(Table(Neutral("a", fits: false), Neutral("b"))));
    }

    [Fact]
    public void A_kernel_of_several_nodes_says_what_it_lacked()
    {
        Assert.Equal(("only one", "pair found no block"), Reasons(Table(Neutral("pair", block: _ => null), Neutral("a"))));
        Assert.Equal(("only one", "pair has no block to itself"), Reasons(Table(Neutral("pair", block: Pair), Neutral("a"))));
        Assert.Equal(("2 in one", ""), Reasons(Table(Neutral("pair", block: Pair), Neutral("a")), isReadBetween: false));
        Assert.Equal(("only one", "pair would not pay"), Reasons(Table(Neutral("pair", pays: false, block: Pair), Neutral("a")), isReadBetween: false));
        Assert.Equal(("only one", "pair does not fit"), Reasons(Table(Neutral("pair", fits: false, block: Pair), Neutral("a")), isReadBetween: false));

        static IReadOnlyList<Node>? Pair(Node node) => node.Inputs[0].Layer is Sigmoid ? [node.Inputs[0], node] : null;
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

    private static string Reason(KernelTable table, string? measured = null) => Reasons(table, measured).Reason;

    // Of the second of two sigmoids, the first of which is read by others too.
    private static (string Reason, string PassedOver) Reasons(KernelTable table, string? measured = null, bool isReadBetween = true)
    {
        var builder = new GraphBuilder();
        var inner = builder.Add(new Sigmoid(), builder.Input("x", new Shape(1, 2, 3, 4)));
        var last = builder.Add(new Sigmoid(), inner);
        using var graph = isReadBetween ? builder.Build(last, inner) : builder.Build(last);
        var options = new PlanOptions(table);
        var step = Plan.Build(graph, [], options).Steps[^1];
        if (measured != null)
        {
            options = options with { Choice = new KernelChoice(new Dictionary<string, string> { [KernelChoice.Key(table, step.Asked)] = measured }) };
            step = Plan.Build(graph, [], options).Steps[^1];
            Assert.Equal(measured, step.Kernel.Name);
        }

        return (KernelReason.Of(options, step.Asked, step.Kernel), string.Join(", ", KernelReason.PassedOver(options, step.Asked, step.Kernel, GraphRewriter.CountUses(graph), ShapeInference.RunAll(graph, []))));
    }

    private static KernelTable Table(params Kernel[] kernels) => new(CpuKernels.Backend, CpuKernels.Block, kernels);

    private static CpuKernel Neutral(string name, bool fits = true, bool pays = true, Func<Node, IReadOnlyList<Node>?>? block = null) => CpuKernel.For<Sigmoid>(
        (_, call) => CpuDispatch.Create(&Nothing, call.Input.Shape.Count, 1), LayoutRules.Plain, name, fits ? null : (_, _) => false, block: block, pays: pays ? null : (_, _) => false);

    private static void Nothing(CpuArguments* arguments, int from, int to)
    {
    }
}
