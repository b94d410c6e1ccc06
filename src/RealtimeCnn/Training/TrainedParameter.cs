namespace RealtimeCnn.Training;

/// <summary>
/// One parameter that a <see cref="TrainingNetwork"/> trains: its values, and its gradient after the last step, element by element in
/// the same order. Which order that is is the network's affair; <see cref="TrainingNetwork.Gradient"/> gives the shape's.
/// </summary>
public sealed class TrainedParameter
{
    private readonly TrainingNetwork _network;
    private readonly Tensor _tensor;

    internal TrainedParameter(TrainingNetwork network, string name, Tensor tensor) => (_network, Name, _tensor) = (network, name, tensor);

    /// <summary>Node and parameter, such as <c>linear1.weight</c>; the first such name where nodes share it.</summary>
    public string Name { get; }

    /// <summary>Extent along each axis.</summary>
    public Shape Shape => _tensor.Shape;

    /// <summary>The values, which the next step uses as they are then. They are the graph's own: networks made of it later have them too.</summary>
    public Span<float> Values => _tensor.Span;

    /// <summary>The derivative of the last step's loss by each value. Holds until the next step.</summary>
    /// <exception cref="InvalidOperationException">There was no step yet.</exception>
    public ReadOnlySpan<float> Gradient => _network.GradientOf(_tensor);
}
