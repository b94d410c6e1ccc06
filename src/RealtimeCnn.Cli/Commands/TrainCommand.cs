using System.CommandLine;
using System.Text.RegularExpressions;
using RealtimeCnn.Camera;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Cli.Training;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn train</c>: trains a classic network from the start, or a file's further, and writes it as ONNX with labels and preprocessing.</summary>
internal static class TrainCommand
{
    private const int MostThreads = 1024;
    private const int BackgroundSide = 160;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What the command line says beside the recipe.</summary>
    private sealed record Request(string Model, string Data, string Output, string? HeldOut, double? Validation, string? Group, Size2d? Size, string? Checkpoint, bool Resumes, string? Log, string? Picture, string? Backgrounds, Transfer Transfer, int Threads, bool Trust);

    public static Command Create()
    {
        var model = ModelArgument.Create();
        var data = DataArgument.Option("--data", "What to learn from", isRequired: true);
        var destination = new Option<string>("--output") { Description = "The ONNX file to write.", HelpName = "file", Required = true };
        var heldOut = DataArgument.Option("--held-out", "What to evaluate on after every epoch", isRequired: false);
        var validation = new Option<double?>("--validation") { Description = "Share of the data that is held out, from 0 to 1, in place of --held-out." };
        var group = new Option<string?>("--group") { Description = "A regular expression; photographs whose names match it with the same text (its first group) are never on both sides of --validation.", HelpName = "regex" };
        var size = SharedOptions.Size();
        var checkpoint = new Option<string?>("--checkpoint") { Description = "A file that gets all that is needed to go on, after every epoch.", HelpName = "file" };
        var resumes = new Option<bool>("--resume") { Description = "Go on where --checkpoint stopped, if it is there." };
        var log = new Option<string?>("--log") { Description = "A file that gets a line of JSON after every epoch.", HelpName = "file" };
        var picture = new Option<string?>("--picture") { Description = "A PNG file that gets curves, confusion, filters and the worst mistakes.", HelpName = "file" };
        var transfer = new TransferOptions();
        var backgrounds = new Option<string?>("--backgrounds") { Description = "A folder of photographs whose parts an augmentation puts behind hands and faces; see the recipe's background.", HelpName = "dir" };
        var threads = SharedOptions.Number("--threads", "CPU threads of a step; weights do not depend on it.", Environment.ProcessorCount, 1, MostThreads);
        var trust = SharedOptions.Trust();
        var recipe = new RecipeOptions();
        var command = new Command("train", "Train a model on labelled pictures.") { model, data, destination, heldOut, validation, group, size, checkpoint, resumes, log, picture, backgrounds, threads, trust };
        transfer.AddTo(command);
        recipe.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(validation) is { } share && (share is not (> 0 and < 1) || result.GetValue(heldOut) != null))
                result.AddError("--validation is a share between 0 and 1, and stands in place of --held-out.");
            if (result.GetValue(group) != null && result.GetValue(validation) == null)
                result.AddError("--group says what --validation keeps together: give both.");
            if (result.GetValue(resumes) && result.GetValue(checkpoint) == null)
                result.AddError("--resume goes on from a --checkpoint: name its file.");
        });
        command.SetAction((parsed, cancellation) => Run(
            new Request(
                parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetRequiredValue(destination), parsed.GetValue(heldOut), parsed.GetValue(validation), parsed.GetValue(group),
                parsed.GetValue(size), parsed.GetValue(checkpoint), parsed.GetValue(resumes), parsed.GetValue(log), parsed.GetValue(picture), parsed.GetValue(backgrounds), transfer.Read(parsed), parsed.GetValue(threads), parsed.GetValue(trust)),
            recipe.Read(parsed), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static int Run(Request request, Recipe recipe, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        foreach (string path in new[] { request.Output, request.Checkpoint, request.Log }.OfType<string>())
            OutputFile.Check(path);
        if (request.Picture != null)
            OutputFile.CheckPng(request.Picture);
        using var file = ModelCatalog.Contains(request.Model) ? null : ModelArgument.Open(request.Model, request.Size, request.Trust, error, cancellation);
        var wanted = file?.PreprocessingFor(ModelData.PictureInput(file.Graph)) ?? ForPhotographs(request);
        string[]? labels = file?.File!.Metadata.Labels is { Count: > 0 } known ? [.. known] : null;
        var data = DataArgument.Read(request.Data, wanted, labels, cancellation);
        foreach (string note in data.Notes)
            CommandLine.Note(error, note);
        var (learned, heldOut) = Divide(request, recipe, data, error, cancellation);
        var statistics = file == null || file.File!.Metadata.Scale.Count == 0 ? recipe.StatisticsOf(learned) : ModelData.Statistics(wanted!);
        using var classic = file == null ? Create(request.Model, data, recipe.Seed ?? 0) : null;
        using var renewed = request.Transfer.NewEnd(file?.Graph ?? classic!, data.Classes.Count, recipe.Seed ?? 0);
        var graph = renewed ?? file?.Graph ?? classic!;
        ModelData.VerifyLogits(graph, data.Classes);
        using var log = request.Log == null ? null : new StreamWriter(request.Log, append: request.Resumes);
        var backgrounds = request.Backgrounds == null ? null
            : PhotographFolder.ReadUnlabelled(request.Backgrounds, new Preprocessing { Size = BackgroundSide, Fit = FitMode.Crop }, cancellation);
        foreach (string note in backgrounds?.Notes ?? [])
            CommandLine.Note(error, note);
        var options = recipe.ToOptions(learned.Count, statistics) with { Backgrounds = backgrounds, Checkpoint = request.Checkpoint, Resumes = request.Resumes, Log = log, Threads = request.Threads };
        var result = TrainingDisplay.Show(output, (onStep, onEpoch) => Train(() => request.Transfer.Train(graph, learned, heldOut, options with { StepProgress = onStep, Progress = onEpoch }, cancellation)));
        OnnxExporter.Write(request.Output, graph, ModelData.Metadata(file?.File!.Metadata, data, statistics));
        if (request.Picture is { } picture)
            Draw(picture, request, graph, result, heldOut ?? learned, statistics, cancellation);
        if (result.End == TrainingEnd.NotFinite)
        {
            error.WriteLine($"rtcnn: The loss is no longer finite after {result.Epochs.Count} epochs; '{request.Output}' has the last good weights. A smaller --rate, or --clip, may help.");
            return ExitCode.CheckFailed;
        }

        output.WriteLine($"{request.Output}: {(result.End == TrainingEnd.NoProgress ? $"no progress any more; weights of epoch {result.Best!.Epoch}" : $"{result.Epochs.Count} epochs")}, {Energy.Describe(request.Transfer.FrontCpuSeconds + result.Epochs.Sum(record => record.CpuSeconds))}.");
        return ExitCode.Fine;
    }

    private static TrainingResult Train(Func<TrainingResult> train)
    {
        try
        {
            return train();
        }
        catch (Exception problem) when (problem is NotSupportedException or KeyNotFoundException or ArgumentException and not ShapeException)
        {
            throw new InputException(problem.Message);
        }
    }

    private static void Draw(string path, Request request, Graph graph, TrainingResult result, IDataSet data, InputStatistics statistics, CancellationToken cancellation)
    {
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = request.Threads });
        var evaluation = Evaluation.Of(network, data, statistics, cancellation: cancellation);
        TrainingPicture.Write(path, $"{Path.GetFileName(request.Model)} on {data.Count} pictures of {data.Classes.Count} classes", result, graph, evaluation, data);
    }

    private static (IDataSet Learned, IDataSet? HeldOut) Divide(Request request, Recipe recipe, PictureSet data, TextWriter error, CancellationToken cancellation)
    {
        if (request.HeldOut is { } text)
        {
            var shape = data.SampleShape;
            var other = DataArgument.Read(text, new Preprocessing { Size = new Size2d(shape[1], shape[2]), Fit = FitMode.Crop, Order = shape[0] == 1 ? ColorOrder.Gray : ColorOrder.Rgb }, data.Classes, cancellation);
            foreach (string note in other.Notes)
                CommandLine.Note(error, note);
            return (data, other);
        }

        if (request.Validation is not { } share)
            return (data, null);
        int seed = recipe.Seed ?? 0;
        if (request.Group is not { } pattern)
            return data.Split(share, seed);
        var regex = Pattern(pattern);
        return data.SplitByGroup(share, index => regex.Match(data.NameOf(index)) is { Success: true } match ? match.Groups[match.Groups.Count > 1 ? 1 : 0].Value : data.NameOf(index), seed);
    }

    private static Regex Pattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException error)
        {
            throw new InputException($"--group '{pattern}' is no regular expression: {error.Message}");
        }
    }

    /// <summary>What photographs become for a classic network: the size asked for, or the published one.</summary>
    private static Preprocessing? ForPhotographs(Request request)
    {
        if (request.Size is null && !DataArgument.HasNoSize(request.Data))
            return null;
        using var published = request.Size == null ? ModelCatalog.Create(request.Model) : null;
        var size = request.Size ?? new Size2d(published!.InputShapes[0].Height, published.InputShapes[0].Width);
        return new Preprocessing { Size = size, Fit = FitMode.Crop, Order = request.Data.StartsWith("mnist:", StringComparison.Ordinal) ? ColorOrder.Gray : ColorOrder.Rgb };
    }

    private static Graph Create(string model, PictureSet data, int seed)
    {
        var (channels, height, width) = (data.SampleShape[0], data.SampleShape[1], data.SampleShape[2]);
        return height == width
            ? ModelCatalog.Create(model, new ModelOptions { InputSize = height, InputChannels = channels, Classes = data.Classes.Count, Seed = seed })
            : throw new InputException($"'{model}' takes square pictures; the data have {width}x{height}. Give --size.");
    }
}
