using RealtimeCnn.Heads;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>A file that can be shown, with its labels.</summary>
/// <param name="Path">Where it was read, or the name of a shipped one.</param>
/// <param name="Name">Its name without folder and ending.</param>
/// <param name="Model">What is in it; whoever shows it disposes it.</param>
/// <param name="Card">How it is fed and read; its head is a classifier's or a detector's.</param>
internal sealed record ModelFile(string Path, string Name, OnnxModel Model, ModelCard Card)
{
    /// <exception cref="ModelFileException">A file is missing, is no model, or none that can be shown; the message says which and why.</exception>
    public static ModelFile Open(string path, string? labels)
    {
        var model = Load(path);
        try
        {
            return new ModelFile(path, System.IO.Path.GetFileNameWithoutExtension(path), model, CardOf(path, model, labels));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    // A name means the shipped model, whatever lies in the folder.
    private static OnnxModel Load(string path)
    {
        var options = new OnnxLoadOptions { TakesPictures = true };
        try
        {
            return ShippedModels.Names.Contains(path) ? OnnxModel.Load(ShippedModels.Read(path), path, options, folder: null) : ShippedModels.Load(path, options);
        }
        catch (Exception error) when (error is OnnxException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"'{path}' cannot be used: {error.Message}", error);
        }
    }

    private static ModelCard CardOf(string path, OnnxModel model, string? labels)
    {
        string[]? lines = labels == null ? null : ReadLabels(labels);
        try
        {
            var card = ModelCard.Of(model, lines == null ? null : model.Metadata with { Labels = lines });
            return card.Head is ClassificationHead or DetectionHead ? card : throw new ModelFileException($"'{path}' is no classifier or detector, which the demo shows. {card.Said}");
        }
        catch (OnnxException error)
        {
            throw new ModelFileException($"{(labels == null ? $"'{path}'" : $"'{path}' with '{labels}'")} cannot be shown: {error.Message}", error);
        }
    }

    private static string[] ReadLabels(string file)
    {
        try
        {
            return LabelFile.Read(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"The labels cannot be read: {error.Message}", error);
        }
    }
}
