using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>The layouts in which a kernel takes a call's inputs and gives its output; a pure function of shapes and of the layouts at hand.</summary>
internal delegate LayoutChoice LayoutRule(LayerCall call);

/// <summary>
/// One way to compute a layer on one backend: an entry of a <see cref="KernelTable"/>. It is data and pure functions; only
/// executors touch threads, barriers or OpenGL.
/// </summary>
/// <param name="name">Names the kernel among those of its layer: <c>plain</c> for the one that computes every call.</param>
/// <param name="layer">The layer it computes; a base type stands for all layers that derive from it.</param>
/// <param name="layouts">The layouts it works in.</param>
internal abstract class Kernel(string name, Type layer, LayoutRule layouts)
{
    /// <summary>The name of the kernel that computes every call of its layer.</summary>
    public const string Plain = "plain";

    /// <summary>The backend it runs on, as <see cref="KernelTable.Backend"/> names it.</summary>
    public abstract string Backend { get; }

    /// <summary>Names the kernel among those of its layer.</summary>
    public string Name { get; } = name;

    /// <summary>The layer it computes; a base type stands for all layers that derive from it.</summary>
    public Type Layer { get; } = layer;

    /// <summary>Which calls it computes; null for every one.</summary>
    public Predicate<LayerCall>? Condition { get; init; }

    /// <summary>For which of those calls it is better than the kernels behind it; null for all. Who forces a kernel or measures does not ask.</summary>
    public Predicate<LayerCall>? Pays { get; init; }

    /// <summary>
    /// For a kernel of several nodes: those it computes together with a node of its layer, in order and that node the last, or null
    /// where they are not there. It is taken where the kernel fits their shapes in channel blocks, and pays. Null for a kernel of one node.
    /// </summary>
    public Func<Node, IReadOnlyList<Node>?>? Block { get; init; }

    /// <summary>The input whose memory the output may take, because each element is read before its place is written; −1 for none.</summary>
    public int InPlaceInput { get; init; } = -1;

    /// <summary>For a backward kernel: what it reads and gives. Null for a forward kernel.</summary>
    public GradientRule? Gradient { get; init; }

    /// <summary>
    /// Shapes of the row-major values that a forward kernel writes behind its layer's outputs for its backward kernel, where there is
    /// one to read them; null for none.
    /// </summary>
    public Func<LayerCall, Shape[]>? Saves { get; init; }

    /// <summary>Statistics of its layer, by number of the parameter, whose next values it writes behind what it saves.</summary>
    public IReadOnlyList<int> Updates { get; init; } = [];

    /// <summary>Relative L2 that it keeps, where its algorithm loses more than that of its layer's other kernels; else 0.</summary>
    public double Tolerance { get; init; }

    /// <summary>Whether the kernel computes this call.</summary>
    public bool Fits(LayerCall call) =>
        Layer.IsInstanceOfType(call.Layer) && (Block == null ? call.Nodes.Count == 1 : Block(call.Node)?.SequenceEqual(call.Nodes) == true)
        && (Condition == null || Condition(call));

    /// <summary>The layouts it takes and gives for this call.</summary>
    public LayoutChoice Layouts(LayerCall call) => layouts(call);

    /// <summary>The work of one call whose inputs and outputs have the layouts that <see cref="Layouts"/> said.</summary>
    public abstract KernelWork Plan(LayerCall call);

    /// <inheritdoc/>
    public override string ToString() => $"{Layer.Name}/{Name}";
}

/// <summary>Everything an executor needs to run one call: plain data.</summary>
internal abstract class KernelWork
{
    /// <summary>Floats of each piece of memory that the work needs for itself while it runs; the memory plan places them.</summary>
    public IReadOnlyList<long> Scratch { get; init; } = [];

    /// <summary>Bytes of the parameters that it reads, as they are packed; null where they lie as the layers have them.</summary>
    public virtual long? WeightBytes => null;

    /// <summary>Jobs that the executor runs one after the other.</summary>
    public abstract int DispatchCount { get; }

    /// <summary>Why the call cannot be computed after all, which only planning it could tell; null where it can.</summary>
    public string? Refusal { get; init; }
}

/// <summary>The entry of layers that only rename their input's memory, or move its channels: there is nothing to run.</summary>
internal sealed class AliasKernel(Type layer, LayoutRule layouts, string name = "alias") : Kernel(name, layer, layouts)
{
    public override string Backend => "any";

    public override KernelWork Plan(LayerCall call) => throw new InvalidOperationException($"{call.Layer} is an alias of its input; there is nothing to compute.");
}
