using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.OutsideLayer;

/// <summary>
/// Soft thresholding, which takes noise out of a signal: <c>y[n,c,h,w] = Gain · sign(x) · max(|x| − threshold[c], 0)</c> with
/// <c>x = x[n,c,h,w]</c>. Shapes: x <c>[N, Channels, H, W]</c>, threshold <c>[Channels]</c> → <c>[N, Channels, H, W]</c>.
/// Source: Zhao, Zhong, Fu, Tang and Pecht 2020, "Deep Residual Shrinkage Networks for Fault Diagnosis".
/// </summary>
public sealed record SoftThreshold(int Channels) : Layer, ICustomLayer
{
    private static readonly CustomKernel[] Brought = [SoftThresholdOnCpu.Kernel, SoftThresholdOnGpu.Kernel];

    public float Gain { get; init; } = 1;

    public override IReadOnlyList<ParameterSpec> Parameters => [new("threshold", new Shape(Channels), Initial: 0.1f)];

    public IReadOnlyList<CustomKernel> Kernels => Brought;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0].Channels == Channels
        ? inputs[0]
        : throw new ShapeException($"has {Channels} thresholds; the input {inputs[0]} has {inputs[0].Channels} channels.");

    public static OnnxOperator Operator { get; } = OnnxOperator.For(
        "com.example", "SoftThreshold",
        node => new SoftThreshold(node.InputShapes[0].Channels) { Gain = node.GetFloat("gain", 1) },
        (layer, attributes) => attributes.SetFloat("gain", layer.Gain));
}

internal static class SoftThresholdOnCpu
{
    public static CustomKernel Kernel { get; } = CustomKernel.OnCpu<SoftThreshold>((layer, call) =>
    {
        var x = call.Inputs[0];
        // An item is one channel of one picture.
        return new CpuWork(x.Batch * x.Channels, (in CpuMemory memory, int from, int to) =>
        {
            for (int item = from; item < to; item++)
            {
                float threshold = memory.Parameter(0)[item % x.Channels];
                var given = memory.Input(0).Slice(item * x.Area, x.Area);
                var result = memory.Output().Slice(item * x.Area, x.Area);
                for (int i = 0; i < given.Length; i++)
                    result[i] = layer.Gain * (given[i] - Math.Clamp(given[i], -threshold, threshold));
            }
        });
    });
}

internal static class SoftThresholdOnGpu
{
    public static CustomKernel Kernel { get; } = ShaderKernel.For<SoftThreshold>((layer, call) =>
    {
        var x = call.Inputs[0];
        return [ShaderPass.Create("soft_threshold.comp", x.Count, new Constants(x.Count, x.Area, x.Channels, layer.Gain))];
    });

    private readonly record struct Constants(int Count, int Area, int Channels, float Gain);
}
