using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Regions;

namespace RealtimeCnn.Live;

/// <summary>
/// What a network said about one picture; the same on every backend. It and its tensors are reused: they hold until the next result is
/// taken from where this one came from, and are copied by who needs them longer (<see cref="Tensor.Clone"/>).
/// </summary>
public sealed class LiveResult
{
    private readonly string[] _names;
    private readonly Tensor[] _outputs;
    private readonly Detections? _detections;
    private readonly FollowedRegions? _regions;
    private long _begunInFrame;

    internal LiveResult(LiveOutputs outputs, INetwork network)
    {
        Network = network;
        _names = [.. outputs.Returned.Select(output => output.Name)];
        _outputs = [.. outputs.Returned.Select(output => new Tensor(output.Shape))];
        _detections = outputs.HasDetections ? new Detections() : null;
        _regions = outputs.Regions is var (most, landmarks) ? new FollowedRegions(most, landmarks) : null;
        Seen = [.. outputs.SeenInMemory.Select(output => new Tensor(output.Shape))];
    }

    /// <summary>The network that said it; it may be in use no more.</summary>
    public INetwork Network { get; }

    /// <summary>The outputs of the network, in order, row-major; none where a head reads them, unless they are kept (<see cref="LiveOptions.KeepsOutputs"/>).</summary>
    public IReadOnlyList<Tensor> Outputs => _outputs;

    /// <summary>What a detector found, best first, in pixels of the network's input: <see cref="Mapping"/> brings them to the picture. Nothing in pictures that it sleeps through (<see cref="DetectorRan"/>).</summary>
    /// <exception cref="InvalidOperationException">The network runs without a head (<see cref="LiveOptions.Head"/>).</exception>
    public Detections Detections => _detections
        ?? throw new InvalidOperationException($"Nothing says that the network is a detector: set {nameof(LiveOptions)}.{nameof(LiveOptions.Head)}, or read {nameof(Outputs)}.");

    /// <summary>What a second network says about regions of the picture, in pixels of the picture as a viewer sees it.</summary>
    /// <exception cref="InvalidOperationException">There is no second network (<see cref="LiveOptions.Regions"/>).</exception>
    public FollowedRegions Regions => _regions
        ?? throw new InvalidOperationException($"No second network looks at regions here: set {nameof(LiveOptions)}.{nameof(LiveOptions.Regions)}.");

    /// <summary>Whether the detector looked at this picture: false while it sleeps, because all regions are followed (<see cref="LiveOptions.Regions"/>).</summary>
    public bool DetectorRan { get; internal set; } = true;

    /// <summary>When the picture was taken, on the clock of <see cref="FrameClock"/>.</summary>
    public TimeSpan Timestamp { get; private set; }

    /// <summary>How long ago the picture was taken.</summary>
    public TimeSpan Age => FrameClock.Now - Timestamp;

    /// <summary>
    /// How many frames of the host's loop began between the picture's submission and its result, where the host tells them
    /// (<see cref="LivePipeline.BeginFrame"/>, <c>CameraNetwork.Update</c>); else 0.
    /// </summary>
    public long Frames { get; private set; }

    /// <summary>Number of the picture in its source.</summary>
    public long Sequence { get; private set; }

    /// <summary>
    /// The picture the result belongs to: draw on this one, and nothing is ever stale. Null in results of <see cref="LivePipeline.Results"/>,
    /// which leave the pipeline's thread.
    /// </summary>
    public LivePicture? Picture { get; private set; }

    /// <summary>Where the places of the network's input lie in the picture, whose size and geometry it has, and in others of the same scene.</summary>
    public PictureMapping Mapping { get; internal set; }

    /// <summary>Where the time went.</summary>
    public StageTimes Stages { get; internal set; }

    /// <summary>What of the picture the network looks at; null for all of it.</summary>
    internal RegionOfInterest? Region { get; set; }

    /// <summary>When the last command for it was given.</summary>
    internal TimeSpan Enqueued { get; set; }

    /// <summary>Values to be looked at, where they lie in memory.</summary>
    internal Tensor[] Seen { get; }

    /// <summary>The outputs that are textures, which belong to whoever computes them; null where there are none.</summary>
    internal object? Textures { get; set; }

    /// <summary>The output of a given name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such output; the message lists those there are.</exception>
    public Tensor this[string name]
    {
        get
        {
            int index = Array.IndexOf(_names, name);
            return index >= 0 ? Outputs[index] : throw new KeyNotFoundException($"There is no output '{name}'. There are: {string.Join(", ", _names)}.");
        }
    }

    /// <summary>Makes it the result of another picture, which it holds.</summary>
    internal void Begin(LivePicture picture, double uploadMs, long frame)
    {
        _begunInFrame = frame;
        picture.Hold();
        (Picture, Timestamp, Sequence) = (picture, picture.Timestamp, picture.Sequence);
        Stages = new StageTimes((FrameClock.Now - picture.Timestamp).TotalMilliseconds - uploadMs, uploadMs, 0, 0, 0);
        Enqueued = FrameClock.Now;
    }

    /// <summary>Its outputs have come back in a frame of the host's loop.</summary>
    internal void Arrive(long frame) => Frames = frame - _begunInFrame;

    /// <summary>Lets go of its picture.</summary>
    internal void End()
    {
        Picture?.Release();
        Picture = null;
    }

    /// <summary>Becomes a copy of another result of the same network, without its picture.</summary>
    internal void CopyFrom(LiveResult other)
    {
        for (int i = 0; i < _outputs.Length; i++)
            other._outputs[i].Span.CopyTo(_outputs[i].Span);
        if (_detections != null)
            _detections.CopyFrom(other.Detections);
        _regions?.CopyFrom(other.Regions);
        DetectorRan = other.DetectorRan;
        (Timestamp, Sequence, Frames, Mapping, Stages) = (other.Timestamp, other.Sequence, other.Frames, other.Mapping, other.Stages);
    }

    internal void Free()
    {
        foreach (var tensor in _outputs.Concat(Seen))
            tensor.Dispose();
    }
}
