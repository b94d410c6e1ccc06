namespace RealtimeCnn.Heads;

/// <summary>What the outputs of a detector mean: how they become boxes. A model's file says which head it has, and its numbers.</summary>
public abstract record DetectionHead
{
    /// <summary>Score from which on a box is one, in (0, 1): the model's own.</summary>
    public float Threshold { get; init; } = 0.35f;

    /// <summary>Intersection over union above which two boxes of a class mean the same thing, in [0, 1].</summary>
    public float Overlap { get; init; } = 0.5f;

    /// <summary>Reads the boxes of one picture, best first; of boxes that mean the same thing, the best.</summary>
    /// <param name="outputs">What the network gave for a batch.</param>
    /// <param name="item">Which picture of the batch.</param>
    /// <param name="input">Size of the network's input; boxes are in its pixels.</param>
    /// <param name="threshold">Least score, in (0, 1); <see cref="Threshold"/>, or less to see what lies below it.</param>
    /// <param name="found">Gets the boxes; what it held is removed.</param>
    /// <exception cref="ArgumentException">The outputs are not those of this head.</exception>
    public abstract void Decode(IReadOnlyList<Tensor> outputs, int item, Size2d input, float threshold, List<Detection> found);
}
