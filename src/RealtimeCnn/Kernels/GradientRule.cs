using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>Values of a forward step that a backward kernel reads; each kind is read whole.</summary>
[Flags]
internal enum ForwardValues
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>What the forward kernel read.</summary>
    Inputs = 1,

    /// <summary>What the layer gave.</summary>
    Outputs = 2,

    /// <summary>What the forward kernel saved: <see cref="Kernel.Saves"/>.</summary>
    Saved = 4,
}

/// <summary>What a gradient is taken with respect to: an input or a parameter of a node.</summary>
internal readonly record struct GradientTarget(bool IsParameter, int Index)
{
    public static GradientTarget Input(int index) => new(false, index);

    public static GradientTarget Parameter(int index) => new(true, index);
}

/// <summary>
/// What makes a kernel a backward kernel. It reads the gradients of its layer's outputs, then the forward values it asks for, in the
/// order of <see cref="ForwardValues"/>; it writes all the gradients that it gives, in order.
/// </summary>
/// <param name="Reads">The forward values it reads besides; no others are kept for it.</param>
/// <param name="Gives">The gradients it writes for a forward call.</param>
internal sealed record GradientRule(ForwardValues Reads, Func<LayerCall, IReadOnlyList<GradientTarget>> Gives)
{
    /// <summary>
    /// The shape in which it gives the gradient of a forward call, where that repeats its target as numpy does: the plan sums the repeats.
    /// Null where gradients have the shapes of their targets.
    /// </summary>
    public Func<LayerCall, GradientTarget, Shape>? Spread { get; init; }

    /// <summary>
    /// Which backward calls of two nodes it computes: an activation whose value the layer alone reads, and the layer. It multiplies the
    /// gradient of the layer's input by the activation's slope, for which it reads the forward inputs, and gives that of the
    /// activation's input. Null for none.
    /// </summary>
    public Predicate<LayerCall>? TakesSlope { get; init; }
}
