using System.CommandLine;
using System.CommandLine.Parsing;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Cli;

/// <summary>The options <c>--gl</c>, <c>--profile</c> and <c>--no-cache</c> of every command that may use OpenGL.</summary>
internal sealed class GlOption
{
    private readonly Option<string?> _api = new Option<string?>("--gl")
    {
        Description = "Which OpenGL: the desktop's or OpenGL ES; without it the desktop's, and where there is none OpenGL ES.",
        HelpName = "desktop|es",
    }.OneOf("desktop", "es");

    private readonly Option<string?> _profile = new Option<string?>("--profile")
    {
        Description = "The kind of device whose kernels and tiles are taken on OpenGL; without it the device's own.",
        HelpName = string.Join('|', Kinds),
    }.OneOf(Kinds);

    private readonly Option<bool> _noCache = new("--no-cache") { Description = "Neither read nor keep compiled programs and measured choices, which lie in the user's cache folder or where RTCNN_CACHE says." };

    private static string[] Kinds => [.. Enum.GetNames<ProfileKind>().Select(name => name.ToLowerInvariant())];

    public void AddTo(Command command)
    {
        command.Options.Add(_api);
        command.Options.Add(_profile);
        command.Options.Add(_noCache);
    }

    public bool HasNoCache(CommandResult result) => result.GetValue(_noCache);

    /// <summary>What a context is to be asked for, and what it is taken for.</summary>
    public GlDeviceOptions Read(ParseResult parsed) => new()
    {
        Api = Api(parsed.GetValue(_api)),
        Profile = parsed.GetValue(_profile) is { } kind ? Enum.Parse<ProfileKind>(kind, ignoreCase: true) : null,
        CacheFolder = parsed.GetValue(_noCache) ? "" : null,
    };

    private static GlClientApi? Api(string? word) => word switch
    {
        null => null,
        "es" => GlClientApi.Embedded,
        _ => GlClientApi.Desktop,
    };
}
