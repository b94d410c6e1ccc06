using System.CommandLine;
using System.Globalization;
using RealtimeCnn.Cli;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Models;

namespace RealtimeCnn.Demo;

/// <summary>The options of whatever plays the demo, in a window or behind a page: what is played, through which libraries, and where networks run.</summary>
internal sealed class PlayOptions
{
    private readonly Option<string> _source = new("--source")
    {
        Description = "camera:0, a video, a photograph, a folder of them, an address (http, rtsp), digits, numbers or pattern; auto: the first camera, or what the demo draws where there is none.", HelpName = "source",
        DefaultValueFactory = _ => DemoOptions.AnySource,
    };

    private readonly Option<string> _camera = new Option<string>("--camera-backend") { Description = "The library that reads cameras.", DefaultValueFactory = _ => "auto" }.OneOf("auto", "ffmpeg", "emgu");

    private readonly Option<string?> _mode = new Option<string?>("--mode") { Description = "The mode to begin with; without, the one that suits source and model." }.OneOf([.. ModeList.Names]);

    private readonly Option<string?> _scene = new Option<string?>("--scene") { Description = "The scene of the mode explore to begin with." }.OneOf([.. ExploreMode.SceneNames]);

    private readonly Option<bool> _tour = new("--tour") { Description = "Begin with the guided tour of three minutes; without a window it is all that is played." };

    private readonly Option<string> _backend =
        new Option<string>("--backend") { Description = "auto: the GPU where it is one and has compute shaders, else the CPU path.", DefaultValueFactory = _ => "auto" }.OneOf("auto", "gpu", "cpu");

    private readonly Option<string?> _model = new("--model")
    {
        Description = $"The model to show, a classifier or a detector: an ONNX file, or {string.Join(", ", ShippedModels.Names)}; without, the one that suits the source.", HelpName = "file",
    };

    private readonly Option<string?> _labels = new("--labels") { Description = "A text file with a label in each line, for a model that has none.", HelpName = "file" };

    private readonly Option<Size2d?> _size = new("--size")
    {
        Description = $"Size of the picture; {DemoOptions.DefaultSize.Width}x{DemoOptions.DefaultSize.Height} without.", HelpName = "WxH",
        CustomParser = result =>
        {
            if (ParseSize(result.Tokens[0].Value) is { } parsed)
                return parsed;
            result.AddError("--size is WIDTHxHEIGHT in pixels, from 320x240 to 7680x4320.");
            return default;
        },
    };

    private readonly GlOption _gl = new();

    /// <summary>Those that say what is played, and how large: of a run that is played again, all of that was recorded.</summary>
    public IReadOnlyList<Option> Played => [_source, _camera, _mode, _scene, _tour, _model, _labels, _size];

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_source, _camera, _mode, _scene, _tour, _backend, _model, _labels, _size])
            command.Options.Add(option);
        _gl.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_labels) != null && result.GetValue(_model) == null)
                result.AddError("--labels names the classes of a --model: give both.");
            if (result.GetValue(_scene) != null && result.GetValue(_mode) is not (null or "explore"))
                result.AddError($"--scene is one of the mode explore, not of {result.GetValue(_mode)}.");
        });
    }

    /// <summary>What the user asked for.</summary>
    public DemoOptions Read(ParseResult parsed) => new()
    {
        Source = parsed.GetValue(_source)!,
        Camera = parsed.GetValue(_camera)!,
        Mode = parsed.GetValue(_mode),
        Scene = parsed.GetValue(_scene),
        Tour = parsed.GetValue(_tour),
        Backend = parsed.GetValue(_backend)!,
        Model = parsed.GetValue(_model),
        Labels = parsed.GetValue(_labels),
        Gl = _gl.Read(parsed),
        Size = parsed.GetValue(_size) ?? DemoOptions.DefaultSize,
        IsSizeNamed = parsed.GetValue(_size) != null,
    };

    private static Size2d? ParseSize(string text)
    {
        string[] sides = text.Split('x');
        return sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width is >= 320 and <= 7680
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height) && height is >= 240 and <= 4320
            ? new Size2d(height, width) : null;
    }
}
