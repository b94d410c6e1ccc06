using System.Numerics;
using System.Reflection;
using System.Text.Json;
using RealtimeCnn.Models;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>The first line of a recording's log: under what conditions the run took place.</summary>
/// <param name="Format">Version of the log.</param>
/// <param name="Version">Version of the demo.</param>
/// <param name="Mode">The mode it began with.</param>
/// <param name="Scene">The scene of the mode explore that was asked for; null for none.</param>
/// <param name="IsTour">Whether it began with the guided tour.</param>
/// <param name="Model">The user's own model; null for none.</param>
/// <param name="Labels">Its labels; null for its own.</param>
/// <param name="Source">Where pictures came from.</param>
/// <param name="Width">Of the picture, in pixels.</param>
/// <param name="Height">Of the picture, in pixels.</param>
/// <param name="Backend">Where networks ran: <c>cpu</c> or <c>gpu</c>.</param>
/// <param name="Device">Its name.</param>
/// <param name="VectorBits">Width of the processor's vectors: sums are added up in their lanes.</param>
internal sealed record RecordingHeader(
    int Format, string Version, string Mode, string? Scene, bool IsTour, string? Model, string? Labels, string Source, int Width, int Height, string Backend, string Device, int VectorBits)
{
    /// <summary>The version of the log that is written and read.</summary>
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The version of this demo.</summary>
    public static string ThisVersion => typeof(RecordingHeader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Width of this processor's vectors, as far as they are used.</summary>
    public static int ThisVectorBits => System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated ? 512 : Vector<byte>.Count * 8;

    /// <summary>The whole path of a model's file; the name of a shipped one.</summary>
    public static string? PathOf(string? model) => model == null || ShippedModels.Names.Contains(model) || !File.Exists(model) ? model : Path.GetFullPath(model);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="JsonException">It is none.</exception>
    public static RecordingHeader? Parse(string line) => JsonSerializer.Deserialize<RecordingHeader>(line, Json);
}
