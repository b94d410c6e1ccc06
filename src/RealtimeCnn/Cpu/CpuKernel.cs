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
    /// <param name="inPlaceInput">The input whose memory the output may take; −1 for none.</param>
    /// <param name="block">For a kernel of several nodes: those it computes together with the given one, or null.</param>
    public static CpuKernel For<TLayer>(
        Func<TLayer, LayerCall, CpuDispatch> plan, LayoutRule? layouts = null, string name = Plain, Func<TLayer, LayerCall, bool>? when = null, int inPlaceInput = -1,
        Func<Node, IReadOnlyList<Node>?>? block = null)
        where TLayer : Layer =>
        new(name, typeof(TLayer), layouts ?? LayoutRules.Blocked, call => plan((TLayer)call.Layer, call))
        {
            Condition = when == null ? null : call => when((TLayer)call.Layer, call),
            InPlaceInput = inPlaceInput,
            Block = block,
        };

    public override string Backend => CpuKernels.Backend;

    public override CpuDispatch Plan(LayerCall call) => _plan(call);
}
