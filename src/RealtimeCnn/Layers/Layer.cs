using System.Text;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// One mathematical function of a network: its hyper-parameters and its rules, never its data. A layer has any number of
/// inputs and one output, some have several; a node of a <see cref="Graph"/> gives it a name, inputs and parameter values.
/// </summary>
public abstract record Layer
{
    /// <summary>Fewest and most inputs.</summary>
    public virtual (int Fewest, int Most) InputCount => (1, 1);

    /// <summary>The parameters this layer needs, in the order in which a node holds them.</summary>
    public virtual IReadOnlyList<ParameterSpec> Parameters => [];

    /// <summary>The shape this layer produces from <paramref name="inputs"/>, the first one's where it has several outputs.</summary>
    /// <param name="inputs">Shapes of the inputs, as many as <see cref="InputCount"/> allows.</param>
    /// <exception cref="ShapeException">The inputs do not fit this layer.</exception>
    public abstract Shape InferShape(ReadOnlySpan<Shape> inputs);

    /// <summary>The shapes of all outputs; one, unless the layer has several.</summary>
    /// <param name="inputs">Shapes of the inputs, as many as <see cref="InputCount"/> allows.</param>
    /// <exception cref="ShapeException">The inputs do not fit this layer.</exception>
    public virtual Shape[] InferShapes(ReadOnlySpan<Shape> inputs) => [InferShape(inputs)];

    /// <summary>What a part of the output depends on of an input; all of it, unless the layer says otherwise.</summary>
    /// <param name="part">Rows and columns of the output.</param>
    /// <param name="index">Which input.</param>
    /// <param name="input">Its shape, <c>[N, C, H, W]</c>.</param>
    /// <param name="output">Shape of the output, <c>[N, C, H, W]</c>.</param>
    public virtual ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => ReceptiveField.Whole(input);

    /// <summary>Whether the outputs have slopes by the elements of an input; not where it is an index, a condition or a target, or where they are steps.</summary>
    internal virtual bool HasSlopes(int input) => true;

    /// <summary>Multiply-accumulates of one forward pass; 0 for layers that do no such work.</summary>
    /// <param name="inputs">Shapes of the inputs.</param>
    /// <param name="output">Shape of the output.</param>
    public virtual long MultiplyAccumulates(ReadOnlySpan<Shape> inputs, Shape output) => 0;

    /// <summary>
    /// How long one forward pass may take, in steps worth a multiply-accumulate or an element read or written: what budgets of time
    /// stand on. Where it depends on the data, as in <c>NonMaxSuppression</c>, the worst case counts; functions that are computed
    /// lane by lane count as several steps.
    /// </summary>
    /// <param name="inputs">Shapes of the inputs.</param>
    /// <param name="output">Shape of the output.</param>
    /// <returns>At least 0; <see cref="long.MaxValue"/> for what exceeds it.</returns>
    public virtual long Operations(ReadOnlySpan<Shape> inputs, Shape output) =>
        Math.Max(MultiplyAccumulates(inputs, output), Cost.Sum(Cost.Elements(inputs), output.Count));

    /// <summary>Writes what stands in the text of every layer before its hyper-parameters: nothing.</summary>
    /// <param name="builder">Where to.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder) => false;
}

/// <summary>A parameter that a layer needs.</summary>
/// <param name="Name">Field-standard name, such as <c>weight</c>.</param>
/// <param name="Shape">Its exact shape.</param>
/// <param name="FanIn">How many products one output sums, which initialisers scale by; 0 for parameters that are not weights.</param>
/// <param name="Initial">The value that every element starts with where there is no fan-in.</param>
public readonly record struct ParameterSpec(string Name, Shape Shape, int FanIn = 0, float Initial = 0)
{
    /// <summary>Whether it is measured on data, such as a running mean, instead of trained by gradients.</summary>
    public bool IsStatistic { get; init; }
}
