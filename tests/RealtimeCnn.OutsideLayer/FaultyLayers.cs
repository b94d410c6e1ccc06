using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.OutsideLayer;

/// <summary>A layer whose shader has an error, or is not there.</summary>
public sealed record BadShader(string Shader) : Layer, ICustomLayer
{
    public IReadOnlyList<CustomKernel> Kernels => [ShaderKernel.For<BadShader>((layer, call) => [ShaderPass.Create(layer.Shader, call.Outputs[0].Count, 0)])];

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];
}

/// <summary>A layer whose CPU kernel throws: while it is planned, or on negative numbers.</summary>
public sealed record BadKernel(bool WhilePlanning = false) : Layer, ICustomLayer
{
    public IReadOnlyList<CustomKernel> Kernels =>
    [
        CustomKernel.OnCpu<BadKernel>((layer, call) => layer.WhilePlanning ? throw new NotImplementedException("no plan") : new CpuWork(call.Inputs[0].Count, Copy)),
    ];

    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    private static void Copy(in CpuMemory memory, int from, int to)
    {
        for (int i = from; i < to; i++)
            memory.Output()[i] = memory.Input(0)[i] >= 0 ? memory.Input(0)[i] : throw new ArithmeticException($"element {i} is negative");
    }
}

/// <summary>A layer that brings nothing along.</summary>
public sealed record Bare : Layer
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];
}
