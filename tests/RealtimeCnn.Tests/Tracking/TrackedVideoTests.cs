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
    private const float LeastScore = 0.5f;

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

    /// <summary>UltraFace's boxes, in pixels of the film, by its own head, from a score of 0.5 on.</summary>
    private static IEnumerable<(TimeSpan Time, Detection[] Faces)> FacesOf(string film)
    {
        using var model = OnnxModel.Load(SharedData.Path("models", "ultraface-rfb-320.onnx"));
        using var network = new CpuNetwork(model.Graph);
        var card = ModelCard.Of(model);
        var (reader, faces) = (new ImageToTensor(card.Preprocessing), card.NewDetectionReader());
        using var source = FfmpegSource.File(SharedData.Path("videos", film));
        source.Start(FrameDelivery.Every);
        while (source.Take(TimeSpan.FromSeconds(60)) is { } picture)
        {
            using (picture)
            {
                faces.Read(network.Run(picture, reader), 0, LeastScore);
                faces.Found.ToUpright(reader.Mapping);
                yield return (picture.Timestamp, faces.Found.ToArray());
            }
        }
    }
}
