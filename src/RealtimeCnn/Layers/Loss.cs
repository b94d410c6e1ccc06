namespace RealtimeCnn.Layers;

/// <summary>
/// What training makes small: one number for a prediction and a target. A loss is a layer like any other, so that a graph may also
/// hold several and add them.
/// </summary>
public abstract record Loss : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    internal override bool HasSlopes(int input) => input == 0;

    /// <summary>The shape of the target that belongs to a prediction.</summary>
    /// <param name="prediction">Shape of the prediction.</param>
    /// <exception cref="ShapeException">The loss does not take such a prediction.</exception>
    public abstract Shape TargetShape(Shape prediction);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var expected = TargetShape(inputs[0]);
        return inputs[1] == expected ? new Shape() : throw new ShapeException($"the target of a prediction {inputs[0]} must be {expected}; it is {inputs[1]}.");
    }

    /// <summary>Refuses targets that are none, before they are used.</summary>
    /// <param name="prediction">Shape of the prediction.</param>
    /// <param name="target">All elements of the target.</param>
    /// <exception cref="ArgumentException">An element is not possible; the message names it.</exception>
    internal virtual void VerifyTarget(Shape prediction, ReadOnlySpan<float> target)
    {
    }

    /// <summary>Refuses targets outside a range, and NaN.</summary>
    private protected static void VerifyRange(ReadOnlySpan<float> target, float least, float most, string what)
    {
        for (int i = 0; i < target.Length; i++)
        {
            if (!(target[i] >= least && target[i] <= most))
                throw new ArgumentException($"Element {i} of the target is {target[i]}; {what} from {least} to {most}.", nameof(target));
        }
    }
}
