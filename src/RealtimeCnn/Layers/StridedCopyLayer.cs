using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>What all layers share that only move elements: each element of the output is one of the input, found by a <see cref="StridedView"/>.</summary>
public abstract record StridedCopyLayer : Layer
{
    /// <summary>Where each element of the output is found.</summary>
    internal abstract StridedView View(Shape input, Shape output);

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 2L * output.Count;

    /// <summary>Takes its input as it comes; gives blocks for blocks, as long as pixels stay pixels.</summary>
    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block)
    {
        var layout = inputs[0].Layout;
        return new LayoutChoice(layout, output.Rank < 2 ? Layout.Plain : layout);
    }

    internal override CpuDispatch PlanCpu(LayerCall call) => StridedCopyKernel.Plan(View(call.Input.Shape, call.Output.Shape), call);
}
