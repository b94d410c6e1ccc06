using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>A tensor of a plan: what it holds and how it lies in memory.</summary>
internal readonly record struct TensorInfo(Shape Shape, Layout Layout)
{
    /// <summary>
    /// Most floats of a tensor in a plan, as it lies in memory: 2^30, or 4 GiB. Kernels of both backends compute positions within a
    /// tensor, and sums of two of them, in 32 bits; a plan refuses larger tensors by name.
    /// </summary>
    public const int MaxElements = 1 << 30;

    /// <summary>Floats it occupies when channels are blocked by <paramref name="block"/>.</summary>
    public long Elements(int block) => BlockedLayout.Elements(Shape, Layout, block);
}

/// <summary>The layouts a kernel works in. <see cref="IsAlias"/> marks a call that only renames its input's memory.</summary>
internal readonly record struct LayoutChoice(Layout Inputs, Layout Output, bool IsAlias = false)
{
    /// <summary>One layout for each input, where they differ; null where all are <see cref="Inputs"/>.</summary>
    public Layout[]? PerInput { get; init; }

    public static LayoutChoice Blocked => new(Layout.Blocked, Layout.Blocked);

    public static LayoutChoice Plain => new(Layout.Plain, Layout.Plain);

    /// <summary>One layout for each output, where they differ; null where all are <see cref="Output"/>.</summary>
    public Layout[]? PerOutput { get; init; }

    /// <summary>The layout that output <paramref name="index"/> has.</summary>
    public Layout OfOutput(int index) => PerOutput == null ? Output : PerOutput[index];

    /// <summary>The layout that input <paramref name="index"/> must have.</summary>
    public Layout Of(int index) => PerInput == null ? Inputs : PerInput[index];
}

/// <summary>One call in a plan: everything a kernel needs to know to plan itself.</summary>
/// <param name="Nodes">What is computed: one node, or the nodes of a block in order, of which only the last one's values are needed.</param>
/// <param name="Inputs">The input tensors; while a kernel is chosen, in the layouts in which they are at hand.</param>
/// <param name="Outputs">The output tensors; while a kernel is chosen, their layout is open and row-major here.</param>
internal sealed record LayerCall(IReadOnlyList<Node> Nodes, TensorInfo[] Inputs, TensorInfo[] Outputs)
{
    /// <summary>A call of a single node with one output.</summary>
    public LayerCall(Node node, TensorInfo[] inputs, TensorInfo output)
        : this([node], inputs, [output])
    {
    }

    /// <summary>What the call is computed for.</summary>
    public RunMode Mode { get; init; }

    /// <summary>For a backward call: the forward call it belongs to, whose outputs include what its kernel saved. Null for a forward call.</summary>
    public LayerCall? Forward { get; init; }

    /// <summary>The node that gives the call its name.</summary>
    public Node Node => Nodes[^1];

    /// <summary>The layer of <see cref="Node"/>.</summary>
    public Layer Layer => Node.Layer;

    /// <summary>Parameters of <see cref="Node"/>, in the order of <see cref="Layer.Parameters"/>.</summary>
    public IReadOnlyList<Parameter> Parameters => Node.Parameters;

    /// <summary>The first input.</summary>
    public TensorInfo Input => Inputs[0];

    /// <summary>The first output.</summary>
    public TensorInfo Output => Outputs[0];
}
