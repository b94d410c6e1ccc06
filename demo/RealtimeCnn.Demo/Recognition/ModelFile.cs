using RealtimeCnn.Heads;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Demo.Recognition;

/// <summary>A file that can be shown, with its labels.</summary>
/// <param name="Name">Its name without folder and ending.</param>
/// <param name="Model">What is in it; whoever shows it disposes it.</param>
/// <param name="Input">Shape of the picture that it takes.</param>
/// <param name="Output">Shape of the scores that it gives: as many channels as classes.</param>
/// <param name="Classes">Names of the classes; null where nothing names them.</param>
internal sealed record ModelFile(string Name, OnnxModel Model, Shape Input, Shape Output, IReadOnlyList<string>? Classes)
{
    /// <exception cref="ModelFileException">A file is missing, is no model, or none that can be shown; the message says which and why.</exception>
    public static ModelFile Open(string path, string? labels)
    {
        var model = Load(path);
        try
        {
            var (input, output) = Ports(path, model);
            return new ModelFile(Path.GetFileNameWithoutExtension(path), model, input, output, LabelsOf(path, model, labels, output.Channels));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static OnnxModel Load(string path)
    {
        if (!File.Exists(path))
            throw new ModelFileException($"There is no file '{path}', and no model of that name; there are: {string.Join(", ", ShippedModels.Names)}.");
        try
        {
            return OnnxModel.Load(path);
        }
        catch (Exception error) when (error is OnnxException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"'{path}' cannot be used: {error.Message}", error);
        }
    }

    private static (Shape Input, Shape Output) Ports(string path, OnnxModel model)
    {
        if (model.Inputs is not [{ Shape: { Rank: 4, Batch: 1, Channels: 1 or 3 } input }])
            throw new ModelFileException($"'{path}' takes {string.Join(" and ", model.Inputs.Select(port => $"'{port.Name}' {port.Shape}"))}; a camera gives one picture, [1, 1 or 3, H, W].");
        var shapes = model.Graph.InferShapes();
        Shape[] outputs = [.. model.Graph.Outputs.Select(output => shapes[output])];
        if (model.Metadata.Detector != null)
        {
            return outputs is [{ Rank: 4, Channels: 1 } heat, { Rank: 4 } classes, var boxes] && classes.With(1, 1) == heat && boxes == heat.With(1, CentreHead.BoxChannels)
                ? (input, classes)
                : throw new ModelFileException($"'{path}' says that it is a detector of centres, but gives {string.Join(" and ", outputs)}; one gives [1, 1, H, W], [1, classes, H, W] and [1, {CentreHead.BoxChannels}, H, W].");
        }

        var scores = outputs[0];
        return scores.Rank > 1 && scores.Count == scores.Channels && scores.Channels > 1
            ? (input, scores)
            : throw new ModelFileException($"'{path}' gives {scores}; the demo shows classifiers, [1, classes], and detectors whose file says so.");
    }

    private static string[]? LabelsOf(string path, OnnxModel model, string? file, int classes)
    {
        string[] labels = file == null ? [.. model.Metadata.Labels] : ReadLabels(file);
        if (labels.Length == 0 && file == null)
            return null;
        return labels.Length == classes ? labels
            : throw new ModelFileException($"{(file == null ? $"'{path}' has {labels.Length} labels" : $"'{file}' has {labels.Length} lines")}; the model tells {classes} classes apart.");
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
