using System.Text.Json;

namespace RealtimeCnn.Tests.Training;

/// <summary>What tests/fixtures/pytorch_training.py recorded, and the formula of the values that it computed with.</summary>
internal static class RecordedTraining
{
    private static readonly JsonDocument Document = Load();

    /// <summary>One entry of a section.</summary>
    public static JsonElement Of(string section, string name) => Document.RootElement.GetProperty(section).GetProperty(name);

    /// <summary>The numbers of one entry.</summary>
    public static double[] Numbers(JsonElement element) => [.. element.EnumerateArray().Select(number => number.GetDouble())];

    /// <summary>Tensor <paramref name="t"/> of the script: <paramref name="count"/> values in [−1, 1).</summary>
    public static double[] Values(int t, int count) => [.. Enumerable.Range(0, count).Select(i => -1 + (2 * ((((i * 7919) + ((t + 1) * 104729)) % 2003) / 2048.0)))];

    private static JsonDocument Load()
    {
        using var stream = typeof(RecordedTraining).Assembly.GetManifestResourceStream("pytorch_training.json")!;
        return JsonDocument.Parse(stream);
    }
}
