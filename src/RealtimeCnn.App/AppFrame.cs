using RealtimeCnn.Heads;
using RealtimeCnn.Live;

namespace RealtimeCnn.App;

/// <summary>One turn of a <see cref="CameraApp"/>: a picture, what the network said about it, and something to draw with. Reused; not to be kept.</summary>
public sealed class AppFrame
{
    private readonly CameraApp _app;
    private readonly Classification? _classification;

    internal AppFrame(CameraApp app, Classification? classification) => (_app, _classification) = (app, classification);

    /// <summary>The network's outputs, times and the picture they belong to.</summary>
    public LiveResult Result { get; private set; } = null!;

    /// <summary>Draws on the picture.</summary>
    public Overlay Overlay { get; } = new();

    /// <summary>The first output read as a classifier's.</summary>
    /// <exception cref="InvalidOperationException">It is not one number for each class.</exception>
    public Classification Prediction => _classification
        ?? throw new InvalidOperationException($"The network's first output has shape {Result.Outputs[0].Shape}, which is not one number for each class; read {nameof(Result)}.{nameof(LiveResult.Outputs)} instead.");

    /// <summary>Ends the app after this turn.</summary>
    public void Close() => _app.Close();

    internal void Begin(LiveResult result)
    {
        Result = result;
        _classification?.Read(result.Outputs[0].Span);
    }
}
