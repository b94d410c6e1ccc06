using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Benchmarks;

/// <summary>
/// Arithmetic and nothing else, in OpenGL: every element is multiplied and added to <c>64·Turns</c> times in registers. Shapes: x of a
/// multiple of 12 elements → the same.
/// </summary>
/// <param name="Turns">Of the loop; at least 1.</param>
public sealed record MultiplyAdds(int Turns) : Layer, ICustomLayer
{
    private const int StepsOfTurn = 64, ElementsOfInvocation = 12;

    private static readonly CustomKernel[] Brought = [ShaderKernel.For<MultiplyAdds>((layer, call) =>
    {
        int invocations = call.Inputs[0].Count / ElementsOfInvocation;
        return [ShaderPass.Create("multiply_add.comp", invocations, new Constants(invocations, layer.Turns, 0.5f, 0.25f))];
    })];

    /// <inheritdoc/>
    public IReadOnlyList<CustomKernel> Kernels => Brought;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

    /// <summary>Operations of a run; a multiply-add is two.</summary>
    /// <param name="elements">Elements of the input.</param>
    public double Operations(long elements) => 2.0 * StepsOfTurn * Turns * elements;

    private readonly record struct Constants(int Count, int Turns, float Factor, float Summand);
}
