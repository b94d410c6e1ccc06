using System.Runtime.Intrinsics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>Rectified linear unit with a learned slope: <c>y = x</c> above 0, else <c>slope·x</c>. Shapes: any → the same.</summary>
/// <param name="SlopeShape">
/// Shape of the parameter <c>slope</c>, which broadcasts to the input: <c>[C, 1, 1]</c> for one slope a channel of a picture,
/// <c>[1]</c> for one in all.
/// </param>
/// <remarks>Source: He et al. 2015, "Delving Deep into Rectifiers", arXiv:1502.01852; ONNX PRelu.</remarks>
public sealed record PRelu(Shape SlopeShape) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters => [new ParameterSpec("slope", SlopeShape)];

    /// <summary>One slope for each channel of pictures <c>[N, C, H, W]</c>.</summary>
    public static PRelu PerChannel(int channels) => new(new Shape(channels, 1, 1));

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        return Broadcasting.Common(x, SlopeShape) == x ? x : throw new ShapeException($"a slope of shape {SlopeShape} does not broadcast to the input {x}.");
    }

    internal override LayoutChoice ChooseLayout(ReadOnlySpan<TensorInfo> inputs, Shape output, int block) =>
        // A parameter is row-major, so that it can be walked beside blocks only as one value for each channel, pixel or in all.
        BroadcastOperand.LayoutFor(SlopeShape, output) == Layout.Plain ? new LayoutChoice(inputs[0].Layout, inputs[0].Layout) : LayoutChoice.Plain;

    internal override CpuDispatch PlanCpu(LayerCall call) => BroadcastKernel.Plan<Slope>(
        call, new PackedWeights("plain/16", (SlopeShape.Count + 15L) / 16 * 16, destination => call.Parameters[0].Span.CopyTo(destination)));

    private readonly struct Slope : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> slope, Vector512<float> unused) =>
            Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), x * slope, x);
    }
}
