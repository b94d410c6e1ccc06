using RealtimeCnn.Graphs;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Onnx.Importing;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Onnx;

/// <summary>An input or output of a model as its file names it.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Type">Element type in the file; the network itself computes in float32.</param>
/// <param name="Shape">Shape for which the graph was made.</param>
public sealed record OnnxPort(string Name, OnnxType Type, Shape Shape);

/// <summary>An input that a file declares and does not initialise.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Extents">Extent along each axis, null where the file leaves it open; null as a whole where it says nothing.</param>
public sealed record OnnxDeclaration(string Name, OnnxType Type, IReadOnlyList<int?>? Extents);

/// <summary>
/// An ONNX file as a <see cref="Graphs.Graph"/>, with the names, types and metadata of its ends. Owns the graph: dispose it
/// after the networks that were made of it.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    internal OnnxModel(Graph graph) => Graph = graph;

    /// <summary>What to run.</summary>
    public Graph Graph { get; }

    /// <summary>The inputs that a run needs, in the order of <see cref="Graph.Inputs"/>.</summary>
    public required IReadOnlyList<OnnxPort> Inputs { get; init; }

    /// <summary>Inputs whose values were given at load and are part of the graph now.</summary>
    public required IReadOnlyList<OnnxPort> FixedInputs { get; init; }

    /// <summary>The results, in the order of <see cref="Graph.Outputs"/>.</summary>
    public required IReadOnlyList<OnnxPort> Outputs { get; init; }

    /// <summary>Labels, preprocessing and head, as far as the file says.</summary>
    public required OnnxMetadata Metadata { get; init; }

    /// <summary>What a user should know although the file loads: axes that were left open, attributes that were ignored, integers in float.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Version of the file format.</summary>
    public required long IrVersion { get; init; }

    /// <summary>Version of the standard operator set.</summary>
    public required long Opset { get; init; }

    /// <summary>The operators of other domains with which the file was read; <see cref="Save"/> writes with the same.</summary>
    internal IReadOnlyList<OnnxOperator> Operators { get; init; } = [];

    /// <summary>Outputs whose rows of −1 at the end only fill up a length that depends on the data.</summary>
    internal IReadOnlyList<bool> PaddedOutputs { get; init; } = [];

    /// <summary>Loads a file.</summary>
    /// <param name="path">Path of an <c>.onnx</c> file; external data must lie in its folder or below.</param>
    /// <param name="options">What else to know; null for the defaults.</param>
    /// <param name="cancellation">Ends the loading between two tensors or nodes.</param>
    /// <exception cref="OnnxException">The file is no model, is damaged, goes beyond a limit, or asks for what is not supported, and everything is listed at once; or what lies beside it (<see cref="OnnxMetadata"/>) cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The loading was cancelled.</exception>
    public static OnnxModel Load(string path, OnnxLoadOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxLoadOptions();
        if (Directory.Exists(path))
            throw new OnnxException($"'{path}' is a folder; give the path of an .onnx file in it.");
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new OnnxException($"There is no file '{path}'.");
        // What is no plain file, such as a pipe, has no length; opening it could wait for ever.
        if (file.Length == 0)
            throw new OnnxException($"'{path}' is not an ONNX model: it is empty, or no plain file.");
        long most = Math.Min(options.Limits.MaxFileBytes, Array.MaxLength);
        if (file.Length > most)
            throw OnnxException.Limit($"'{file.Name}' has {file.Length} bytes, more than the limit of {most}", nameof(OnnxLimits.MaxFileBytes));
        // Weights are read straight to where the network has them; no bytes of the file stay beside them.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Load(stream, file.Name, options with { Beside = SidecarFile.Find(path) }, file.DirectoryName, cancellation);
    }

    /// <summary>Loads a file that is already in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="options">What else to know; null for the defaults.</param>
    /// <param name="folder">Where external data lies; null when there is none.</param>
    /// <param name="cancellation">Ends the loading between two tensors or nodes.</param>
    /// <exception cref="OnnxException">The file is no model, is damaged, goes beyond a limit, or asks for what is not supported; everything is listed at once.</exception>
    /// <exception cref="OperationCanceledException">The loading was cancelled.</exception>
    public static OnnxModel Load(byte[] bytes, string name, OnnxLoadOptions? options = null, string? folder = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        using var stream = new MemoryStream(bytes, writable: false);
        return Load(stream, name, options ?? new OnnxLoadOptions(), folder, cancellation);
    }

    /// <summary>The inputs that a file declares, without loading it: what a caller can give values for.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">How much the file may ask for; null for the defaults.</param>
    /// <exception cref="OnnxException">The file is no model, or is damaged.</exception>
    public static IReadOnlyList<OnnxDeclaration> ReadDeclaredInputs(byte[] bytes, string name, OnnxLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return InputShapes.Declarations(ModelReader.Read(new MemoryStream(bytes, writable: false), limits ?? new OnnxLimits(), name).Graph);
    }

    /// <summary>The same of a file on a disk, whose weights are not read.</summary>
    /// <param name="path">Path of an <c>.onnx</c> file.</param>
    /// <param name="limits">How much the file may ask for; null for the defaults.</param>
    /// <exception cref="OnnxException">The file is no model, or is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<OnnxDeclaration> ReadDeclaredInputs(string path, OnnxLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return InputShapes.Declarations(ModelReader.Read(stream, limits ?? new OnnxLimits(), Path.GetFileName(path)).Graph);
    }

    /// <summary>What a file says about itself, and what lies beside it, without loading it.</summary>
    /// <param name="path">Path of an <c>.onnx</c> file.</param>
    /// <param name="limits">How much the file may ask for; null for the defaults.</param>
    /// <exception cref="OnnxException">The file is no model or is damaged, or what lies beside it cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxMetadata ReadMetadata(string path, OnnxLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var properties = ModelReader.Read(stream, limits ?? new OnnxLimits(), Path.GetFileName(path)).MetadataProps;
        return OnnxMetadata.Read(Path.GetFileName(path), properties.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)), _ => { }).With(SidecarFile.Find(path));
    }

    /// <summary>Writes the model as a file, with the names, types and metadata that it has.</summary>
    /// <param name="path">Path of the file; overwritten if it is there.</param>
    /// <exception cref="OnnxException">A layer cannot be written; all such nodes are listed.</exception>
    public void Save(string path) => File.WriteAllBytes(path, ToBytes());

    /// <summary>The model as the bytes of a file.</summary>
    internal byte[] ToBytes() => OnnxExporter.ToBytes(Graph, Inputs, Outputs, Metadata, Operators);

    /// <summary>A result in the type and shape the file declares: integers are cut, rows that only fill up are left out.</summary>
    /// <param name="output">Number of the output.</param>
    /// <param name="value">What the network gave for it.</param>
    public OnnxTensor ReadOutput(int output, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var tensor = OnnxTensor.From(Outputs[output].Type, value);
        if (!PaddedOutputs[output])
            return tensor;
        int width = value.Shape.Product(1, value.Shape.Rank), rows = 0;
        while (rows < value.Shape[0] && value.Span[rows * width] >= 0)
            rows++;
        return new OnnxTensor(tensor.Type, value.Shape.With(0, rows), tensor.Bytes[..(rows * width * tensor.Type.Size())]);
    }

    /// <summary>Frees the graph.</summary>
    public void Dispose() => Graph.Dispose();

    private static OnnxModel Load(Stream file, string name, OnnxLoadOptions options, string? folder, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var proto = ModelReader.Read(file, options.Limits, name);
        var budget = new Budget(options.Limits);
        budget.Read(file.Length, $"'{name}'");
        var progress = new LoadProgress(options.Progress, cancellation);
        using var tensors = new TensorReader(folder, budget, progress, file);
        try
        {
            var model = GraphImporter.Import(proto, name, options, tensors, budget, cancellation);
            progress.Finish();
            return model;
        }
        catch (EndOfStreamException)
        {
            throw new OnnxException($"'{name}' or the data beside it became shorter while it was read.");
        }
    }
}
