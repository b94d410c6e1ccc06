namespace RealtimeCnn.Training;

/// <summary>Samples by confidence, in bins of equal width.</summary>
internal sealed class ConfidenceBins
{
    private const int Bins = 15;
    private readonly double[] _confidence = new double[Bins];
    private readonly int[] _right = new int[Bins];
    private int _count;

    /// <summary>The mean distance between confidence and accuracy, from 0 to 1; NaN without samples.</summary>
    public double Error => _confidence.Zip(_right, (confidence, right) => Math.Abs(confidence - right)).Sum() / _count;

    /// <summary>Takes in a sample.</summary>
    /// <param name="confidence">Probability of what it was called, from 0 to 1.</param>
    /// <param name="isRight">Whether it is that.</param>
    public void Add(float confidence, bool isRight)
    {
        int bin = (int)Math.Clamp(confidence * Bins, 0, Bins - 1);
        _confidence[bin] += confidence;
        _right[bin] += isRight ? 1 : 0;
        _count++;
    }
}
