using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Regions;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.App;

/// <summary>How a <see cref="CameraApp"/> looks and what it feeds its network.</summary>
public sealed record CameraAppOptions
{
    /// <summary>How a picture becomes the network's input; null for a centred crop to the input's size, RGB in [0, 1].</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Names of the classes, for <see cref="AppFrame.Prediction"/> and <see cref="Overlay.Boxes(Detections)"/>; null for their numbers.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>How the outputs become boxes, for <see cref="AppFrame.Detections"/>; null for what the model's file says of itself.</summary>
    public DetectionHead? Detector { get; init; }

    /// <summary>How a classifier's probabilities are calibrated and rejected, for <see cref="AppFrame.Prediction"/>; null for what the model's file says of itself.</summary>
    public ClassificationHead? Classifier { get; init; }

    /// <summary>Outputs, by name, that are only looked at, for <see cref="AppFrame.Value"/>: see <see cref="CameraNetworkOptions.Drawn"/>.</summary>
    public IReadOnlyList<string> Drawn { get; init; } = [];

    /// <summary>
    /// A second model, which looks at the things that the first one finds, for <see cref="AppFrame.Regions"/>: path of an <c>.onnx</c> file or one of
    /// <see cref="Models.ShippedModels.Names"/>, with a head of landmarks or a classifier's. Null for none.
    /// </summary>
    public string? RegionModel { get; init; }

    /// <summary>How regions for <see cref="RegionModel"/> are made and followed.</summary>
    public RegionOptions Regions { get; init; } = new();

    /// <summary>A second network in place of a <see cref="RegionModel"/>, which says all that a file would.</summary>
    public CameraRegions? RegionNetwork { get; init; }

    /// <summary>Names of the regions' classes; null for those of a <see cref="RegionModel"/> that is a classifier, else of the detector.</summary>
    public IReadOnlyList<string>? RegionLabels { get; init; }

    /// <summary>Whether boxes are drawn from where they are found, for <see cref="AppFrame.Found"/>: see <see cref="CameraNetworkOptions.DrawsFound"/>.</summary>
    public bool DrawsFound { get; init; }

    /// <summary>How what a detector finds is followed from picture to picture, for <see cref="AppFrame.Tracks"/>.</summary>
    public BoxTrackerOptions Tracking { get; init; } = new();

    /// <summary>Whether the first output still needs softmax to be probabilities; null to see whether the network ends in one.</summary>
    public bool? OutputsAreLogits { get; init; }

    /// <summary>
    /// The window to show in, whichever library opened it; it stays the caller's, with its OpenGL state as it was after each turn. Dispose
    /// the app first. Null for a window of the app's own.
    /// </summary>
    public IWindowHost? Host { get; init; }

    /// <summary>Whether there is a window; off, the same pictures are drawn into memory.</summary>
    public bool Window { get; init; } = true;

    /// <summary>
    /// Where the network runs: <c>gpu</c>; <c>cpu</c>, which needs no OpenGL, and no compute shaders for a window; or <c>auto</c>: the faster of
    /// the two, which is the CPU where OpenGL is software, and is measured once for each model and GPU. <see cref="CameraApp.Choice"/> says what it became.
    /// </summary>
    public string Backend { get; init; } = "auto";

    /// <summary>
    /// What the app's own OpenGL context is asked for, such as OpenGL ES in place of the desktop's, and where the device keeps what it compiled
    /// and measured. Its messages go to <see cref="Logger"/>. A window of the caller's brings a device with choices of its own.
    /// </summary>
    public GlDeviceOptions Gl { get; init; } = new();

    /// <summary>Gets where the network runs, the states of the source, pictures that were dropped, and what OpenGL has to say.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Text in the title bar of the app's own window.</summary>
    public string Title { get; init; } = "RealtimeCnn";

    /// <summary>Size of the app's own window to begin with, in screen coordinates; of the picture, in pixels, where there is none.</summary>
    public Size2d Size { get; init; } = new(720, 960);

    /// <summary>
    /// Whether the model's file is looked after: when it has changed, the new one takes the place of the old without a pause. One that cannot
    /// be used is said in the log, on the picture and by <see cref="CameraApp.ReloadError"/>, and the last good one goes on.
    /// </summary>
    public bool Reload { get; init; }

    /// <summary>Which picture is drawn: that of the newest result, or the newest one, with the result of an earlier one on it.</summary>
    public ResultMatch Match { get; init; }

    /// <summary>Which of the source's pictures are seen: only the newest, or each one in turn.</summary>
    public FrameDelivery Delivery { get; init; } = FrameDelivery.Latest;
}
