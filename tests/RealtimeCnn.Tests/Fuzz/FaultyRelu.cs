using RealtimeCnn.Cpu;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Fuzz;

/// <summary>What is wrong with a <see cref="FaultyRelu"/>.</summary>
internal enum RelusFault
{
    /// <summary>Its kernel reads one float behind its input.</summary>
    ReadsBehind,

    /// <summary>Its kernel reads one float before its input.</summary>
    ReadsBefore,

    /// <summary>Its kernel writes one float behind its output.</summary>
    WritesBehind,

    /// <summary>Its kernel reads behind its constants.</summary>
    ReadsBehindConstants,

    /// <summary>Its result is a thousandth too large.</summary>
    Miscomputes,
}

/// <summary>A ReLU with a fault.</summary>
internal sealed record FaultyRelu(RelusFault Fault) : Layer, ICustomLayer
{
    public unsafe IReadOnlyList<CustomKernel> Kernels =>
    [
        new(CpuKernel.For<FaultyRelu>(
            (layer, call) => CpuDispatch.Create(&Forward, new Constants(layer.Fault, call.Output.Shape.Count, (int)call.Output.Elements(16)), 1), LayoutRules.Plain)),
    ];

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    private static unsafe void Forward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* x = arguments->Inputs[0], y = arguments->Output;
        for (int i = 0; i < c.Count; i++)
            y[i] = Math.Max(x[i], 0) * (c.Fault == RelusFault.Miscomputes ? 1.001f : 1);
        if (c.Fault == RelusFault.ReadsBehind)
            y[0] += x[c.Elements] * 1e-30f;
        if (c.Fault == RelusFault.ReadsBefore)
            y[0] += x[-(4096 / sizeof(float))] * 1e-30f;
        if (c.Fault == RelusFault.WritesBehind)
            y[c.Elements] = 1;
        if (c.Fault == RelusFault.ReadsBehindConstants)
            y[0] += ((float*)arguments->Constants)[16] * 1e-30f;
    }

    private readonly record struct Constants(RelusFault Fault, int Count, int Elements);
}
