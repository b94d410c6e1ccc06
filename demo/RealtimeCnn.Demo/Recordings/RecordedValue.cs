using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using RealtimeCnn.Camera;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>What is kept of one output of a network: a hash of all its elements, and those at even steps.</summary>
internal sealed class RecordedValue
{
    /// <summary>Most elements that are kept themselves; of an output with no more, all are.</summary>
    public const int MostKept = 512;

    private readonly float[] _kept = new float[MostKept];
    private int _keptCount;

    /// <summary>Which output.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Its elements.</summary>
    public int Count { get; private set; }

    /// <summary>Hash of their bits, as <see cref="PixelFingerprint"/> makes it.</summary>
    public ulong Hash { get; private set; }

    /// <summary>The elements that are kept: each <see cref="Step"/>th, from the first on.</summary>
    public ReadOnlySpan<float> Kept => _kept.AsSpan(0, _keptCount);

    /// <summary>How far the elements that are kept lie apart.</summary>
    public int Step => StepOf(Count);

    /// <summary>Takes an output. Allocates nothing.</summary>
    public void Take(string name, ReadOnlySpan<float> elements)
    {
        var hash = default(PixelFingerprint);
        hash.Add(MemoryMarshal.AsBytes(elements));
        (Name, Count, Hash, _keptCount) = (name, elements.Length, hash.Value, 0);
        for (int i = 0; i < elements.Length; i += Step)
            _kept[_keptCount++] = elements[i];
    }

    /// <summary>Becomes a copy of another.</summary>
    public void CopyFrom(RecordedValue other)
    {
        (Name, Count, Hash, _keptCount) = (other.Name, other.Count, other.Hash, other._keptCount);
        other.Kept.CopyTo(_kept);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteNumber("count", Count);
        json.WriteString("hash", Hash.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteStartArray("kept");
        foreach (float element in Kept)
        {
            // JSON has no word for these.
            if (float.IsFinite(element))
                json.WriteNumberValue(element);
            else
                json.WriteStringValue(element.ToString(CultureInfo.InvariantCulture));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">It is none that was written.</exception>
    public static RecordedValue Read(JsonElement json)
    {
        var value = new RecordedValue
        {
            Name = json.GetProperty("name").GetString()!,
            Count = json.GetProperty("count").GetInt32(),
            Hash = ulong.Parse(json.GetProperty("hash").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        };
        var kept = json.GetProperty("kept");
        if (value.Count < 0 || kept.GetArrayLength() != (value.Count + value.Step - 1) / value.Step)
            throw new FormatException($"'{value.Name}' of {value.Count} elements has {kept.GetArrayLength()} of them, which is not as many as are kept");
        foreach (var element in kept.EnumerateArray())
            value._kept[value._keptCount++] = element.ValueKind == JsonValueKind.String ? float.Parse(element.GetString()!, CultureInfo.InvariantCulture) : element.GetSingle();
        return value;
    }

    private static int StepOf(int count) => Math.Max((count + MostKept - 1) / MostKept, 1);
}
