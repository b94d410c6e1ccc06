using System.CommandLine;
using System.Globalization;
using RealtimeCnn.Camera;
using RealtimeCnn.Cli;
using RealtimeCnn.Demo.Scripts;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Demo;

/// <summary>What the user asked for on the command line.</summary>
internal sealed record DemoOptions
{
    /// <summary>Size of the picture of a user who named none.</summary>
    public static readonly Size2d DefaultSize = new(720, 1280);

    /// <summary>The source of a user who named none: the first camera, or what the demo draws.</summary>
    public const string AnySource = "auto";

    /// <summary>Word for the source, as <c>FrameSources.Open</c> takes it, or <see cref="AnySource"/>.</summary>
    public required string Source { get; init; }

    /// <summary>Opens a source in place of <see cref="Source"/>, for programs that try the demo; null for none.</summary>
    public Func<IFrameSource>? OpenSource { get; init; }

    /// <summary>Frames to show; null for as long as the source plays.</summary>
    public long? Frames { get; init; }

    /// <summary>Each frame in turn, or the newest.</summary>
    public FrameDelivery Delivery { get; init; }

    /// <summary>Library that opens the window, as <see cref="OpenGL.Hosts.WindowHosts"/> takes it; <c>none</c> for no window.</summary>
    public string Window { get; init; } = "auto";

    /// <summary>Library that reads cameras, as <c>FrameSources.Open</c> takes it.</summary>
    public string Camera { get; init; } = "auto";

    /// <summary>Name of the mode to begin with; null for the one that suits source and model.</summary>
    public string? Mode { get; init; }

    /// <summary>Name of the scene of the mode explore to begin with; null for the first.</summary>
    public string? Scene { get; init; }

    /// <summary>Whether it begins with the guided tour.</summary>
    public bool Tour { get; init; }

    /// <summary>What is done to the demo; null for nothing but what the user does.</summary>
    public Script? Script { get; init; }

    /// <summary>ONNX file of a classifier to show, or the name of a shipped one; null for what suits the source.</summary>
    public string? Model { get; init; }

    /// <summary>A file with a label in each line for <see cref="Model"/>; null for the model's own.</summary>
    public string? Labels { get; init; }

    /// <summary>File in which the run is recorded; null for none.</summary>
    public string? Record { get; init; }

    /// <summary>File of a recorded run to play again; null for a run of its own.</summary>
    public string? Replay { get; init; }

    /// <summary>PNG file for the last picture, or null.</summary>
    public string? Screenshot { get; init; }

    /// <summary>JSON file for the counts and times, or null.</summary>
    public string? Stats { get; init; }

    /// <summary>Size of the picture, in pixels.</summary>
    public Size2d Size { get; init; } = DefaultSize;

    /// <summary>Whether the user named the size.</summary>
    public bool IsSizeNamed { get; init; }

    /// <summary>Where networks run: <c>gpu</c>, <c>cpu</c>, or <c>auto</c> for the GPU where that is the better place.</summary>
    public string Backend { get; init; } = "auto";

    /// <summary>What an OpenGL context is asked for.</summary>
    public GlDeviceOptions Gl { get; init; } = new();

    /// <summary>Whether OpenGL in software will do: unless the user left the choice to us, because the CPU path outruns it.</summary>
    public bool MayBeSoftware => Backend != "auto" || Window is not ("auto" or "none");

    /// <summary>Parses the command line and hands the result to <paramref name="run"/>.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="error">Where the one line about wrong usage goes.</param>
    /// <param name="run">Runs the demo; gives the exit code.</param>
    /// <returns>The exit code; 2 for wrong usage.</returns>
    public static int Parse(string[] arguments, TextWriter error, Func<DemoOptions, int> run)
    {
        var play = new PlayOptions();
        var frames = new Option<long?>("--frames") { Description = "Stop after this many frames shown.", HelpName = "N" };
        frames.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count >= 1))
                result.AddError($"--frames '{token.Value}' is not possible; it is a whole number, at least 1.");
        });
        var pace = new Option<string>("--pace") { Description = "every: each frame in turn; realtime: the newest.", DefaultValueFactory = _ => "realtime" };
        pace.OneOf("every", "realtime");
        var window = new Option<string>("--window") { Description = "auto: a window where there is a display; none: no window; or the library that opens it.", DefaultValueFactory = _ => "auto" };
        window.OneOf("auto", "none", "glfw", "silk");
        var script = new Option<Script?>("--script")
        {
            Description = "Do what a file says: lines of TIME and key, click, drag, move, wheel, mode, scene, say, drop, shot or quit.", HelpName = "file",
            CustomParser = result =>
            {
                try
                {
                    return Script.Read(result.Tokens[0].Value);
                }
                catch (ScriptException problem)
                {
                    result.AddError(problem.Message);
                    return null;
                }
            },
        };
        var screenshot = new Option<string?>("--screenshot") { Description = "Write the last picture to this PNG file.", HelpName = "file" };
        screenshot.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Path.GetExtension(token.Value).Equals(".png", StringComparison.OrdinalIgnoreCase))
                result.AddError($"--screenshot '{token.Value}' must end in .png: pictures are written as PNG.");
        });
        var stats = new Option<string?>("--stats") { Description = "Write counts and times to this JSON file.", HelpName = "file" };
        var record = new Option<string?>("--record") { Description = $"Record the run in this {FrameRecorder.Extension} file and a log beside it: pictures, keys, mouse and results.", HelpName = "file" };
        record.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Path.GetExtension(token.Value).Equals(FrameRecorder.Extension, StringComparison.OrdinalIgnoreCase))
                result.AddError($"--record '{token.Value}' must end in {FrameRecorder.Extension}, by which recordings are known.");
        });
        var replay = new Option<string?>("--replay") { Description = "Play a recorded run again and compare each result; exit code 1 where one differs.", HelpName = "file" };

        var root = new RootCommand("The RealtimeCnn demo: draw digits that a network reads, hold things before the camera, look inside, and edit filters, live.")
        {
            frames, pace, window, script, record, replay, screenshot, stats,
        };
        play.AddTo(root);
        root.Validators.Add(result =>
        {
            if (result.GetValue(replay) == null)
                return;
            Option[] recorded = [.. play.Played, frames, pace, script, record, screenshot];
            if (recorded.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } also)
                result.AddError($"--replay does what was recorded: leave out {also.Name}.");
        });
        root.SetAction(parsed => run(play.Read(parsed) with
        {
            Frames = parsed.GetValue(frames),
            Delivery = parsed.GetValue(pace) == "every" ? FrameDelivery.Every : FrameDelivery.Latest,
            Window = parsed.GetValue(window)!,
            Script = parsed.GetValue(script),
            Record = parsed.GetValue(record),
            Replay = parsed.GetValue(replay),
            Screenshot = parsed.GetValue(screenshot),
            Stats = parsed.GetValue(stats),
        }));

        var result = root.Parse(arguments);
        if (result.Errors.Count == 0)
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        string problem = result.UnmatchedTokens.Count > 0 ? $"'{result.UnmatchedTokens[0]}' is no option of the demo." : result.Errors[0].Message;
        error.WriteLine($"demo: {problem.ReplaceLineEndings(" ")} --help shows what there is.");
        return 2;
    }
}
