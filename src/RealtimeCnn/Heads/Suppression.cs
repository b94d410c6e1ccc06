using System.Numerics;

namespace RealtimeCnn.Heads;

/// <summary>What becomes of boxes that overlap a better one.</summary>
public enum SuppressionKind
{
    /// <summary>They go. Source: Neubeck and Van Gool 2006, "Efficient Non-Maximum Suppression"; ONNX NonMaxSuppression.</summary>
    Hard,

    /// <summary>Above the overlap their score is multiplied by 1 − IoU. Source: Bodla et al. 2017, "Soft-NMS", arXiv:1704.04503.</summary>
    SoftLinear,

    /// <summary>Whatever the overlap, their score is multiplied by <c>exp(−IoU² / sigma)</c>. Source: Bodla et al. 2017, "Soft-NMS", arXiv:1704.04503.</summary>
    SoftGaussian,

    /// <summary>The better one becomes the mean of all of them and itself, weighted by score, landmarks too. Source: MediaPipe, non_max_suppression_calculator.</summary>
    Weighted,
}

/// <summary>Reduces boxes that mean the same thing to one: non-maximum suppression.</summary>
public sealed record Suppression
{
    /// <summary>What becomes of the others.</summary>
    public SuppressionKind Kind { get; init; }

    /// <summary>Intersection over union above which two boxes mean the same thing, in [0, 1].</summary>
    public float Overlap { get; init; } = 0.5f;

    /// <summary>How slowly scores fall with the overlap in <see cref="SuppressionKind.SoftGaussian"/>, above 0.</summary>
    public float Sigma { get; init; } = 0.5f;

    /// <summary>Whether boxes of different classes leave each other alone.</summary>
    public bool IsByClass { get; init; } = true;

    /// <summary>Reduces things in place to those kept, best first; of equal scores the earlier one first. Time grows with the square of their number.</summary>
    /// <param name="found">Candidates, in any order.</param>
    /// <param name="threshold">Score below which a box goes that another one has weakened.</param>
    /// <param name="most">Most things kept, at least 0.</param>
    /// <exception cref="ArgumentException">A number is not possible.</exception>
    public void Run(Detections found, float threshold = 0, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        Verify();
        Sort(found);
        switch (Kind)
        {
            case SuppressionKind.Hard:
                Hard(found, most);
                break;
            case SuppressionKind.Weighted:
                Weighted(found, most);
                break;
            default:
                Soft(found, threshold, most);
                break;
        }
    }

    /// <summary>Throws unless the numbers are possible.</summary>
    internal void Verify()
    {
        if (Overlap is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Overlap), Overlap, "An overlap lies in [0, 1].");
        if (!(Sigma > 0) || !float.IsFinite(Sigma))
            throw new ArgumentOutOfRangeException(nameof(Sigma), Sigma, "Sigma is finite and above 0.");
    }

    // A stable insertion sort: candidates come in order from where heads collect them.
    private static void Sort(Detections found)
    {
        var boxes = found.Boxes;
        for (int i = 1; i < boxes.Length; i++)
        {
            int place = i;
            while (place > 0 && boxes[i].Score > boxes[place - 1].Score)
                place--;
            found.BringForward(i, place);
        }
    }

    private void Hard(Detections found, int most)
    {
        int kept = 0;
        for (int i = 0; i < found.Count && kept < most; i++)
        {
            var box = found[i];
            bool isFree = true;
            for (int k = 0; k < kept && isFree; k++)
                isFree = !MeanTheSame(found[k], box);
            if (isFree)
                found.Move(i, kept++);
        }

        found.Truncate(kept);
    }

    private void Soft(Detections found, float threshold, int most)
    {
        for (int kept = 0; kept < found.Count; kept++)
        {
            if (kept == most)
            {
                found.Truncate(kept);
                return;
            }

            int best = kept;
            for (int i = kept + 1; i < found.Count; i++)
                best = found[i].Score > found[best].Score ? i : best;
            found.BringForward(best, kept);
            var box = found[kept];
            int left = kept + 1;
            for (int i = kept + 1; i < found.Count; i++)
            {
                var other = found[i];
                float score = other.Score * Weakened(box, other);
                if (!(score >= threshold))
                    continue;
                found.Move(i, left);
                found.Boxes[left++] = other with { Score = score };
            }

            found.Truncate(left);
        }
    }

    private void Weighted(Detections found, int most)
    {
        Span<Vector2> points = stackalloc Vector2[found.Landmarks];
        int kept = 0;
        for (; kept < found.Count && kept < most; kept++)
        {
            var box = found[kept];
            var corners = new Vector4(box.Left, box.Top, box.Right, box.Bottom) * box.Score;
            float sum = box.Score;
            Weigh(found.PointsOf(kept), box.Score, points, isFirst: true);
            int left = kept + 1;
            for (int i = kept + 1; i < found.Count; i++)
            {
                var other = found[i];
                if (!MeanTheSame(box, other))
                {
                    found.Move(i, left++);
                    continue;
                }

                corners += new Vector4(other.Left, other.Top, other.Right, other.Bottom) * other.Score;
                sum += other.Score;
                Weigh(found.PointsOf(i), other.Score, points, isFirst: false);
            }

            found.Truncate(left);
            corners /= sum;
            found.Boxes[kept] = box with { Left = corners.X, Top = corners.Y, Right = corners.Z, Bottom = corners.W };
            var mean = found.PointsOf(kept);
            for (int p = 0; p < mean.Length; p++)
                mean[p] = points[p] / sum;
        }

        found.Truncate(kept);

        static void Weigh(ReadOnlySpan<Vector2> from, float weight, Span<Vector2> sums, bool isFirst)
        {
            for (int p = 0; p < from.Length; p++)
                sums[p] = (isFirst ? Vector2.Zero : sums[p]) + (from[p] * weight);
        }
    }

    private bool MeanTheSame(Detection a, Detection b) => (!IsByClass || a.Class == b.Class) && a.Overlaps(b, Overlap);

    private float Weakened(Detection box, Detection other)
    {
        if (IsByClass && box.Class != other.Class)
            return 1;
        float overlap = box.Overlap(other);
        return Kind == SuppressionKind.SoftGaussian ? MathF.Exp(-(overlap * overlap) / Sigma) : overlap > Overlap ? 1 - overlap : 1;
    }
}
