using RealtimeCnn.Heads;

namespace RealtimeCnn.Tests.Heads;

/// <summary>Suppression as papers and MediaPipe write it down, in double, over lists.</summary>
internal static class PublishedSuppression
{
    public static List<PublishedBox> Run(IEnumerable<PublishedBox> candidates, Suppression suppression, double threshold, int most)
    {
        var left = candidates.OrderByDescending(box => box.Score).ToList();
        var kept = new List<PublishedBox>();
        while (left.Count > 0 && kept.Count < most)
        {
            // The first of the best.
            var best = left.MaxBy(box => box.Score)!;
            left.RemoveAt(left.FindIndex(box => ReferenceEquals(box, best)));
            var picked = best;
            switch (suppression.Kind)
            {
                case SuppressionKind.Hard:
                    left.RemoveAll(box => Competes(box, picked) && picked.Iou(box) > suppression.Overlap);
                    break;
                case SuppressionKind.SoftLinear:
                    left = [.. left.Select(box => Competes(box, picked) && picked.Iou(box) > suppression.Overlap ? box with { Score = box.Score * (1 - picked.Iou(box)) } : box).Where(box => box.Score >= threshold)];
                    break;
                case SuppressionKind.SoftGaussian:
                    left = [.. left.Select(box => Competes(box, picked) ? box with { Score = box.Score * Math.Exp(-Math.Pow(picked.Iou(box), 2) / suppression.Sigma) } : box).Where(box => box.Score >= threshold)];
                    break;
                default:
                    List<PublishedBox> all = [best, .. left.Where(box => Competes(box, picked) && picked.Iou(box) > suppression.Overlap)];
                    left.RemoveAll(all.Contains);
                    double sum = all.Sum(box => box.Score);
                    best = best with
                    {
                        Left = all.Sum(box => box.Left * box.Score) / sum, Top = all.Sum(box => box.Top * box.Score) / sum,
                        Right = all.Sum(box => box.Right * box.Score) / sum, Bottom = all.Sum(box => box.Bottom * box.Score) / sum,
                        Points = [.. best.Points.Select((_, n) => (all.Sum(box => box.Points[n].X * box.Score) / sum, all.Sum(box => box.Points[n].Y * box.Score) / sum))],
                    };
                    break;
            }

            kept.Add(best);
        }

        return kept;

        bool Competes(PublishedBox box, PublishedBox better) => !suppression.IsByClass || box.Class == better.Class;
    }
}
