using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>A layer that applies one <see cref="Activation"/> to each element: <c>y[i] = f(x[i])</c>. Shapes: any → the same.</summary>
/// <param name="Activation">The function.</param>
public abstract record ActivationLayer(Activation Activation) : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) =>
        new(inputs[0].Layout, inputs[0].Layout);

    internal override unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        bool blocked = call.Output.Layout == Layout.Blocked;
        int vectors = (int)(call.Output.Elements(16) / 16);
        int area = blocked ? call.Output.Shape.Area : vectors;
        int blocks = blocked ? BlockedLayout.Blocks(call.Output.Shape.Channels, 16) : 1;
        return CpuDispatch.Create(&Forward, new Constants(Activation, vectors, area, blocks, blocked ? call.Output.Shape.Channels % 16 : 0), (vectors + VectorsPerItem - 1) / VectorsPerItem);
    }

    private const int VectorsPerItem = 256;

    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* x = arguments->Inputs[0], y = arguments->Output;
        int end = Math.Min(to * VectorsPerItem, c.Vectors);
        for (int i = from * VectorsPerItem; i < end; i++)
        {
            var value = c.Activation.Apply(Vector512.Load(x + (i * 16L)));
            if (c.Tail != 0 && i / c.Area % c.Blocks == c.Blocks - 1)
                value = Lanes.KeepFirst(value, c.Tail);
            Vector512.StoreAligned(value, y + (i * 16L));
        }
    }

    private readonly record struct Constants(Activation Activation, int Vectors, int Area, int Blocks, int Tail);
}
