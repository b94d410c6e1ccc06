using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;
using RealtimeCnn.Tests.Onnx;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.Tests.Tracking;

/// <summary>A face detector and a tracker on a film: who stays in the picture stays who they are, and holds still.</summary>
public sealed class TrackedVideoTests
{
    private const int Faces = 4420;

    [SharedDataFact]
    public void One_face_in_a_film_is_one_track_that_is_calmer_than_the_detector()
    {
        var tracker = new BoxTracker(new BoxTrackerOptions { BeginScore = 0.7f });
        var ids = new HashSet<long>();
        double raw = 0, calm = 0, lag = 0;
        int pictures = 0, steps = 0;
        Detection lastRaw = default, lastShown = default;
        foreach (var (time, faces) in FacesOf("thoughtful_35590.mp4"))
        {
            Assert.True(tracker.Update(time, faces));
            pictures++;
            ids.UnionWith(tracker.Tracks.Select(track => track.Id));
            var track = Assert.Single(tracker.Tracks);
            if (faces.Length == 0)
                continue;
            var face = faces.MaxBy(face => face.Score);
            if (lastRaw.Area > 0)
            {
                steps++;
                raw += Distance(face, lastRaw);
                calm += Distance(track.Box, lastShown);
            }

            lag = Math.Max(lag, Distance(face, track.Box));
            (lastRaw, lastShown) = (face, track.Box);
        }

        Assert.Equal(367, pictures);
        Assert.Equal([1L], ids);
        Assert.True(steps > 350, $"A face in {steps} pictures.");
        Assert.True(calm < 0.8 * raw, $"Corners moved by {calm / steps:0.0000} of a side in a picture, after {raw / steps:0.0000} of the detector's.");
        Assert.True(lag < 0.2, $"A corner was {lag:0.000} of a side away from where it was seen.");
    }

    /// <summary>How far the corners of boxes lie apart at most, in sides of the first.</summary>
    private static double Distance(Detection one, Detection other) =>
        Math.Max(
            Math.Max(Math.Abs(one.Left - other.Left), Math.Abs(one.Right - other.Right)),
            Math.Max(Math.Abs(one.Top - other.Top), Math.Abs(one.Bottom - other.Bottom))) / Math.Sqrt(one.Area);

    /// <summary>UltraFace's boxes, in pixels of the film, decoded as its authors do: corners in [0, 1], scores from 0.5 on, overlap 0.3.</summary>
    private static IEnumerable<(TimeSpan Time, Detection[] Faces)> FacesOf(string film)
    {
        using var model = OnnxModel.Load(SharedData.Path("models", "ultraface-rfb-320.onnx"));
        using var network = new CpuNetwork(model.Graph);
        var reader = new ImageToTensor(new Preprocessing { Size = new(240, 320), Mean = 127, Scale = 1 / 128.0 });
        using var source = FfmpegSource.File(SharedData.Path("videos", film));
        source.Start(FrameDelivery.Every);
        var found = new List<Detection>();
        while (source.Take(TimeSpan.FromSeconds(60)) is { } picture)
        {
            using (picture)
            {
                var outputs = network.Run(picture, reader);
                ReadOnlySpan<float> scores = outputs[0].Span, boxes = outputs[1].Span;
                found.Clear();
                for (int i = 0; i < Faces; i++)
                {
                    if (scores[(2 * i) + 1] >= 0.5f)
                        found.Add(new Detection(boxes[4 * i] * picture.Format.Width, boxes[(4 * i) + 1] * picture.Format.Height, boxes[(4 * i) + 2] * picture.Format.Width, boxes[(4 * i) + 3] * picture.Format.Height, 0, scores[(2 * i) + 1]));
                }

                NonMaxSuppression.Run(found, 0.3f);
                yield return (picture.Timestamp, found.ToArray());
            }
        }
    }
}
