using System.Text.Json;

namespace RealtimeCnn.Onnx.Reading;

/// <summary>
/// A small JSON file beside a model that says what the model's own metadata do not, or says it better: <c>model.onnx.json</c>, or
/// <c>model.json</c> where it has one of the keys. Its keys are those of <see cref="OnnxMetadata"/>; groups may be nested
/// (<c>"input": {"mean": 127}</c>), and lists are arrays.
/// </summary>
internal static class SidecarFile
{
    private const int MostBytes = 1 << 20;
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What lies beside a model, text by key; null where nothing does.</summary>
    /// <param name="model">Path of the model.</param>
    /// <exception cref="OnnxException">It is no JSON, has a key that means nothing, or one that cannot be read; the message names file and key.</exception>
    public static Sidecar? Find(string model)
    {
        string own = model + ".json", shared = Path.ChangeExtension(model, ".json");
        if (File.Exists(own))
            return Read(own, isOurs: true);
        return shared != own && File.Exists(shared) ? Read(shared, isOurs: false) : null;
    }

    private static Sidecar? Read(string path, bool isOurs)
    {
        string name = Path.GetFileName(path);
        if (new FileInfo(path).Length > MostBytes)
            return isOurs ? throw new OnnxException($"'{name}' is larger than {MostBytes} bytes; it says only how a model is used.") : null;
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return isOurs ? throw new OnnxException($"'{name}' is no JSON object, such as {{\"head\": \"yolox\"}}.") : null;
            Flatten(name, string.Empty, json.RootElement, entries);
        }
        catch (JsonException problem)
        {
            return isOurs ? throw new OnnxException($"'{name}' is no JSON: {problem.Message}", problem) : null;
        }

        if (!isOurs && !entries.Keys.Any(OnnxMetadata.IsKey))
            return null;
        if (entries.Keys.FirstOrDefault(key => !OnnxMetadata.IsKey(key)) is { } unknown)
            throw new OnnxException($"'{name}' says '{unknown}', which means nothing; its keys are {string.Join(", ", OnnxMetadata.Keys)} and those of a head, 'head.…'.");
        return new Sidecar(name, entries);
    }

    private static void Flatten(string name, string prefix, JsonElement group, Dictionary<string, string> entries)
    {
        foreach (var property in group.EnumerateObject())
        {
            string key = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object)
                Flatten(name, key + ".", property.Value, entries);
            else
                entries[key] = property.Value.ValueKind == JsonValueKind.Array
                    ? string.Join(key == "labels" ? '\n' : ',', property.Value.EnumerateArray().Select(item => Text(name, key, item)))
                    : Text(name, key, property.Value);
        }
    }

    private static string Text(string name, string key, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => throw new OnnxException($"'{name}': '{key}' is neither text, a number, yes or no, nor a list of them."),
    };
}

/// <summary>What a file beside a model says.</summary>
/// <param name="Name">Of the file, without its folder.</param>
/// <param name="Entries">Text by key.</param>
internal sealed record Sidecar(string Name, IReadOnlyDictionary<string, string> Entries);
