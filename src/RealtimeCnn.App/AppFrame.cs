using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Regions;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.App;

/// <summary>One turn of a <see cref="CameraApp"/>: a picture, what the network said about it, and something to draw with. Reused; not to be kept.</summary>
public sealed class AppFrame
{
    private readonly CameraApp _app;
    private readonly Classification? _classification;
    private readonly BoxTracker? _tracker;
    private PictureMapping _followed;

    /// <param name="app">Whose frame it is.</param>
    /// <param name="classification">Reads a classifier's scores; null where it is none.</param>
    /// <param name="tracker">Follows what a detector finds; null where it is none.</param>
    /// <param name="labels">Names of the classes.</param>
    /// <param name="regionLabels">Names of the second network's classes.</param>
    internal AppFrame(CameraApp app, Classification? classification, BoxTracker? tracker, IReadOnlyList<string>? labels, IReadOnlyList<string>? regionLabels)
    {
        (_app, _classification, _tracker) = (app, classification, tracker);
        Overlay = new Overlay(labels, regionLabels);
    }

    /// <summary>The network's outputs, times and the picture they belong to.</summary>
    public LiveResult Result { get; private set; } = null!;

    /// <summary>Draws on the picture.</summary>
    public Overlay Overlay { get; }

    /// <summary>The first output read as a classifier's.</summary>
    /// <exception cref="InvalidOperationException">It is not one number for each class.</exception>
    public Classification Prediction => _classification
        ?? throw new InvalidOperationException(_tracker != null ? $"The network is a detector; read {nameof(Detections)} instead."
            : $"The network's first output has shape {Result.Outputs[0].Shape}, which is not one number for each class; read {nameof(Detections)} or {nameof(Result)}.{nameof(LiveResult.Outputs)} instead.");

    /// <summary>What a detector found, best first, in pixels of the network's input.</summary>
    /// <exception cref="InvalidOperationException">Neither the model's file nor <see cref="CameraAppOptions.Detector"/> says that it is a detector.</exception>
    public Detections Detections => _tracker != null ? Result.Detections : throw NoDetector();

    /// <summary>The same things as they go on from picture to picture: numbered, held still, and for a while where they are hidden (<see cref="CameraAppOptions.Tracking"/>). As they were when the detector looked last, where it sleeps while a second network follows them.</summary>
    /// <exception cref="InvalidOperationException">Neither the model's file nor <see cref="CameraAppOptions.Detector"/> says that it is a detector.</exception>
    public IReadOnlyList<Track> Tracks => _tracker != null ? _tracker.Tracks : throw NoDetector();

    /// <summary>What the second network says about what the first one found, followed from picture to picture, in pixels of the picture as a viewer sees it.</summary>
    /// <exception cref="InvalidOperationException">There is no <see cref="CameraAppOptions.RegionModel"/>.</exception>
    public FollowedRegions Regions => _app.HasRegions ? Result.Regions
        : throw new InvalidOperationException($"No second network looks at what the first one finds; set {nameof(CameraAppOptions)}.{nameof(CameraAppOptions.RegionModel)}.");

    /// <summary>What a detector found, drawn from where it was found: on the GPU nothing of it has come back yet.</summary>
    /// <exception cref="InvalidOperationException">Nobody asked for it (<see cref="CameraAppOptions.DrawsFound"/>).</exception>
    public LiveDetections Found => _app.Network.Found;

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
        if (_tracker == null)
            return;
        if (_followed != result.Mapping)
            _tracker.Reset();
        _followed = result.Mapping;
        // A detector that sleeps has not missed anything.
        if (result.DetectorRan)
            _tracker.Update(result.Timestamp, result.Detections);
    }

    private static InvalidOperationException NoDetector() =>
        new($"Nothing says that the network is a detector; set {nameof(CameraAppOptions)}.{nameof(CameraAppOptions.Detector)}, or read {nameof(Prediction)} or {nameof(Result)}.{nameof(LiveResult.Outputs)}.");
}
