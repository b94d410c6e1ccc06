using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>A tensor of a plan: what it holds and how it lies in memory.</summary>
internal readonly record struct TensorInfo(Shape Shape, TensorFormat Format)
{
    /// <summary>
    /// Most elements of a tensor in a plan, as it lies in memory: 2^30, or 4 GiB of floats. Kernels of both backends compute positions
    /// within a tensor, and sums of two of them, in 32 bits; a plan refuses larger tensors by name.
    /// </summary>
    public const int MaxElements = 1 << 30;

    /// <summary>Row-major or channel-blocked.</summary>
    public Layout Layout => Format.Layout;

    /// <summary>What an element is.</summary>
    public ElementType Element => Format.Element;

    /// <summary>Zeros around each plane.</summary>
    public Border Border => Format.Border;

    /// <summary>Elements it occupies, border included, when channels are blocked by <paramref name="block"/>.</summary>
    public long Elements(int block) => BlockedLayout.Elements(Shape, Format, block);

    /// <summary>Bytes it occupies.</summary>
    public long Bytes(int block) => Elements(block) * Element.Size();
}

/// <summary>The formats a kernel works in. <see cref="IsAlias"/> marks a call that only renames its input's memory.</summary>
internal readonly record struct LayoutChoice(TensorFormat Inputs, TensorFormat Output, bool IsAlias = false)
{
    /// <summary>One format for each input, where they differ; null where all are <see cref="Inputs"/>.</summary>
    public TensorFormat[]? PerInput { get; init; }

    /// <summary>For a call that moves whole channels and does nothing else: where each channel of each output is. Null for every other.</summary>
    public ChannelOf[][]? Channels { get; init; }

    public static LayoutChoice Blocked => new(Layout.Blocked, Layout.Blocked);

    public static LayoutChoice Plain => new(Layout.Plain, Layout.Plain);

    /// <summary>One format for each output, where they differ; null where all are <see cref="Output"/>.</summary>
    public TensorFormat[]? PerOutput { get; init; }

    /// <summary>The format that output <paramref name="index"/> has.</summary>
    public TensorFormat OfOutput(int index) => PerOutput == null ? Output : PerOutput[index];

    /// <summary>The format that input <paramref name="index"/> must have.</summary>
    public TensorFormat Of(int index) => PerInput == null ? Inputs : PerInput[index];
}

/// <summary>One call in a plan: everything a kernel needs to know to plan itself.</summary>
/// <param name="Nodes">What is computed: one node, or the nodes of a block in order, of which only the last one's values are needed.</param>
/// <param name="Inputs">The input tensors; while a kernel is chosen, in the formats in which they are at hand.</param>
/// <param name="Outputs">The output tensors; while a kernel is chosen, their format is open and row-major here.</param>
internal sealed record LayerCall(IReadOnlyList<Node> Nodes, TensorInfo[] Inputs, TensorInfo[] Outputs)
{
    /// <summary>
    /// What the plan would like the first output to be: stored in this element type, with the border that its reader asks for. A kernel
    /// that can give it does; for the others conversions follow.
    /// </summary>
    public Wish Wish { get; init; }

    /// <summary>A call of a single node with one output.</summary>
    public LayerCall(Node node, TensorInfo[] inputs, TensorInfo output)
        : this([node], inputs, [output])
    {
    }

    /// <summary>A call as it will be if all it reads comes channel-blocked.</summary>
    /// <param name="nodes">What is computed.</param>
    /// <param name="shapes">Those of all values.</param>
    /// <param name="options">What the plan is made for.</param>
    public static LayerCall Expected(IReadOnlyList<Node> nodes, Dictionary<Node, Shape[]> shapes, PlanOptions options) => new(
        nodes, OutputWishes.Sources(nodes).Map(source => new TensorInfo(shapes[source][0], Layout.Blocked)),
        shapes[nodes[^1]].Map(shape => new TensorInfo(shape, Layout.Plain))) { Mode = options.ModeOf(nodes[^1]) };

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

/// <summary>What a plan would like an output to be, and weights.</summary>
/// <param name="Element">How it is stored.</param>
/// <param name="Border">Zeros around each plane, if it is channel-blocked.</param>
internal readonly record struct Wish(ElementType Element, Border Border)
{
    /// <summary>What weights are stored as.</summary>
    public ElementType Weights { get; init; }
}
