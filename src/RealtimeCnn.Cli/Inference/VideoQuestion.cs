using RealtimeCnn.Camera;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.Cli.Inference;

/// <summary>
/// A model asked about each picture of a video: things are followed from picture to picture, a label is what the pictures vote for. What is
/// drawn is an MP4 file and not a folder of pictures: it plays everywhere, keeps the times, and takes a hundredth of the space.
/// </summary>
/// <param name="model">Answers for a picture.</param>
/// <param name="network">The model's network.</param>
/// <param name="file">The video.</param>
/// <param name="names">Where it is drawn.</param>
internal sealed class VideoQuestion(IPictureModel model, INetwork network, string file, AnswerNames names) : IDisposable
{
    private const double UsualRate = 25;

    private readonly LabelVote _vote = new();
    private readonly VideoSummary _summary = new();
    private readonly CpuCanvas _canvas = new();
    private BoxTracker? _tracker;
    private VideoWriter? _writer;

    /// <summary>Asks.</summary>
    /// <param name="answers">Gets an answer for each picture.</param>
    /// <param name="text">Gets what the video shows, when.</param>
    /// <param name="progress">Is told which part of the video is done, where it is known how long it is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CameraException">It cannot be read, or not to its end, or what is drawn cannot be written.</exception>
    public void Ask(List<PictureAnswer> answers, TextWriter text, Action<double> progress, CancellationToken cancellation)
    {
        using var source = FfmpegSource.File(file, new CameraOptions { Loop = false });
        source.Start(FrameDelivery.Every);
        TimeSpan? begun = null;
        while (source.Take(Timeout.InfiniteTimeSpan, cancellation) is { } picture)
        {
            using (picture)
            {
                begun ??= picture.Timestamp;
                var time = picture.Timestamp - begun.Value;
                var answer = Answer(picture, time, cancellation);
                answers.Add(answer);
                _summary.Add(answer, time);
                if (source.Duration is { Ticks: > 0 } duration)
                    progress(Math.Min(time / duration, 1));
                Draw(picture, answer, time, source.FrameRate ?? UsualRate);
            }
        }

        _writer?.Finish();
        _summary.Print(text, file);
        if (source.Status is { Faulted: true } status)
            throw new CameraException(status.Reason);
    }

    /// <summary>Ends what is drawn, wherever it is.</summary>
    public void Dispose() => _writer?.Dispose();

    private PictureAnswer Answer(Frame picture, TimeSpan time, CancellationToken cancellation)
    {
        var answer = model.Ask(network, file, picture, cancellation) with { Frame = picture.Sequence, Seconds = Math.Round(time.TotalSeconds, 6) };
        if (model.Top is { } top)
        {
            _vote.Update(time, top);
            return answer with { Label = _vote.Label == LabelVote.None ? null : model.LabelOf(_vote.Label) };
        }

        if (model.Found is not { } found)
            return answer;

        // What is followed is said as it is followed: numbered, held still, by the label that most pictures gave it.
        _tracker ??= new BoxTracker(new BoxTrackerOptions { Landmarks = found.Landmarks });
        _tracker.Update(time, found);
        FoundThing[] things = [.. answer.Detections];
        for (int i = 0; i < _tracker.Tracks.Count; i++)
        {
            var track = _tracker.Tracks[i];
            if (track.Detection >= 0)
                things[track.Detection] = FoundThing.Of(track.Box, track.Landmarks.Span, model.LabelOf(track.Box.Class), new Size2d(answer.Height, answer.Width)) with { Track = track.Id };
        }

        return answer with { Detections = things };
    }

    /// <summary>Draws what holds still: things that are followed, and the label of the last moments.</summary>
    private void Draw(Frame picture, PictureAnswer answer, TimeSpan time, double rate)
    {
        if (names.Folder == null)
            return;
        var held = answer.Label is { } label ? new[] { new LabelScore(label, _vote.Score) } : [];
        model.Draw(_canvas, picture, answer with { Classes = held, Detections = [.. answer.Detections.Where(thing => thing.Track != null)] });
        if (_writer is { } writer && writer.Format != _canvas.Format)
        {
            // A video has one size; pictures of another begin another video.
            writer.Finish();
            writer.Dispose();
            _writer = null;
        }

        _writer ??= new VideoWriter(names.For(file, ".mp4")!, _canvas.Format, rate);
        _writer.Add(_canvas.Pixels, time);
    }
}
