using System.Text.Encodings.Web;
using System.Text.Json;

namespace RealtimeCnn.Cli;

/// <summary>How commands write JSON.</summary>
internal static class Json
{
    public static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
