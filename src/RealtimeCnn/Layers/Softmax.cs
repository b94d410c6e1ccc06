using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>What softmax and its logarithm share: they work on each line of elements along one axis. Shapes: any of rank 1 or more → the same.</summary>
/// <param name="Axis">The axis; negative ones count from the last, −1.</param>
public abstract record SoftmaxLayer(int Axis) : Layer
{
    private protected abstract bool IsLogarithm { get; }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (Axis < -x.Rank || Axis >= x.Rank)
            throw new ShapeException($"axis {Axis} is not one of input {x}.");
        return x;
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 8L * output.Count;

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) => LayoutChoice.Plain;

    /// <summary>Extents before, along and behind the axis.</summary>
    internal (int Outer, int Length, int Inner) Lines(Shape x)
    {
        int axis = Axis < 0 ? Axis + x.Rank : Axis;
        return (x.Product(0, axis), x[axis], x.Product(axis + 1, x.Rank));
    }

    internal override unsafe CpuDispatch PlanCpu(LayerCall call)
    {
        var (outer, length, inner) = Lines(call.Input.Shape);
        int parts = (inner + 15) / 16;
        return CpuDispatch.Create(&Forward, new Constants(length, inner, parts, IsLogarithm), length == 0 ? 0 : outer * parts);
    }

    /// <summary>An item is up to 16 neighbouring lines: one vector of them, or each for itself.</summary>
    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            int first = item % c.Parts * 16, lines = Math.Min(16, c.Inner - first);
            long at = ((long)(item / c.Parts) * c.Length * c.Inner) + first;
            if (lines == 16)
            {
                ForwardVector(arguments->Inputs[0] + at, arguments->Output + at, in c);
                continue;
            }

            for (int line = 0; line < lines; line++)
                ForwardLine(arguments->Inputs[0] + at + line, arguments->Output + at + line, in c);
        }
    }

    private static unsafe void ForwardVector(float* x, float* y, in Constants c)
    {
        long end = (long)c.Length * c.Inner;
        var largest = Vector512.Load(x);
        for (long i = c.Inner; i < end; i += c.Inner)
            largest = Vector512.Max(largest, Vector512.Load(x + i));
        var sum = Vector512<float>.Zero;
        for (long i = 0; i < end; i += c.Inner)
        {
            var shifted = Vector512.Load(x + i) - largest;
            var power = Vector512.Exp(shifted);
            sum += power;
            Vector512.Store(c.IsLogarithm ? shifted : power, y + i);
        }

        var scale = c.IsLogarithm ? Vector512.Log(sum) : Vector512<float>.One / sum;
        for (long i = 0; i < end; i += c.Inner)
        {
            var value = Vector512.Load(y + i);
            Vector512.Store(c.IsLogarithm ? value - scale : value * scale, y + i);
        }
    }

    private static unsafe void ForwardLine(float* x, float* y, in Constants c)
    {
        long end = (long)c.Length * c.Inner;
        float largest = x[0];
        for (long i = c.Inner; i < end; i += c.Inner)
            largest = Math.Max(largest, x[i]);
        double sum = 0;
        for (long i = 0; i < end; i += c.Inner)
        {
            float shifted = x[i] - largest, power = MathF.Exp(shifted);
            sum += power;
            y[i] = c.IsLogarithm ? shifted : power;
        }

        float scale = (float)(c.IsLogarithm ? Math.Log(sum) : 1 / sum);
        for (long i = 0; i < end; i += c.Inner)
            y[i] = c.IsLogarithm ? y[i] - scale : y[i] * scale;
    }

    private readonly record struct Constants(int Length, int Inner, int Parts, bool IsLogarithm);
}

/// <summary>
/// Turns logits into probabilities: <c>y[i] = exp(x[i]) / Σ over j of exp(x[j])</c> along one axis, computed as
/// <c>exp(x[i] − max)</c> so that no power overflows. Each line sums to 1.
/// </summary>
/// <param name="Axis">The axis; negative ones count from the last, −1.</param>
/// <remarks>Shapes: any of rank 1 or more → the same. Source: Bridle 1990, "Probabilistic Interpretation of Feedforward Classification Network Outputs"; ONNX Softmax-13.</remarks>
public sealed record Softmax(int Axis = 1) : SoftmaxLayer(Axis)
{
    private protected override bool IsLogarithm => false;
}

/// <summary>
/// The logarithm of <see cref="Softmax"/>: <c>y[i] = x[i] − log(Σ over j of exp(x[j]))</c> along one axis, computed as
/// <c>x[i] − max − log(Σ exp(x[j] − max))</c>, which stays finite where a probability underflows.
/// </summary>
/// <param name="Axis">The axis; negative ones count from the last, −1.</param>
/// <remarks>Shapes: any of rank 1 or more → the same. Source: ONNX LogSoftmax-13.</remarks>
public sealed record LogSoftmax(int Axis = 1) : SoftmaxLayer(Axis)
{
    private protected override bool IsLogarithm => true;
}
