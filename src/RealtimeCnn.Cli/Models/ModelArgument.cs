using System.CommandLine;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Models;

/// <summary>The MODEL of a command line: an ONNX file, a trained network that the tool has inside, or the name of a classic one.</summary>
internal static class ModelArgument
{
    /// <param name="others">Models that one command alone takes, as a sentence behind the usual ones.</param>
    public static Argument<string> Create(string others = "") => new("model")
    {
        Description = $"An .onnx file, a trained network of ours ({string.Join(", ", ShippedModels.Names)}), or a classic network with random weights: {string.Join(", ", ModelCatalog.Names)}.{others}",
    };

    /// <summary>Opens a model; the caller disposes it after the networks that were made of it.</summary>
    /// <param name="model">The name, or the file's path.</param>
    /// <param name="size">Size of the input where the model leaves it open; null for its own.</param>
    /// <param name="trust">Whether the limits for files of unknown origin are lifted.</param>
    /// <param name="notes">Gets what the user should know of a file, one line each.</param>
    /// <param name="cancellation">Ends the loading of a file.</param>
    /// <exception cref="InputException">There is no such name and no such file, or the size is not possible.</exception>
    /// <exception cref="OnnxException">The file cannot be used.</exception>
    public static OpenedModel Open(string model, Size2d? size, bool trust, TextWriter notes, CancellationToken cancellation)
    {
        if (ModelCatalog.Contains(model))
        {
            if (size is { } sides && sides.Height != sides.Width)
                throw new InputException($"'{model}' takes square pictures; --size says {sides.Width}x{sides.Height}.");
            return new OpenedModel(ModelCatalog.Create(model, new ModelOptions { InputSize = size?.Height }), null);
        }

        VerifyModelFile(model);
        var file = LoadingDisplay.Show(notes, model, progress => ShippedModels.Load(model, new OnnxLoadOptions { Size = size, TakesPictures = true, Limits = SharedOptions.Limits(trust), Progress = progress }, cancellation));
        // The file's bytes, and its messages made of them, are garbage by now, and may be most of the process's memory.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        foreach (string note in file.Notes)
            CommandLine.Note(notes, note);
        if (size is { } asked && !file.Inputs.Any(input => input.Shape.Rank == 4 && (input.Shape.Height, input.Shape.Width) == (asked.Height, asked.Width)))
        {
            using (file)
                throw new InputException($"'{model}' leaves no picture's size open: --size {asked.Width}x{asked.Height} cannot be; its inputs are {string.Join(", ", file.Inputs.Select(input => input.Shape))}.");
        }

        return new OpenedModel(file.Graph, file);
    }

    /// <summary>Checks that there is a file, or a trained network of that name: where it cannot be a path, names are what the user needs.</summary>
    /// <exception cref="InputException">There is no such file, and no trained network of that name.</exception>
    public static void VerifyModelFile(string model)
    {
        if (ShippedModels.Contains(model))
            return;
        if (!Path.HasExtension(model) && !Path.Exists(model) && !model.AsSpan().ContainsAny('/', '\\') && !ModelCatalog.Contains(model))
            throw new InputException($"'{model}' is neither an .onnx file nor one of the networks {string.Join(", ", ShippedModels.Names.Concat(ModelCatalog.Names))}.");
        VerifyFile(model);
    }

    /// <exception cref="InputException">There is no such file.</exception>
    public static void VerifyFile(string path)
    {
        if (File.Exists(path))
            return;
        if (Directory.Exists(path))
            throw new InputException($"'{path}' is a folder; a model is an .onnx file.");
        throw new InputException(ModelCatalog.Contains(path)
            ? $"'{path}' is a network with random weights; this takes a file. 'rtcnn export {path} --output {path}.onnx' writes one."
            : $"There is no file '{path}'.");
    }
}

/// <summary>A model of either kind.</summary>
/// <param name="graph">What it computes; disposed with this.</param>
/// <param name="file">The file that the graph is of; null for a classic network.</param>
internal sealed class OpenedModel(Graph graph, OnnxModel? file) : IDisposable
{
    public Graph Graph { get; } = graph;

    /// <summary>The file; null for a classic network.</summary>
    public OnnxModel? File { get; } = file;

    /// <summary>How a photograph becomes an input of a shape: as the file says, or as classic networks were trained.</summary>
    /// <param name="input">Shape <c>[N, 1 or 3, H, W]</c>.</param>
    public Preprocessing PreprocessingFor(Shape input)
    {
        var size = new Size2d(input.Height, input.Width);
        return File?.Metadata.PreprocessingFor(size, input.Channels, File.Metadata.ReadHead()?.Published(size))
            ?? Preprocessing.ImageNet(size) with { Order = input.Channels == 1 ? ColorOrder.Gray : ColorOrder.Rgb };
    }

    /// <summary>How it is fed and read: by its file, and by what the command line says instead; a classic network as its authors published.</summary>
    /// <param name="instead">What the command line says; null for nothing.</param>
    /// <param name="labels">Names of the classes in place of the file's; null for these.</param>
    /// <exception cref="OnnxException">It takes no picture, or what is said of it cannot be.</exception>
    public ModelCard Card(PhotographOptions? instead = null, IReadOnlyList<string>? labels = null)
    {
        var metadata = File?.Metadata ?? Published;
        metadata = (instead?.Over(metadata) ?? metadata) with { Labels = labels ?? metadata.Labels };
        return File == null ? ModelCard.Of(Graph, metadata) : ModelCard.Of(File, metadata);
    }

    /// <summary>How the classic networks' authors prepared pictures.</summary>
    private static OnnxMetadata Published
    {
        get
        {
            var preprocessing = Preprocessing.ImageNet(1);
            return new OnnxMetadata
            {
                Fit = "crop", Mean = [(float)preprocessing.Mean.R, (float)preprocessing.Mean.G, (float)preprocessing.Mean.B],
                Scale = [(float)preprocessing.Scale.R, (float)preprocessing.Scale.G, (float)preprocessing.Scale.B],
            };
        }
    }

    public void Dispose() => Graph.Dispose();
}
