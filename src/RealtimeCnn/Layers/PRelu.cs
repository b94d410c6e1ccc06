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

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.SamePlace(input, output);
}
