using System.CommandLine;
using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Cli.Inference;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Commands;

/// <summary>
/// <c>rtcnn infer</c>: what a model says of pictures and videos, as text, as JSON and drawn on them; or, with arrays, what came out of it and where
/// nodes ran, as <c>output_0.npy</c>, … in the graph's order and <c>outputs.json</c> with names and shapes in a folder if one is named.
/// </summary>
internal static class InferCommand
{
    public static Command Create()
    {
        var model = ModelArgument.Create();
        var pictures = new Argument<string[]>("pictures") { Description = "Photographs, videos, and folders of them.", Arity = ArgumentArity.ZeroOrMore };
        var inputs = SharedOptions.Inputs();
        var labels = new Option<string?>("--labels") { Description = "A text file with a label in each line, for a model that has none.", HelpName = "file" };
        var destination = new Option<string>("--output") { Description = "Folder, made where absent: for the pictures and videos with their answers drawn, as PNG and MP4, or of --input for output_0.npy, … and outputs.json.", HelpName = "dir" };
        var place = new NetworkHost.PlaceOptions();
        var trust = SharedOptions.Trust();
        var photographs = new SharedOptions.Photographs();
        var json = new JsonOption();
        var command = new Command("infer", "Ask a model what pictures and videos show, or run it on arrays.") { model, pictures, inputs, labels, destination, trust };
        place.AddTo(command);
        photographs.AddTo(command);
        json.AddTo(command);
        command.Validators.Add(result =>
        {
            bool hasArrays = result.GetValue(inputs) is { Length: > 0 };
            if (hasArrays && result.GetValue(pictures) is { Length: > 0 } files)
                result.AddError($"'{files[0]}' is a picture to be asked about, and --input runs the model on arrays: give one of them.");
            if (hasArrays && (result.GetResult(labels) is { Implicit: false } || json.IsGiven(result)))
                result.AddError("--labels and --json are for pictures; with --input, outputs are arrays.");
        });
        command.SetAction((parsed, cancellation) => parsed.GetValue(pictures) is { Length: > 0 } files
            ? Ask(
                new Question(parsed.GetRequiredValue(model), files, parsed.GetValue(labels), parsed.GetValue(destination), place.Read(parsed), parsed.GetValue(trust)),
                photographs.Read(parsed), json.Read(parsed), parsed.InvocationConfiguration.Error, cancellation)
            : Run(
                parsed.GetRequiredValue(model), parsed.GetValue(inputs) ?? [], photographs.Read(parsed), parsed.GetValue(destination),
                place.Read(parsed), parsed.GetValue(trust), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    /// <summary>What the command line says beside the preprocessing.</summary>
    private sealed record Question(string Model, string[] Pictures, string? Labels, string? Folder, NetworkHost.Place Place, bool Trust);

    private static int Ask(Question question, PhotographOptions photographs, JsonReport report, TextWriter error, CancellationToken cancellation)
    {
        var files = PictureFiles.Find(question.Pictures);
        VerifyFolder(question.Folder);
        using var opened = ModelArgument.Open(question.Model, photographs.Size, question.Trust, error, cancellation);
        var card = opened.Card(photographs, question.Labels == null ? null : LabelFile.Read(question.Labels));
        CommandLine.Note(error, card.Said);
        using IPictureModel model = card.Head is SegmentationHead or PictureHead ? new PixelModel(opened, card) : new PictureModel(card);
        using var host = NetworkHost.Open(question.Place, error);
        using var network = host.Create(opened.Graph, Environment.ProcessorCount);
        if (question.Folder != null)
            Directory.CreateDirectory(question.Folder);
        var answers = new List<PictureAnswer>();
        var names = new AnswerNames(question.Folder);
        int failed = 0;
        AskingDisplay.Show(report.Text, files, (text, progress) =>
        {
            for (int i = 0; i < files.Count; i++)
            {
                string file = files[i];
                progress?.Invoke(i, file);
                try
                {
                    if (!VideoFile.HasVideoExtension(file))
                    {
                        AskPicture(model, network, file, names, answers, text, cancellation);
                        continue;
                    }

                    int done = i;
                    using var video = new VideoQuestion(model, network, file, names);
                    video.Ask(answers, text, part => progress?.Invoke(done + part, file), cancellation);
                }
                catch (CameraException problem)
                {
                    error.WriteLine($"rtcnn: {problem.Message}");
                    failed++;
                }
            }
        });
        report.Write(answers);
        return failed == 0 ? ExitCode.Fine : ExitCode.CheckFailed;
    }

    private static void AskPicture(IPictureModel model, INetwork network, string file, AnswerNames names, List<PictureAnswer> answers, TextWriter text, CancellationToken cancellation)
    {
        using var picture = Photograph.Load(file);
        var answer = model.Ask(network, file, picture, cancellation);
        answer.Print(text);
        answers.Add(answer);
        if (names.For(file, ".png") is not { } drawn)
            return;
        var canvas = new CpuCanvas();
        model.Draw(canvas, picture, answer);
        Png.Write(drawn, canvas.Pixels, canvas.Format);
    }

    private static void VerifyFolder(string? folder)
    {
        if (folder != null && File.Exists(folder))
            throw new InputException($"'{folder}' is a file; --output names a folder.");
    }

    private static int Run(string path, string[] files, PhotographOptions photographs, string? folder, NetworkHost.Place where, bool trust, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        VerifyFolder(folder);
        var limits = SharedOptions.Limits(trust);
        var inputs = ModelInputs.Read(path, files, photographs, limits);
        using var model = LoadingDisplay.Show(error, path, progress => ShippedModels.Load(path, new OnnxLoadOptions { Inputs = inputs, Limits = limits, Progress = progress }, cancellation));
        foreach (string note in model.Notes)
            CommandLine.Note(error, note);
        using var host = NetworkHost.Open(where, error);
        using var network = host.Create(model.Graph, Environment.ProcessorCount);
        Tensor[] values = [.. model.Inputs.Select(port => inputs[port.Name].ToTensor())];
        try
        {
            var results = network.Run(values, cancellation);
            OnnxTensor[] outputs = [.. results.Select((result, i) => model.ReadOutput(i, result))];
            if (folder != null)
                Write(folder, outputs, model, NodePlaces.Of(network));
            for (int i = 0; i < outputs.Length; i++)
                output.WriteLine($"{model.Outputs[i].Name}: {outputs[i]}");
            output.WriteLine(NodePlaces.Of(network).Describe(network.Backend));
            return ExitCode.Fine;
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    private static void Write(string folder, OnnxTensor[] outputs, OnnxModel model, NodePlaces places)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < outputs.Length; i++)
            NpyFile.Write(Path.Combine(folder, $"output_{i}.npy"), outputs[i]);
        var report = new
        {
            Names = model.Outputs.Select(port => port.Name),
            Shapes = outputs.Select(tensor => tensor.Shape.ToArray()),
            places.GpuNodes,
            places.CpuNodes,
            places.CpuOps,
        };
        File.WriteAllBytes(Path.Combine(folder, "outputs.json"), JsonSerializer.SerializeToUtf8Bytes(report, Json.Indented));
    }
}
