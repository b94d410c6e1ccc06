using System.CommandLine;
using System.Globalization;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Cli.Training;
using RealtimeCnn.Heads;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn eval</c>: runs a model over labelled pictures and says how often a classifier is right, and what it takes for what, or how well a detector finds things.</summary>
internal static class EvalCommand
{
    private static readonly DataDivision NothingHeldOut = new(null, null, null, 0);

    public static Command Create()
    {
        var model = SharedOptions.Model();
        var data = DataArgument.Options("What to evaluate on");
        var only = new Option<string?>("--only") { Description = "A regular expression; only pictures whose names match it are looked at.", HelpName = "regex" };
        var augmentation = new Option<string?>("--augmentation") { Description = "A JSON file with an augmentation, number by number, that changes the pictures first: { \"flip\": 1 } for mirrored ones.", HelpName = "file" };
        var backgrounds = new Option<string?>("--backgrounds") { Description = "A folder of photographs whose parts that augmentation puts behind hands and faces.", HelpName = "dir" };
        var place = new NetworkHost.PlaceOptions();
        var trust = SharedOptions.Trust();
        var photographs = new SharedOptions.Photographs();
        var json = new JsonOption();
        var command = new Command("eval", "Say how often a classifier is right on labelled pictures, or how well a detector finds boxes.") { model, data, only, augmentation, backgrounds, trust };
        place.AddTo(command);
        photographs.AddTo(command);
        json.AddTo(command);
        command.SetAction((parsed, cancellation) => Run(
            new Request(
                parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(only), parsed.GetValue(augmentation), parsed.GetValue(backgrounds), place.Read(parsed), parsed.GetValue(trust)),
            photographs.Read(parsed), json.Read(parsed), parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    /// <summary>What the command line says beside the preprocessing.</summary>
    private sealed record Request(string Model, string[] Data, string? Only, string? Augmentation, string? Backgrounds, NetworkHost.Place Place, bool Trust);

    private static int Run(Request request, PhotographOptions photographs, JsonReport report, TextWriter error, CancellationToken cancellation)
    {
        var augmentation = request.Augmentation is { } file ? Recipe.LoadAugmentation(file) : null;
        ModelArgument.VerifyModelFile(request.Model);
        using var model = LoadingDisplay.Show(error, request.Model, progress => ShippedModels.Load(
            request.Model, new OnnxLoadOptions { Size = photographs.Size, TakesPictures = true, Limits = SharedOptions.Limits(request.Trust), Progress = progress }, cancellation));
        void Note(string text) => CommandLine.Note(error, text);
        foreach (string note in model.Notes)
            Note(note);
        var card = ModelCard.Of(model, photographs.Over(model.Metadata));
        var preprocessing = card.Preprocessing;
        var data = TrainingData.Read(request.Data, preprocessing, model.Metadata.Labels.Count > 0 ? model.Metadata.Labels : null, null, NothingHeldOut, Note, cancellation).Learned;
        if (request.Only is { } only)
            data = data.SplitByName(DataArgument.Pattern("--only", only).IsMatch).HeldOut;
        using var host = NetworkHost.Open(request.Place, error);
        using var network = host.Create(model.Graph, Environment.ProcessorCount);
        if (request.Data.Any(DataArgument.HasBoxes))
        {
            var head = card.Head as DetectionHead ?? throw new InputException($"'{request.Model}' is no detector. {card.Said}");
            if (card.Labels.Count != data.Classes.Count)
                throw new InputException($"'{request.Model}' tells {card.Labels.Count} classes apart; the boxes are of {data.Classes.Count}: {string.Join(", ", data.Classes)}.");
            return EvaluateBoxes(network, data, head, ModelData.Statistics(preprocessing), report, cancellation);
        }

        var evaluation = Evaluation.Of(network, data, new EvaluationOptions
        {
            Statistics = ModelData.Statistics(preprocessing), AreLogits = Classification.NeedsSoftmax(model.Graph), Augmentation = augmentation,
            Backgrounds = request.Backgrounds is { } folder ? DataArgument.ReadBackgrounds(folder, cancellation) : null,
        }, cancellation);
        report.Write(new { evaluation.Accuracy, evaluation.Count, evaluation.CalibrationError, evaluation.Classes, evaluation.Confusion, evaluation.PerClass });
        Print(evaluation, report.Text);
        return ExitCode.Fine;
    }

    private static int EvaluateBoxes(INetwork network, IDataSet data, DetectionHead head, InputStatistics statistics, JsonReport report, CancellationToken cancellation)
    {
        var found = DetectionEvaluation.Of(network, data, head, statistics, cancellation);
        report.Write(new { found.MeanAveragePrecision, found.FalseBoxesPerPicture, found.FalseBoxesPerPictureInAll, head.Threshold, found.Count, found.CountWithoutBoxes, data.Classes, found.PerClass });
        report.Text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Mean average precision {found.MeanAveragePrecision:0.000} at IoU {DetectionEvaluation.Overlap} on {found.Count} pictures; at score {head.Threshold} false boxes per picture {found.FalseBoxesPerPictureInAll:0.000}{(found.FalseBoxesPerPicture is { } empty ? $", on the {found.CountWithoutBoxes} that show nothing {empty:0.000}" : string.Empty)}."));
        foreach (var one in found.PerClass)
            report.Text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Name}: {one.Count} boxes, average precision {one.AveragePrecision:0.000}, found {one.Found:P1}"));
        return ExitCode.Fine;
    }

    private static void Print(Evaluation evaluation, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{evaluation.Accuracy:P2} of {evaluation.Count} pictures are named right; confidence is {evaluation.CalibrationError:P2} off."));
        for (int label = 0; label < evaluation.Classes.Count; label++)
        {
            var one = evaluation.PerClass[label];
            string mistakes = string.Join(", ", evaluation.Confusion[label].Select((count, called) => (Count: count, Called: called)).Where(entry => entry.Count > 0 && entry.Called != label)
                .OrderByDescending(entry => entry.Count).Select(entry => $"{evaluation.Classes[entry.Called]} {entry.Count}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Name}: {one.Count} pictures, recall {one.Recall:P1}, precision {one.Precision:P1}{(mistakes.Length > 0 ? $"; taken for {mistakes}" : string.Empty)}"));
        }
    }
}
