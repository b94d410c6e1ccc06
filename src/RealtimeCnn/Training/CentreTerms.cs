using RealtimeCnn.Heads;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Training;

/// <summary>What the training of a detector of centres makes small.</summary>
public static class CentreTerms
{
    /// <summary>The losses of heat maps and of boxes, each with its part of the head's target.</summary>
    /// <param name="head">The head.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="input">Size of the input.</param>
    /// <param name="boxWeight">What boxes count beside the heat.</param>
    /// <exception cref="ArgumentException">The input is no whole number of cells.</exception>
    public static IReadOnlyList<LossTerm> Of(CentreHead head, int classes, Size2d input, float boxWeight = 1)
    {
        ArgumentNullException.ThrowIfNull(head);
        var target = head.TargetShape(classes, input);
        int heat = classes * target[1] * target[2];
        return [new LossTerm(new CentreFocal()) { Target = ..heat }, new LossTerm(new BoxRegression(), 1) { Target = heat.., Weight = boxWeight }];
    }
}
