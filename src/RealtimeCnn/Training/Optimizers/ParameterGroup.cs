using RealtimeCnn.Graphs;

namespace RealtimeCnn.Training.Optimizers;

/// <summary>Parameters that an <see cref="Optimizer"/> treats in another way than the rest.</summary>
/// <param name="Takes">Whether a parameter belongs to the group; the first group that takes it has it.</param>
public sealed record ParameterGroup(Func<Parameter, bool> Takes)
{
    /// <summary>Weight decay in place of the rule's; null for the rule's.</summary>
    public float? WeightDecay { get; init; }

    /// <summary>Factor on the rate, from 0 on.</summary>
    public float RateFactor { get; init; } = 1;

    /// <summary>Biases, scales and slopes, which have one axis: without weight decay, as recipes for convolutional networks have it.</summary>
    public static ParameterGroup VectorsWithoutDecay { get; } = new(parameter => parameter.Shape.Rank < 2) { WeightDecay = 0 };
}
