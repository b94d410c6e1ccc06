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

/// <summary>The layouts a layer works in. <see cref="IsAlias"/> marks a layer that only renames its input's memory.</summary>
internal readonly record struct LayoutChoice(Layout Inputs, Layout Output, bool IsAlias = false)
{
    /// <summary>One layout for each input, where they differ; null where all are <see cref="Inputs"/>.</summary>
    public Layout[]? PerInput { get; init; }

    public static LayoutChoice Blocked => new(Layout.Blocked, Layout.Blocked);

    public static LayoutChoice Plain => new(Layout.Plain, Layout.Plain);

    /// <summary>The layout that input <paramref name="index"/> must have.</summary>
    public Layout Of(int index) => PerInput == null ? Inputs : PerInput[index];
}

/// <summary>One call of a layer in a plan: everything a kernel needs to know to plan itself.</summary>
/// <param name="Layer">What is computed.</param>
/// <param name="Inputs">The input tensors.</param>
/// <param name="Output">The output tensor.</param>
/// <param name="Parameters">Parameter values in the order of <see cref="Layer.Parameters"/>.</param>
internal sealed record LayerCall(Layer Layer, TensorInfo[] Inputs, TensorInfo Output, IReadOnlyList<Tensor> Parameters)
{
    public TensorInfo Input => Inputs[0];
}

/// <summary>
/// Parameter values in the order a kernel reads them, made once per network and shared by its plans.
/// </summary>
internal sealed record PackedWeights
{
    /// <param name="format">Names the order within its node: equal formats of one node are packed once.</param>
    /// <param name="elements">Floats.</param>
    /// <param name="pack">Writes all of them.</param>
    /// <exception cref="ShapeException">More floats than kernels can address: see <see cref="TensorInfo.MaxElements"/>.</exception>
    public PackedWeights(string format, long elements, PackWeights pack)
    {
        if (elements is < 0 or > TensorInfo.MaxElements)
            throw new ShapeException($"its parameters take {elements} floats in the order that kernels read them; at most {TensorInfo.MaxElements} are possible.");
        (Format, Elements, Pack) = (format, (int)elements, pack);
    }

    public string Format { get; }

    public int Elements { get; }

    public PackWeights Pack { get; }
}

/// <summary>Writes packed parameter values into memory that starts out as zeros.</summary>
internal delegate void PackWeights(Span<float> destination);
