using RealtimeCnn.Heads;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Training;

/// <summary>What the training of a detector of centres makes small.</summary>
public static class CentreTerms
{
    /// <summary>The losses of heat, of classes and of boxes, each with its part of the head's target.</summary>
    /// <param name="head">The head.</param>
    /// <param name="input">Size of the input.</param>
    /// <param name="classWeight">What classes count beside the heat.</param>
    /// <param name="boxWeight">What boxes count beside the heat.</param>
    /// <exception cref="ArgumentException">The input is no whole number of cells.</exception>
    public static IReadOnlyList<LossTerm> Of(CentreHead head, Size2d input, float classWeight = 1, float boxWeight = 1)
    {
        ArgumentNullException.ThrowIfNull(head);
        var target = head.TargetShape(input);
        int area = target[1] * target[2];
        return
        [
            new LossTerm(new CentreFocal()) { Target = ..area },
            new LossTerm(new PlaceClassification(), 1) { Target = area..(3 * area), Weight = classWeight },
            new LossTerm(new BoxRegression(), 2) { Target = (2 * area).., Weight = boxWeight },
        ];
    }
}
