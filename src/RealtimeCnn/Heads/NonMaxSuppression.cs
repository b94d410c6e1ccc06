namespace RealtimeCnn.Heads;

/// <summary>
/// Keeps the best of boxes that mean the same thing: best score first, a box is kept unless a kept one of its class overlaps it by
/// more than the threshold.
/// </summary>
/// <remarks>Source: Neubeck and Van Gool 2006, "Efficient Non-Maximum Suppression"; ONNX NonMaxSuppression.</remarks>
public static class NonMaxSuppression
{
    /// <summary>Reduces <paramref name="detections"/> in place to those kept, best first; of equal scores the earlier one first.</summary>
    /// <param name="detections">Candidates, in any order.</param>
    /// <param name="overlap">Intersection over union above which two boxes mean the same thing, in [0, 1].</param>
    /// <param name="most">Most boxes kept, at least 0.</param>
    public static void Run(List<Detection> detections, float overlap = 0.5f, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(detections);
        if (overlap is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(overlap), overlap, "An overlap lies in [0, 1].");
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        Detection[] candidates = [.. detections.OrderByDescending(detection => detection.Score)];
        detections.Clear();
        foreach (var candidate in candidates)
        {
            if (detections.Count == most)
                return;
            if (!detections.Exists(kept => kept.Class == candidate.Class && kept.Overlap(candidate) > overlap))
                detections.Add(candidate);
        }
    }
}
