using System.CommandLine;
using RealtimeCnn.Camera;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Images;
using RealtimeCnn.Textbook;

namespace RealtimeCnn.Cli.Commands;

/// <summary>
/// <c>rtcnn explain</c>: lists the claims of the field's textbooks; with a name, checks one on a photograph, prints what was
/// measured and writes its picture. Exit code 1 when the claim does not hold.
/// </summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "The claim; without one, all are listed.", Arity = ArgumentArity.ZeroOrOne };
        var input = new Option<string?>("--input") { Description = "A photograph to show it on; a drawn scene without one.", HelpName = "file" };
        var destination = new Option<string?>("--output") { Description = "The PNG file to write; NAME.png without one.", HelpName = "file" };
        var place = new NetworkHost.PlaceOptions();
        var command = new Command("explain", "Check a claim of the textbooks, and draw it.") { name, input, destination };
        place.AddTo(command);
        command.SetAction((parsed, cancellation) => parsed.GetValue(name) is { } asked
            ? Run(Find(asked), parsed.GetValue(input), parsed.GetValue(destination) ?? $"{asked}.png", place.Read(parsed), parsed.InvocationConfiguration, cancellation)
            : List(parsed.InvocationConfiguration.Output));
        return command;
    }

    private static Claim Find(string name) => TextbookClaims.Find(name)
        ?? throw new InputException($"There is no claim '{name}'; 'rtcnn explain' lists those there are.");

    private static int List(TextWriter output)
    {
        int width = TextbookClaims.All.Max(claim => claim.Name.Length);
        foreach (var claim in TextbookClaims.All)
            output.WriteLine($"{claim.Name.PadRight(width)}  {claim.Title}");
        return ExitCode.Fine;
    }

    private static int Run(Claim claim, string? input, string destination, NetworkHost.Place where, InvocationConfiguration streams, CancellationToken cancellation)
    {
        OutputFile.CheckPng(destination);
        using var photograph = input == null ? Scene.Draw(120, 160) : Load(input);
        using var host = NetworkHost.Open(where, streams.Error);
        var explanation = claim.Explain((graph, mode) => host.Create(graph, Environment.ProcessorCount, mode), photograph);
        cancellation.ThrowIfCancellationRequested();
        Png.Write(destination, explanation.Pixels, explanation.Format);

        var output = streams.Output;
        output.WriteLine(claim.Title);
        output.WriteLine(claim.Statement);
        output.WriteLine(claim.Formula);
        foreach (var finding in explanation.Findings)
            output.WriteLine(finding);
        output.WriteLine($"picture: {destination}");
        if (LivePages.Find(claim.Name) is { } live)
            output.WriteLine($"live: {live.Command}");
        return explanation.Holds ? ExitCode.Fine : ExitCode.CheckFailed;
    }

    // As large as claims take it without changing its proportions more than they must.
    private static Tensor Load(string path)
    {
        using var photograph = Photograph.Load(path);
        double scale = 160.0 / Math.Max(photograph.Format.Width, photograph.Format.Height);
        var size = new Size2d(Side(photograph.Format.Height * scale), Side(photograph.Format.Width * scale));
        var preprocessing = new Preprocessing { Size = size };
        var tensor = new Tensor(preprocessing.Shape);
        new ImageToTensor(preprocessing).Run(photograph, tensor);
        return tensor;
    }

    private static int Side(double extent) => Math.Clamp((int)Math.Round(extent), TextbookClaims.SmallestSide, TextbookClaims.LargestSide);
}
