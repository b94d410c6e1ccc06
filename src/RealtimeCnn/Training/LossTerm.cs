using RealtimeCnn.Layers;

namespace RealtimeCnn.Training;

/// <summary>
/// One of several things that training makes small: a loss of one of a graph's outputs. A detector has one for where things are and one
/// for their boxes, a classifier with auxiliary ends one for each of them.
/// </summary>
/// <param name="Loss">What the output is compared with its target by.</param>
/// <param name="Output">Which output of the graph.</param>
public sealed record LossTerm(Loss Loss, int Output = 0)
{
    /// <summary>What it counts in the sum of all terms; finite.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>
    /// The elements of a sample's target that it is compared with, row-major; null for all of them, in the shape they have.
    /// </summary>
    public Range? Target { get; init; }
}
