using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// What all layers share that give their input another shape with the elements in the same row-major order. No memory is
/// touched: the output is an alias of the input. It stays channel-blocked where both shapes have the same batch, channels and
/// area, such as <c>[N, C, 1, 1] → [N, C]</c>.
/// </summary>
public abstract record ReshapingLayer : Layer
{
    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 0;

    internal sealed override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block)
    {
        var x = inputs[0].Shape;
        bool same = x.Batch == output.Batch && x.Channels == output.Channels && x.Area == output.Area;
        var layout = same ? inputs[0].Layout : Layout.Plain;
        return new LayoutChoice(layout, layout, IsAlias: true);
    }

    internal sealed override CpuDispatch PlanCpu(LayerCall call) => throw new InvalidOperationException("A reshape is an alias of its input; there is nothing to compute.");
}
