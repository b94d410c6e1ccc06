using System.CommandLine;
using System.Globalization;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Cli.Training;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn train</c>: trains a classic network from the start, or a file's further, and writes it as ONNX with labels and preprocessing.</summary>
internal static class TrainCommand
{
    /// <summary>How many times the loss of the start a loss is that no network comes to which learns, however slowly.</summary>
    private const double DestroyedLoss = 10;

    private const int MostThreads = 1024;

    /// <summary>What the command line says beside the recipe.</summary>
    private sealed record Request(string Model, string[] Data, string Output, string? HeldOut, double? Validation, string? Group, string? HoldOut, Size2d? Size, string? Checkpoint, int? EpochsNow, bool Resumes, string? Log, string? Picture, string? Backgrounds, Transfer Transfer, int Threads, bool Trust);

    public static Command Create()
    {
        var model = ModelArgument.Create($" For boxes: {CentreDetector.Name}.");
        var data = DataArgument.Options("What to learn from");
        var destination = new Option<string>("--output") { Description = "The ONNX file to write.", HelpName = "file", Required = true };
        var heldOut = DataArgument.Option("--held-out", "What to evaluate on after every epoch");
        var validation = new Option<double?>("--validation") { Description = "Share of the data that is held out, from 0 to 1, in place of --held-out." };
        var group = new Option<string?>("--group") { Description = "A regular expression; photographs whose names match it with the same text (its first group) are never on both sides of --validation.", HelpName = "regex" };
        var holdOut = new Option<string?>("--hold-out") { Description = "A regular expression; pictures whose names match it are held out, of all data and backgrounds.", HelpName = "regex" };
        var size = SharedOptions.Size();
        var checkpoint = new Option<string?>("--checkpoint") { Description = "A file that gets all that is needed to go on, after every epoch.", HelpName = "file" };
        var now = SharedOptions.Number("--epochs-now", "Ends after so many epochs of this run, with the best so far; --resume makes the others.", 0, 100_000);
        var resumes = new Option<bool>("--resume") { Description = "Go on where --checkpoint stopped, if it is there." };
        var log = new Option<string?>("--log") { Description = "A file that gets a line of JSON after every epoch.", HelpName = "file" };
        var picture = new Option<string?>("--picture") { Description = "A PNG file that gets curves, confusion, filters and the worst mistakes.", HelpName = "file" };
        var transfer = new TransferOptions();
        var backgrounds = new Option<string?>("--backgrounds") { Description = "A folder of photographs whose parts an augmentation puts behind hands and faces; see the recipe's background.", HelpName = "dir" };
        var threads = SharedOptions.Number("--threads", "CPU threads of a step; weights do not depend on it.", Environment.ProcessorCount, 1, MostThreads);
        var trust = SharedOptions.Trust();
        var recipe = new RecipeOptions();
        var command = new Command("train", "Train a model on labelled pictures.") { model, data, destination, heldOut, validation, group, holdOut, size, checkpoint, now, resumes, log, picture, backgrounds, threads, trust };
        transfer.AddTo(command);
        recipe.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(validation) is { } share && (share is not (> 0 and < 1) || result.GetValue(heldOut) != null))
                result.AddError("--validation is a share between 0 and 1, and stands in place of --held-out.");
            if (result.GetValue(group) != null && result.GetValue(validation) == null)
                result.AddError("--group says what --validation keeps together: give both.");
            if (result.GetValue(holdOut) != null && (result.GetValue(heldOut) != null || result.GetValue(validation) != null))
                result.AddError("--hold-out stands in place of --held-out and --validation.");
            if (result.GetValue(now) != null && result.GetValue(checkpoint) == null)
                result.AddError("--epochs-now leaves epochs to be made from a --checkpoint: name its file.");
            if (result.GetValue(resumes) && result.GetValue(checkpoint) == null)
                result.AddError("--resume goes on from a --checkpoint: name its file.");
        });
        command.SetAction((parsed, cancellation) => Run(
            new Request(
                parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetRequiredValue(destination), parsed.GetValue(heldOut), parsed.GetValue(validation), parsed.GetValue(group), parsed.GetValue(holdOut),
                parsed.GetValue(size), parsed.GetValue(checkpoint), parsed.GetValue(now), parsed.GetValue(resumes), parsed.GetValue(log), parsed.GetValue(picture), parsed.GetValue(backgrounds), transfer.Read(parsed), parsed.GetValue(threads), parsed.GetValue(trust)),
            recipe.Read(parsed), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static int Run(Request request, Recipe recipe, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        foreach (string path in new[] { request.Output, request.Checkpoint, request.Log }.OfType<string>())
            OutputFile.Check(path);
        if (request.Picture != null)
            OutputFile.CheckPng(request.Picture);
        bool hasBoxes = request.Data.Any(DataArgument.HasBoxes);
        if (hasBoxes && (request.Picture != null || request.Transfer.Front != null))
            throw new InputException("--picture and --front are for classifiers; boxes are learned without them.");
        if (request.EpochsNow != null && request.Transfer.Front != null)
            throw new InputException("--epochs-now makes a part of one training; a --front is two.");
        using var file = IsNew(request.Model, hasBoxes) ? null : ModelArgument.Open(request.Model, request.Size, request.Trust, error, cancellation);
        var wanted = file?.PreprocessingFor(ModelData.PictureInput(file.Graph)) ?? ForPhotographs(request);
        string[]? labels = file?.File?.Metadata.Labels is { Count: > 0 } named ? [.. named] : null;
        void Note(string text) => CommandLine.Note(error, text);
        var division = new DataDivision(
            request.Validation, request.Group is { } together ? DataArgument.Pattern("--group", together) : null, request.HoldOut is { } names ? DataArgument.Pattern("--hold-out", names) : null, recipe.Seed ?? 0);
        var (learned, heldOut) = TrainingData.Read(request.Data, wanted, labels, recipe.Sources, division, Note, cancellation);
        if (request.HeldOut is { } text)
            heldOut = ReadHeldOut(text, learned, Note, cancellation);
        var statistics = file?.File is not { Metadata.Scale.Count: > 0 } ? recipe.StatisticsOf(learned) : ModelData.Statistics(wanted!);
        using var created = file == null ? Create(request.Model, learned, wanted?.Size, recipe.Seed ?? 0) : null;
        using var renewed = request.Transfer.NewEnd(file?.Graph ?? created!, learned.Classes.Count, recipe.Seed ?? 0);
        var graph = renewed ?? file?.Graph ?? created!;
        var known = file?.File?.Metadata.ReadHead() switch
        {
            CentreHead centres => centres,
            DetectionHead other => throw new InputException($"'{request.Model}' has the head '{other.Family}'; boxes are learned by 'centres' alone."),
            _ => new CentreHead(),
        };
        var head = hasBoxes ? known with { Threshold = recipe.Threshold ?? known.Threshold } : null;
        if (head == null)
            ModelData.VerifyLogits(graph, learned.Classes);
        else
            ModelData.VerifyCentres(graph, learned.Classes);
        using var log = request.Log == null ? null : new StreamWriter(request.Log, append: request.Resumes);
        var (backgrounds, heldOutBackgrounds) = ReadBackgrounds(request.Backgrounds, division, Note, cancellation);
        var options = recipe.ToOptions(learned.Count, statistics) with
        {
            Backgrounds = backgrounds, HeldOutBackgrounds = heldOutBackgrounds, Head = head, Checkpoint = request.Checkpoint, EpochsNow = request.EpochsNow, Resumes = request.Resumes, Log = log, Threads = request.Threads,
        };
        if (request.Resumes && !File.Exists(request.Checkpoint))
            Note($"There is no '{request.Checkpoint}' yet: training begins at the beginning.");
        var result = TrainingDisplay.Show(output, (onStep, onEpoch) => Train(() => request.Transfer.Train(graph, learned, heldOut, options with { StepProgress = onStep, Progress = onEpoch }, cancellation)));
        OnnxExporter.Write(request.Output, graph, ModelData.Metadata(
            file?.File?.Metadata, learned, wanted?.Size ?? new Size2d(learned.SampleShape[1], learned.SampleShape[2]), statistics, head, recipe.ToJson(Path.GetFileName(request.Model), [.. request.Data.Select(DataArgument.NameOf)], HeldOutName(request))));
        if (request.Picture is { } picture)
            Draw(picture, request, graph, result, heldOut ?? learned, statistics, cancellation);
        if (result.End == TrainingEnd.NotFinite)
        {
            error.WriteLine($"rtcnn: The loss is no longer finite after {result.Epochs.Count} epochs; '{request.Output}' has the last good weights. A smaller --rate, or --clip, may help.");
            return ExitCode.CheckFailed;
        }

        if (!result.HasLearned && result.End != TrainingEnd.Paused)
        {
            string how = string.Create(
                CultureInfo.InvariantCulture,
                $"the loss is {result.Best!.Loss:G3} after {result.Epochs.Count} epochs and was {result.StartLoss:G3} before the first step{(result.Best.Accuracy is { } accuracy ? $"; {100 * accuracy:0.0} % are named right, no more than by always naming one class" : string.Empty)}");
            if (result.Best.Loss > DestroyedLoss * result.StartLoss)
            {
                error.WriteLine($"rtcnn: Nothing was learned, and the weights are destroyed: {how}. '{request.Output}' has these weights. A smaller --rate, or --clip, may help.");
                return ExitCode.CheckFailed;
            }

            Note($"Nothing was learned yet: {how}. More epochs, or another --rate, may help.");
        }

        string temperature = result.Temperature is { } found ? string.Create(CultureInfo.InvariantCulture, $", temperature {found:0.00}") : string.Empty;
        output.WriteLine($"{request.Output}: {(result.End == TrainingEnd.NoProgress ? $"no progress any more; weights of epoch {result.Best!.Epoch}" : $"{result.Epochs.Count} epochs")}, {Energy.Describe(request.Transfer.FrontCpuSeconds + result.Epochs.Sum(record => record.CpuSeconds))}{temperature}.");
        return ExitCode.Fine;
    }

    /// <summary>Whether a model is one to be made with random weights.</summary>
    private static bool IsNew(string model, bool hasBoxes) => hasBoxes ? model == CentreDetector.Name : ModelCatalog.Contains(model);

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
        var evaluation = Evaluation.Of(network, data, new EvaluationOptions { Statistics = statistics }, cancellation);
        TrainingPicture.Write(path, $"{Path.GetFileName(request.Model)} on {data.Count} pictures of {data.Classes.Count} classes", result, graph, evaluation, data);
    }

    private static IDataSet ReadHeldOut(string text, IDataSet learned, Action<string> note, CancellationToken cancellation)
    {
        var shape = learned.SampleShape;
        var wanted = new Preprocessing { Size = new Size2d(shape[1], shape[2]), Fit = DataArgument.HasBoxes(text) ? FitMode.Letterbox : FitMode.Crop, Order = shape[0] == 1 ? ColorOrder.Gray : ColorOrder.Rgb };
        var data = DataArgument.Read(text, wanted, learned.Classes, null, cancellation);
        foreach (string line in data.Notes)
            note(line);
        return DataMix.Join([data], learned.Classes);
    }

    private static (IDataSet? Learned, IDataSet? HeldOut) ReadBackgrounds(string? folder, DataDivision division, Action<string> note, CancellationToken cancellation)
    {
        if (folder == null)
            return (null, null);
        var data = DataArgument.ReadBackgrounds(folder, cancellation);
        foreach (string line in data.Notes)
            note(line);
        return division.DivideBackgrounds(data);
    }

    private static string? HeldOutName(Request request) => request.HoldOut ?? (request.HeldOut is { } text ? DataArgument.NameOf(text)
        : request.Validation is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share}{(request.Group is { } group ? $" by {group}" : string.Empty)}") : null);

    /// <summary>What photographs become for a classic network: the size asked for, or the published one.</summary>
    private static Preprocessing? ForPhotographs(Request request)
    {
        if (request.Data.Any(DataArgument.HasBoxes))
            return new Preprocessing { Size = request.Size ?? new Size2d(240, 320), Fit = FitMode.Letterbox };
        if (request.Size is null && !request.Data.Any(DataArgument.HasNoSize))
            return null;
        using var published = request.Size == null ? ModelCatalog.Create(request.Model) : null;
        var size = request.Size ?? new Size2d(published!.InputShapes[0].Height, published.InputShapes[0].Width);
        return new Preprocessing { Size = size, Fit = FitMode.Crop, Order = request.Data[0].StartsWith("mnist:", StringComparison.Ordinal) ? ColorOrder.Gray : ColorOrder.Rgb };
    }

    private static Graph Create(string model, IDataSet data, Size2d? size, int seed)
    {
        var (channels, height, width) = (data.SampleShape[0], data.SampleShape[1], data.SampleShape[2]);
        if (model == CentreDetector.Name)
            return CentreDetector.Create(size ?? new Size2d(height, width), data.Classes.Count, channels, seed);
        return height == width
            ? ModelCatalog.Create(model, new ModelOptions { InputSize = height, InputChannels = channels, Classes = data.Classes.Count, Seed = seed })
            : throw new InputException($"'{model}' takes square pictures; the data have {width}x{height}. Give --size.");
    }
}
