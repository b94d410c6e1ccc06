using RealtimeCnn.Graphs;

namespace RealtimeCnn.Training;

/// <summary>
/// One parameter that a <see cref="TrainingNetwork"/> trains: its values, and its gradient after the last step, element by element in
/// the same order. Which order that is is the network's affair; <see cref="TrainingNetwork.Gradient"/> gives the shape's.
/// </summary>
public sealed class TrainedParameter
{
    internal TrainedParameter(TrainingNetwork network, Parameter parameter) => (Network, Parameter) = (network, parameter);

    /// <summary>The parameter of the graph.</summary>
    public Parameter Parameter { get; }

    /// <summary>The name of its node, and its name in the layer: <c>linear1.weight</c>.</summary>
    public string Name => Parameter.Name;

    /// <summary>The network that trains it.</summary>
    internal TrainingNetwork Network { get; }

    /// <summary>The derivative of the last step's loss by each value. Holds until the next step.</summary>
    /// <exception cref="InvalidOperationException">There was no step yet.</exception>
    public ReadOnlySpan<float> Gradient => Network.GradientOf(Parameter);

    /// <summary>Gives access to the values for a change in place; the next step uses them. Allocates nothing.</summary>
    /// <returns>Dispose it on the same thread, before the next step.</returns>
    public ParameterEdit Edit() => Parameter.Edit();
}
