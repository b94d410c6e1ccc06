using System.CommandLine;
using RealtimeCnn.Camera;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Images;

namespace RealtimeCnn.Cli.Commands;

/// <summary><c>rtcnn filter</c>: applies one classical filter to a photograph and writes the result, clamped to [0, 1], as PNG.</summary>
internal static class FilterCommand
{
    public static Command Create()
    {
        var kernel = new Option<string>("--kernel") { Description = "The filter.", Required = true }.OneOf([.. Filters.All.Select(filter => filter.Name)]);
        var input = new Option<string>("--input") { Description = "A photograph (JPEG, PNG, …).", HelpName = "file", Required = true };
        var destination = new Option<string>("--output") { Description = "The PNG file to write.", HelpName = "file", Required = true };
        var place = new NetworkHost.PlaceOptions();
        var command = new Command("filter", "Apply a classical filter to a photograph.") { kernel, input, destination };
        place.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            OutputFile.CheckPng(parsed.GetRequiredValue(destination));
            using var opened = NetworkHost.Open(place.Read(parsed), parsed.InvocationConfiguration.Error);
            return Run(Filters.Find(parsed.GetRequiredValue(kernel))!, parsed.GetRequiredValue(input), parsed.GetRequiredValue(destination), opened, cancellation);
        });
        return command;
    }

    private static int Run(Filter filter, string input, string output, NetworkHost host, CancellationToken cancellation)
    {
        using var photograph = Photograph.Load(input);
        using var picture = PixelTensor.FromPixels(photograph.Pixels, photograph.Format);
        using var graph = Filters.Graph(picture.Shape, filter);
        using var network = host.Create(graph, Environment.ProcessorCount);
        var (pixels, format) = PixelTensor.ToPixels(network.Run([picture], cancellation)[0]);
        Png.Write(output, pixels, format);
        return ExitCode.Fine;
    }
}
