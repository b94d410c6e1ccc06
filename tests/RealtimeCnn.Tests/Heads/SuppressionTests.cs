using System.Numerics;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Heads;

/// <summary>Suppression as papers and MediaPipe define it, and the list that holds what is found.</summary>
public sealed class SuppressionTests
{
    [Theory]
    [InlineData(SuppressionKind.Hard, true)]
    [InlineData(SuppressionKind.Hard, false)]
    [InlineData(SuppressionKind.SoftLinear, true)]
    [InlineData(SuppressionKind.SoftLinear, false)]
    [InlineData(SuppressionKind.SoftGaussian, true)]
    [InlineData(SuppressionKind.SoftGaussian, false)]
    [InlineData(SuppressionKind.Weighted, true)]
    [InlineData(SuppressionKind.Weighted, false)]
    public void Each_kind_keeps_what_is_published(SuppressionKind kind, bool isByClass)
    {
        var random = new Random(7);
        var suppression = new Suppression { Kind = kind, Overlap = 0.35f, IsByClass = isByClass, Sigma = 0.4f };
        for (int round = 0; round < 20; round++)
        {
            var found = new Detections(2);
            var boxes = new List<PublishedBox>();
            for (int i = 0; i < 60; i++)
            {
                float x = random.NextSingle() * 40, y = random.NextSingle() * 40, w = 5 + (random.NextSingle() * 20), h = 5 + (random.NextSingle() * 20), score = random.Next(2, 20) / 20f;
                found.Add(new Detection(x, y, x + w, y + h, i % 3, score), new Vector2(x, y), new Vector2(y, x));
                boxes.Add(new PublishedBox(score, i % 3, x, y, x + w, y + h, (x, y), (y, x)));
            }

            var published = PublishedSuppression.Run(boxes, suppression, 0.2, 30);
            suppression.Run(found, 0.2f, 30);
            Assert.Equal(published.Select(box => box.Class), found.Select(box => box.Class));
            for (int i = 0; i < found.Count; i++)
            {
                Assert.Equal([published[i].Score, published[i].Left, published[i].Bottom, published[i].Points[0].X, published[i].Points[1].Y],
                    new double[] { found[i].Score, found[i].Left, found[i].Bottom, found.LandmarksOf(i)[0].X, found.LandmarksOf(i)[1].Y }, (a, b) => Math.Abs(a - b) < 1e-4);
            }
        }
    }

    [Fact]
    public void The_best_box_of_each_class_and_place_is_kept()
    {
        var boxes = new Detections();
        foreach (var box in new Detection[] { new(0, 0, 10, 10, 0, 0.6f), new(1, 0, 11, 10, 0, 0.9f), new(1, 0, 11, 10, 1, 0.5f), new(20, 0, 30, 10, 0, 0.7f) })
            boxes.Add(box);
        new Suppression().Run(boxes);
        Assert.Equal([0.9f, 0.7f, 0.5f], boxes.Select(box => box.Score));
        new Suppression { IsByClass = false }.Run(boxes);
        Assert.Equal([0.9f, 0.7f], boxes.Select(box => box.Score));
        new Suppression().Run(boxes, most: 1);
        Assert.Equal([0.9f], boxes.Select(box => box.Score));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Suppression { Overlap = float.NaN }.Run(boxes));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Suppression { Sigma = 0 }.Run(boxes));
    }

    [Fact]
    public void Things_are_copied_and_brought_to_the_picture_with_their_landmarks()
    {
        var found = new Detections(1);
        Assert.Throws<ArgumentException>(() => found.Add(new Detection(0, 0, 1, 1, 0, 1)));
        found.Add(new Detection(8, 8, 16, 24, 1, 0.5f), new Vector2(10, 20));
        var copy = new Detections();
        copy.CopyFrom(found);
        // A picture of 64x32 in the middle of an input of 32x32.
        copy.ToUpright(new PictureMapping(new Size2d(32, 64), default, 32, FitMode.Letterbox));
        Assert.Equal(new Detection(16, 0, 32, 32, 1, 0.5f), copy[0]);
        Assert.Equal([new Vector2(20, 24)], copy.LandmarksOf(0).ToArray());
        Assert.Equal([new Vector2(10, 20)], found.LandmarksOf(0).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => copy[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => copy.LandmarksOf(1));
        copy.Clear();
        Assert.Empty(copy);
    }
}
