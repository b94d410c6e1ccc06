using System.CommandLine;
using System.Globalization;
using System.Net;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Recognition;

namespace RealtimeCnn.Studio;

/// <summary><c>rtcnn studio</c>: the demo on a page of the browser's.</summary>
public static class StudioCommand
{
    /// <summary>What it is for, in one sentence.</summary>
    public const string Purpose = "Show the demo on a page of your browser: the live picture to play with, where the time goes, the network's graph and its feature maps.";

    private const int Fine = 0, BadInput = 2;

    /// <summary>The command with its options, those of the demo among them.</summary>
    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = $"The port of the page; {StudioOptions.DefaultPort} without, and 0 for any that is free.", HelpName = "N", DefaultValueFactory = _ => StudioOptions.DefaultPort,
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= IPEndPoint.MaxPort)
                    return number;
                result.AddError($"--port '{result.Tokens[0].Value}' is not possible; it is a whole number from 0 to {IPEndPoint.MaxPort}.");
                return 0;
            },
        };
        var host = new Option<IPAddress>("--host")
        {
            Description = "The address to listen on; without, only this machine reaches the page. 0.0.0.0 is every address; any but this machine's own needs a token.", HelpName = "address",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (text == "localhost" || IPAddress.TryParse(text, out _))
                    return text == "localhost" ? IPAddress.Loopback : IPAddress.Parse(text);
                result.AddError($"--host '{text}' is no address; it is such as 127.0.0.1, ::1, 0.0.0.0 or one of this machine's.");
                return IPAddress.Loopback;
            },
        };
        var token = new Option<string?>("--token") { Description = $"A secret of {StudioOptions.LeastTokenLength} letters and digits or more that opens the page; without, one is made up where one is needed.", HelpName = "secret" };
        token.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && !StudioOptions.IsToken(given.Value))
                result.AddError($"--token is from {StudioOptions.LeastTokenLength} to {StudioOptions.MostTokenLength} letters, digits, '-' and '_'.");
        });
        var play = new PlayOptions();
        var command = new Command("studio", Purpose) { port, host, token };
        play.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            new StudioOptions(play.Read(parsed) with { Window = "none" }, parsed.GetRequiredValue(host), parsed.GetValue(port), parsed.GetValue(token)),
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation)));
        return command;
    }

    private static int Run(StudioOptions options, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            new StudioRun(options, error) { Listening = address => output.WriteLine($"rtcnn studio: open {address} in your browser; Ctrl+C ends it.") }.Run(cancellation);
            return Fine;
        }
        catch (Exception problem) when (problem is StudioException or ModelFileException)
        {
            error.WriteLine($"rtcnn: {problem.Message.ReplaceLineEndings(" ")}");
            return BadInput;
        }
    }
}
