using RealtimeCnn.Layers;

namespace RealtimeCnn.SelfTests;

/// <summary>Shapes that a layer has to refuse.</summary>
/// <param name="Layer">Who refuses.</param>
/// <param name="Inputs">Shapes of the inputs.</param>
/// <param name="Says">What stands in the message: the numbers and names that a user needs.</param>
internal sealed record RefusedCase(Layer Layer, Shape[] Inputs, params string[] Says)
{
    public override string ToString() => $"{Layer} of {string.Join(", ", Inputs)}";
}
