using RealtimeCnn.Camera;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Models;

/// <summary>What the command line says about preparing photographs, over what the model says itself.</summary>
internal sealed record PhotographOptions(Size2d? Size, float[]? Mean, float[]? Scale, bool IsBgr, bool Letterbox, bool Stretch)
{
    /// <summary>What a model says, with what the command line says instead.</summary>
    public OnnxMetadata Over(OnnxMetadata metadata) => metadata with
    {
        Mean = Mean ?? metadata.Mean,
        Scale = Scale ?? metadata.Scale,
        IsBgr = IsBgr ? true : metadata.IsBgr,
        Fit = Letterbox ? "letterbox" : Stretch ? "stretch" : metadata.Fit,
    };
}

/// <summary>Finds the values of a model's inputs in files: arrays are fed as they are, photographs are prepared.</summary>
internal static class ModelInputs
{
    private static readonly Size2d DefaultSize = 224;

    /// <param name="model">A file's path, or the name of a trained network of ours.</param>
    /// <param name="arguments"><c>FILE</c> for the only or next input, or <c>name=FILE</c>.</param>
    /// <param name="photographs">How to prepare photographs.</param>
    /// <param name="limits">How much the file may ask for.</param>
    /// <exception cref="InputException">A file is no array and no photograph, or it does not fit the model.</exception>
    public static Dictionary<string, OnnxTensor> Read(string model, IReadOnlyList<string> arguments, PhotographOptions photographs, OnnxLimits limits)
    {
        ModelArgument.VerifyModelFile(model);
        var (declared, metadata) = File.Exists(model) ? (OnnxModel.ReadDeclaredInputs(model, limits), OnnxModel.ReadMetadata(model, limits)) : Shipped(model);
        var values = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        foreach (string argument in arguments)
        {
            var (input, file) = Assign(argument, declared, values);
            values[input.Name] = Read(file, input, metadata, photographs);
        }

        var missing = declared.Where(input => !values.ContainsKey(input.Name)).Select(input => $"'{input.Name}'").ToList();
        return missing.Count == 0 ? values : throw new InputException($"The model needs {string.Join(", ", missing)} too; give --input NAME=FILE for each.");
    }

    private static (IReadOnlyList<OnnxDeclaration> Declared, OnnxMetadata Metadata) Shipped(string name)
    {
        using var model = ShippedModels.Load(name);
        return (OnnxModel.ReadDeclaredInputs(ShippedModels.Read(name), name), model.Metadata);
    }

    private static (OnnxDeclaration Input, string File) Assign(string argument, IReadOnlyList<OnnxDeclaration> declared, Dictionary<string, OnnxTensor> values)
    {
        int separator = argument.IndexOf('=', StringComparison.Ordinal);
        if (separator > 0 && declared.FirstOrDefault(input => input.Name == argument[..separator]) is { } named)
            return (named, argument[(separator + 1)..]);
        if (separator > 0 && !File.Exists(argument))
            throw new InputException($"The model has no input '{argument[..separator]}'; it has {string.Join(", ", declared.Select(input => $"'{input.Name}'"))}.");
        var next = declared.FirstOrDefault(input => !values.ContainsKey(input.Name))
            ?? throw new InputException($"'{argument}' is one input too many: the model has {declared.Count}.");
        return (next, argument);
    }

    private static OnnxTensor Read(string file, OnnxDeclaration input, OnnxMetadata metadata, PhotographOptions photographs)
    {
        if (!File.Exists(file))
            throw new InputException($"There is no file '{file}' for input '{input.Name}'.");
        if (file.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            return NpyFile.Read(file);
        if (file.EndsWith(".pb", StringComparison.OrdinalIgnoreCase))
            return OnnxTensor.FromProto(File.ReadAllBytes(file), Path.GetFileName(file));
        if (!Photograph.HasPhotographExtension(file))
            throw new InputException($"'{file}' is neither an array (.npy, .pb) nor a photograph.");
        bool isChannelsLast = input.Extents is [_, not (1 or 3), _, 1 or 3];
        var preprocessing = PreprocessingFor(input, isChannelsLast, metadata, photographs);
        using var photograph = Photograph.Load(file);
        using var tensor = new Tensor(preprocessing.Shape);
        new ImageToTensor(preprocessing).Run(photograph, tensor);
        if (!isChannelsLast)
            return OnnxTensor.From(OnnxType.Float, tensor);
        using var turned = ChannelsLast(tensor);
        return OnnxTensor.From(OnnxType.Float, turned);
    }

    /// <summary>The model's own preprocessing, with what the command line says instead.</summary>
    private static Preprocessing PreprocessingFor(OnnxDeclaration input, bool isChannelsLast, OnnxMetadata metadata, PhotographOptions options)
    {
        if (input.Extents is not { Count: 4 } extents || (!isChannelsLast && extents[1] is not (null or 1 or 3)))
            throw new InputException($"Input '{input.Name}' is no picture [N, C, H, W] or [N, H, W, C] with 1 or 3 channels; give it as .npy.");
        var (channels, height, width) = isChannelsLast ? (extents[3], extents[1], extents[2]) : (extents[1], extents[2], extents[3]);
        var stated = options.Size ?? metadata.InputSize ?? DefaultSize;
        var size = new Size2d(height ?? stated.Height, width ?? stated.Width);
        if (options.Size is { } asked && asked != size)
            throw new InputException($"The model's input is {size.Width}x{size.Height} pixels; --size says {asked.Width}x{asked.Height}.");
        return options.Over(metadata).PreprocessingFor(size, channels == 1 ? 1 : 3, metadata.ReadHead()?.Published(size));
    }

    private static Tensor ChannelsLast(Tensor picture)
    {
        int channels = picture.Shape.Channels, area = picture.Shape.Area;
        var turned = new Tensor(new Shape(1, picture.Shape.Height, picture.Shape.Width, channels));
        for (int i = 0; i < turned.Shape.Count; i++)
            turned.Span[i] = picture.Span[(i % channels * area) + (i / channels)];
        return turned;
    }
}
