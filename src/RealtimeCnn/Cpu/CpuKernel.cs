using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>A kernel of the CPU backend.</summary>
internal sealed class CpuKernel : Kernel
{
    private readonly Func<LayerCall, CpuDispatch> _plan;

    private CpuKernel(string name, Type layer, LayoutRule layouts, Func<LayerCall, CpuDispatch> plan)
        : base(name, layer, layouts) => _plan = plan;

    /// <summary>A kernel of all layers of a type.</summary>
    /// <param name="plan">The work of one call.</param>
    /// <param name="layouts">The layouts it works in; channel-blocked where none is given.</param>
    /// <param name="name">Names it among the kernels of its layer.</param>
    /// <param name="when">Which calls it computes; null for every one.</param>
    /// <param name="pays">For which of them it is better than the kernels behind it; null for all.</param>
    /// <param name="inPlaceInput">The input whose memory the output may take; −1 for none.</param>
    /// <param name="block">For a kernel of several nodes: those it computes together with the given one, or null.</param>
    /// <param name="saves">Shapes of what it writes for its backward kernel; null for nothing.</param>
    /// <param name="updates">Statistics whose next values it writes in training, by number of the parameter; null for none.</param>
    /// <param name="tolerance">Relative L2 that it keeps, where that is more than its layer's other kernels need; else 0.</param>
    public static CpuKernel For<TLayer>(
        Func<TLayer, LayerCall, CpuDispatch> plan, LayoutRule? layouts = null, string name = Plain, Func<TLayer, LayerCall, bool>? when = null, Func<TLayer, LayerCall, bool>? pays = null, int inPlaceInput = -1,
        Func<Node, IReadOnlyList<Node>?>? block = null, Func<LayerCall, Shape[]>? saves = null, IReadOnlyList<int>? updates = null,
        double tolerance = 0)
        where TLayer : Layer =>
        new(name, typeof(TLayer), layouts ?? LayoutRules.Blocked, call => plan((TLayer)call.Layer, call))
        {
            Condition = when == null ? null : call => when((TLayer)call.Layer, call),
            Pays = pays == null ? null : call => pays((TLayer)call.Layer, call),
            InPlaceInput = inPlaceInput,
            Block = block,
            Saves = saves,
            Updates = updates ?? [],
            Tolerance = tolerance,
        };

    /// <summary>A backward kernel of all layers of a type.</summary>
    /// <param name="gives">The gradients it writes, in order.</param>
    /// <param name="plan">The work of one backward call.</param>
    /// <param name="reads">The forward values it reads behind the gradients of the outputs.</param>
    /// <param name="layouts">The layouts it works in; channel-blocked where none is given.</param>
    /// <param name="name">Names it among the backward kernels of its layer.</param>
    /// <param name="when">Which backward calls it computes; null for every one.</param>
    /// <param name="inPlaceInput">The input whose memory the first gradient may take; −1 for none.</param>
    /// <param name="spread">The shape of a gradient, where it repeats its target; null where none does.</param>
    /// <param name="takesSlope">Which calls it computes together with the activation before its layer; null for none.</param>
    public static CpuKernel Backward<TLayer>(
        Func<LayerCall, IReadOnlyList<GradientTarget>> gives, Func<TLayer, LayerCall, CpuDispatch> plan, ForwardValues reads = ForwardValues.None,
        LayoutRule? layouts = null, string name = Plain, Func<TLayer, LayerCall, bool>? when = null, int inPlaceInput = -1,
        Func<LayerCall, GradientTarget, Shape>? spread = null, Func<TLayer, LayerCall, bool>? takesSlope = null)
        where TLayer : Layer =>
        new(name, typeof(TLayer), layouts ?? LayoutRules.Blocked, call => plan((TLayer)call.Layer, call))
        {
            Gradient = new GradientRule(reads, gives) { Spread = spread, TakesSlope = takesSlope == null ? null : call => takesSlope((TLayer)call.Layer, call) },
            Condition = when == null ? null : call => when((TLayer)call.Layer, call),
            InPlaceInput = inPlaceInput,
        };

    public override string Backend => CpuKernels.Backend;

    public override CpuDispatch Plan(LayerCall call) => _plan(call);
}
