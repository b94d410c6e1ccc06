using RealtimeCnn.Onnx;

namespace RealtimeCnn.Models;

/// <summary>
/// Networks that this project trained, with the recipes beside them in <c>demo/models</c>. Their files are inside this assembly, so that a
/// program needs no more than a name.
/// </summary>
public static class ShippedModels
{
    /// <summary>Reads a written digit, light on dark.</summary>
    public const string Digits = "digits";

    /// <summary>Reads the digit that a hand shows, in Turkish sign language.</summary>
    public const string HandSigns = "hand-signs";

    /// <summary>Finds written digits anywhere in a picture.</summary>
    public const string DigitFinder = "digit-finder";

    private const string Ending = ".onnx";

    /// <summary>All of them, without <c>.onnx</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [Digits, HandSigns, DigitFinder];

    /// <summary>Whether there is a model of a name, with or without <c>.onnx</c>.</summary>
    public static bool Contains(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Names.Contains(WithoutEnding(name));
    }

    /// <summary>The file of a model.</summary>
    /// <param name="name">One of <see cref="Names"/>, with or without <c>.onnx</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such model; the message lists those there are.</exception>
    public static byte[] Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var resource = typeof(ShippedModels).Assembly.GetManifestResourceStream(WithoutEnding(name) + Ending)
            ?? throw new KeyNotFoundException($"There is no shipped model '{name}'; there are: {string.Join(", ", Names)}.");
        byte[] bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Loads the file at a path or, where there is none, the shipped model of that name.</summary>
    /// <param name="model">Path of an <c>.onnx</c> file, or one of <see cref="Names"/>, with or without <c>.onnx</c>.</param>
    /// <param name="options">What else to know; null for the defaults.</param>
    /// <param name="cancellation">Ends the loading between two tensors or nodes.</param>
    /// <exception cref="OnnxException">There is neither, or the file is no model, is damaged, goes beyond a limit, or asks for what is not supported.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The loading was cancelled.</exception>
    public static OnnxModel Load(string model, OnnxLoadOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        if (File.Exists(model))
            return OnnxModel.Load(model, options, cancellation);
        return Contains(model)
            ? OnnxModel.Load(Read(model), WithoutEnding(model) + Ending, options, folder: null, cancellation)
            : throw new OnnxException($"There is no file '{model}', and no shipped model of that name; there are: {string.Join(", ", Names)}.");
    }

    private static string WithoutEnding(string name) => name.EndsWith(Ending, StringComparison.Ordinal) ? name[..^Ending.Length] : name;
}
