using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Onnx;

/// <summary>What the loader should know beside the file.</summary>
public sealed record OnnxLoadOptions
{
    /// <summary>Shapes of inputs by name, for files that leave axes open.</summary>
    public IReadOnlyDictionary<string, Shape> InputShapes { get; init; } = new Dictionary<string, Shape>();

    /// <summary>
    /// Values of inputs by name, where they are known at load. An input that feeds a parameter of a layer, or the shape of
    /// something, becomes a constant of the graph; the others stay inputs and only lend their shape.
    /// </summary>
    public IReadOnlyDictionary<string, OnnxTensor> Inputs { get; init; } = new Dictionary<string, OnnxTensor>();

    /// <summary>Height and width where the file leaves them open and nothing else says; null for what the file's metadata says, or 224×224.</summary>
    public Size2d? Size { get; init; }

    /// <summary>
    /// Whether an input of pictures <c>[N, H, W, 1 or 3]</c>, as TensorFlow has them, becomes <c>[N, C, H, W]</c>, so that photographs and
    /// cameras fill it. Off, inputs are as the file declares them.
    /// </summary>
    public bool TakesPictures { get; init; }

    /// <summary>Operators of other domains, for layers of other assemblies.</summary>
    public IReadOnlyList<OnnxOperator> Operators { get; init; } = [];

    /// <summary>
    /// Told how far the load is: the share of the model's weights that has been read, which never falls and is 1 at the end. Called on the
    /// loading thread every few megabytes.
    /// </summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>How much the file may ask for.</summary>
    public OnnxLimits Limits { get; init; } = new();

    /// <summary>What a file beside the model says; null for none.</summary>
    internal Sidecar? Beside { get; init; }
}
