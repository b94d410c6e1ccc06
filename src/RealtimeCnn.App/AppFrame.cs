using RealtimeCnn.Heads;
using RealtimeCnn.Live;

namespace RealtimeCnn.App;

/// <summary>One turn of a <see cref="CameraApp"/>: a picture, what the network said about it, and something to draw with. Reused; not to be kept.</summary>
public sealed class AppFrame
{
    private readonly CameraApp _app;
    private readonly Classification? _classification;
    private readonly bool _isDetector;

    internal AppFrame(CameraApp app, Classification? classification, bool isDetector, IReadOnlyList<string>? labels)
    {
        (_app, _classification, _isDetector) = (app, classification, isDetector);
        Overlay = new Overlay(labels);
    }

    /// <summary>The network's outputs, times and the picture they belong to.</summary>
    public LiveResult Result { get; private set; } = null!;

    /// <summary>Draws on the picture.</summary>
    public Overlay Overlay { get; }

    /// <summary>The first output read as a classifier's.</summary>
    /// <exception cref="InvalidOperationException">It is not one number for each class.</exception>
    public Classification Prediction => _classification
        ?? throw new InvalidOperationException($"The network's first output is not one number for each class; read {nameof(Detections)} or {nameof(Result)}.{nameof(LiveResult.Outputs)} instead.");

    /// <summary>What a detector found, best first, in pixels of the network's input.</summary>
    /// <exception cref="InvalidOperationException">Neither the model's file nor <see cref="CameraAppOptions.Detector"/> says that it is a detector.</exception>
    public Detections Detections => _isDetector ? Result.Detections
        : throw new InvalidOperationException($"Nothing says that the network is a detector; set {nameof(CameraAppOptions)}.{nameof(CameraAppOptions.Detector)}, or read {nameof(Prediction)} or {nameof(Result)}.{nameof(LiveResult.Outputs)}.");

    /// <summary>Ends the app after this turn.</summary>
    public void Close() => _app.Close();

    internal void Begin(LiveResult result)
    {
        Result = result;
        _classification?.Read(result.Outputs[0].Span);
    }
}
