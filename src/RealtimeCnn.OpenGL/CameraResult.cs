using RealtimeCnn.Images;

namespace RealtimeCnn.OpenGL;

/// <summary>Where the time of one result went, in milliseconds.</summary>
/// <param name="Wait">From the moment the picture was taken until it was submitted.</param>
/// <param name="Upload">Handing its bytes to the driver; 0 for a host's texture.</param>
/// <param name="Preprocess">Making the network's input of it, on the GPU.</param>
/// <param name="Network">The network, on the GPU.</param>
/// <param name="Readback">From the last command being enqueued until the result was picked up.</param>
public readonly record struct StageTimes(double Wait, double Upload, double Preprocess, double Network, double Readback);

/// <summary>
/// What a network said about one picture. It and its tensors are reused: they hold until the next successful
/// <see cref="CameraNetwork.TryGetLatest"/>.
/// </summary>
public sealed class CameraResult
{
    private readonly string[] _names;
    private readonly Tensor[] _outputs;

    internal CameraResult(string[] names, Shape[] shapes)
    {
        _names = names;
        _outputs = [.. shapes.Select(shape => new Tensor(shape))];
    }

    /// <summary>The outputs of the graph, in order, row-major.</summary>
    public IReadOnlyList<Tensor> Outputs => _outputs;

    /// <summary>When the picture was taken, on the clock of <see cref="FrameClock"/>.</summary>
    public TimeSpan Timestamp { get; internal set; }

    /// <summary>How long ago the picture was taken.</summary>
    public TimeSpan Age => FrameClock.Now - Timestamp;

    /// <summary>Number of the picture in its source.</summary>
    public long Sequence { get; internal set; }

    /// <summary>The picture the result belongs to: draw on this one, and nothing is ever stale.</summary>
    public FrameTexture SourceTexture { get; internal set; } = null!;

    /// <summary>Where the places of the network's input lie in the picture.</summary>
    public PictureMapping Mapping { get; internal set; }

    /// <summary>Where the time went.</summary>
    public StageTimes Stages { get; internal set; }

    internal TimeSpan Enqueued { get; set; }

    /// <summary>The output of a given name.</summary>
    /// <exception cref="KeyNotFoundException">The graph has no such output; the message lists those it has.</exception>
    public Tensor this[string name]
    {
        get
        {
            int index = Array.IndexOf(_names, name);
            return index >= 0 ? Outputs[index] : throw new KeyNotFoundException($"There is no output '{name}'. There are: {string.Join(", ", _names)}.");
        }
    }

    /// <summary>Fills the outputs from values that lie one output after the other, each rounded up to whole vec4s.</summary>
    internal void Fill(ReadOnlySpan<float> values)
    {
        foreach (var output in _outputs)
        {
            values[..output.Shape.Count].CopyTo(output.Span);
            values = values[((output.Shape.Count + 3) / 4 * 4)..];
        }
    }

    internal void Free()
    {
        foreach (var output in _outputs)
            output.Dispose();
    }
}
