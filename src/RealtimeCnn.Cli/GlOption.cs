using System.CommandLine;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Cli;

/// <summary>The <c>--gl</c> option of every command that may use OpenGL.</summary>
internal sealed class GlOption
{
    private readonly Option<string?> _api = new Option<string?>("--gl")
    {
        Description = "Which OpenGL: the desktop's or OpenGL ES; without it the desktop's, and where there is none OpenGL ES.",
        HelpName = "desktop|es",
    }.OneOf("desktop", "es");

    public void AddTo(Command command) => command.Options.Add(_api);

    /// <summary>What a context is to be asked for.</summary>
    public GlDeviceOptions Read(ParseResult parsed) => new() { Api = Api(parsed.GetValue(_api)) };

    private static GlClientApi? Api(string? word) => word switch
    {
        null => null,
        "es" => GlClientApi.Embedded,
        _ => GlClientApi.Desktop,
    };
}
