using System.Runtime.InteropServices;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.App;

/// <summary>One turn of a <see cref="CameraApp"/>: a picture, what the network said about it, and something to draw with. Reused; not to be kept.</summary>
public sealed class AppFrame
{
    private readonly CameraApp _app;
    private readonly Classification? _classification;
    private readonly DetectionHead? _detector;
    private readonly BoxTracker _tracker;
    private readonly List<Detection> _detections = [];
    private PictureMapping _followed;

    internal AppFrame(CameraApp app, Classification? classification, DetectionHead? detector, IReadOnlyList<string>? labels, BoxTrackerOptions tracking)
    {
        (_app, _classification, _detector, _tracker) = (app, classification, detector, new BoxTracker(tracking));
        Overlay = new Overlay(labels);
    }

    /// <summary>The network's outputs, times and the picture they belong to.</summary>
    public LiveResult Result { get; private set; } = null!;

    /// <summary>Draws on the picture.</summary>
    public Overlay Overlay { get; }

    /// <summary>The first output read as a classifier's.</summary>
    /// <exception cref="InvalidOperationException">It is not one number for each class.</exception>
    public Classification Prediction => _classification
        ?? throw new InvalidOperationException($"The network's first output has shape {Result.Outputs[0].Shape}, which is not one number for each class; read {nameof(Detections)} or {nameof(Result)}.{nameof(LiveResult.Outputs)} instead.");

    /// <summary>What a detector found, best first, in pixels of the network's input.</summary>
    /// <exception cref="InvalidOperationException">Neither the model's file nor <see cref="CameraAppOptions.Detector"/> says that it is a detector.</exception>
    public IReadOnlyList<Detection> Detections => _detector != null ? _detections : throw NoDetector();

    /// <summary>The same things as they go on from picture to picture: numbered, held still, and for a while where they are hidden (<see cref="CameraAppOptions.Tracking"/>).</summary>
    /// <exception cref="InvalidOperationException">Neither the model's file nor <see cref="CameraAppOptions.Detector"/> says that it is a detector.</exception>
    public IReadOnlyList<Track> Tracks => _detector != null ? _tracker.Tracks : throw NoDetector();

    /// <summary>An output that is drawn from where it lies: a mask, a picture.</summary>
    /// <param name="name">One of <see cref="CameraAppOptions.Drawn"/>.</param>
    /// <exception cref="KeyNotFoundException">It is none of them.</exception>
    public LiveValue Value(string name) => _app.Network.Value(name);

    /// <summary>Ends the app after this turn.</summary>
    public void Close() => _app.Close();

    internal void Begin(LiveResult result)
    {
        Result = result;
        _classification?.Read(result.Outputs[0].Span);
        if (_detector == null)
            return;
        _detector.Decode(result.Outputs, 0, result.Mapping.Input, _detector.Threshold, _detections);
        if (_followed != result.Mapping)
            _tracker.Reset();
        _followed = result.Mapping;
        _tracker.Update(result.Timestamp, CollectionsMarshal.AsSpan(_detections));
    }

    private static InvalidOperationException NoDetector() =>
        new($"Nothing says that the network is a detector; set {nameof(CameraAppOptions)}.{nameof(CameraAppOptions.Detector)}, or read {nameof(Prediction)} or {nameof(Result)}.{nameof(LiveResult.Outputs)}.");
}
