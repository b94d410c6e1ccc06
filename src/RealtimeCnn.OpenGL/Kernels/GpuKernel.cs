using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>A kernel of the OpenGL backend.</summary>
internal sealed class GpuKernel : Kernel
{
    private readonly Func<LayerCall, Dispatch[]> _plan;
    private readonly LayoutRule _layouts;

    private GpuKernel(string name, Type layer, LayoutRule layouts, Func<LayerCall, Dispatch[]> plan)
        : base(name, layer, layouts) => (_plan, _layouts) = (plan, layouts);

    /// <summary>Floats of each piece of memory that a call needs for itself (<see cref="Operand.Scratch"/>); null for none.</summary>
    public Func<LayerCall, IReadOnlyList<long>>? Scratch { get; init; }

    /// <summary>Whether its shaders declare values and weights as what may be halves (<c>include/tensor.glsl</c>), weights at unit 2.</summary>
    public bool ReadsHalves { get; init; }

    /// <summary>A kernel of all layers of a type.</summary>
    /// <param name="plan">The dispatches of one call, in order.</param>
    /// <param name="layouts">The layouts it works in; channel-blocked where none is given.</param>
    /// <param name="name">Names it among the kernels of its layer.</param>
    /// <param name="when">Which calls it computes; null for every one.</param>
    /// <param name="pays">For which of them it is better than the kernels behind it; null for all.</param>
    /// <param name="scratch">Floats of each piece of memory that a call needs for itself; null for none.</param>
    /// <param name="inPlaceInput">The input whose memory the output may take; −1 for none.</param>
    /// <param name="block">For a kernel of several nodes: those it computes together with the given one, or null.</param>
    /// <param name="tolerance">Relative L2 that it keeps, where that is more than its layer's other kernels need; else 0.</param>
    /// <param name="halves">Whether its shaders read and write halves too; channel-blocked.</param>
    public static GpuKernel For<TLayer>(
        Func<TLayer, LayerCall, Dispatch[]> plan, LayoutRule? layouts = null, string name = Plain, Func<TLayer, LayerCall, bool>? when = null, Func<TLayer, LayerCall, bool>? pays = null,
        Func<TLayer, LayerCall, IReadOnlyList<long>>? scratch = null, int inPlaceInput = -1, Func<Node, IReadOnlyList<Node>?>? block = null, double tolerance = 0, bool halves = false)
        where TLayer : Layer =>
        new(name, typeof(TLayer), layouts ?? (halves ? LayoutRules.BlockedAsStored : LayoutRules.Blocked), call => plan((TLayer)call.Layer, call))
        {
            Condition = when == null ? null : call => when((TLayer)call.Layer, call),
            Pays = pays == null ? null : call => pays((TLayer)call.Layer, call),
            Scratch = scratch == null ? null : call => scratch((TLayer)call.Layer, call),
            InPlaceInput = inPlaceInput,
            Block = block,
            Tolerance = tolerance,
            ReadsHalves = halves,
        };

    public override string Backend => GpuKernels.Backend;

    /// <summary>The same kernel under another name.</summary>
    public GpuKernel Renamed(string name) => new(name, Layer, _layouts, _plan)
    {
        Condition = Condition, Pays = Pays, Scratch = Scratch, InPlaceInput = InPlaceInput, Block = Block, Tolerance = Tolerance, ReadsHalves = ReadsHalves,
    };

    public override GpuWork Plan(LayerCall call)
    {
        try
        {
            Dispatch[] dispatches = ReadsHalves ? [.. _plan(call).Select(dispatch => dispatch.InHalves(call))] : _plan(call);
            return new GpuWork(dispatches) { Scratch = Scratch?.Invoke(call) ?? [], Refusal = dispatches.Select(dispatch => dispatch.Refusal).FirstOrDefault(refusal => refusal != null) };
        }
        catch (OverflowException)
        {
            return new GpuWork([]) { Refusal = "its tensors or weights have more than 2^31 elements, which no shader can address; run this layer on the CPU." };
        }
    }
}

/// <summary>The dispatches of one call, in order.</summary>
internal sealed class GpuWork(Dispatch[] dispatches) : KernelWork
{
    public Dispatch[] Dispatches { get; } = dispatches;

    public override int DispatchCount => Dispatches.Length;

    public override long? WeightBytes => Dispatches.SelectMany(dispatch => dispatch.Reads).Select(read => read.Weights).OfType<PackedWeights>().Distinct().Sum(weights => (long)weights.Elements * weights.Element.Size());
}
