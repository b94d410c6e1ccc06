using System.Globalization;
using System.Text.Json;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>What a line of a recording's log tells of.</summary>
internal enum StepKind
{
    /// <summary>A picture went to a network; it is the next one of the recording.</summary>
    Picture,

    /// <summary>The picture before went to a network once more.</summary>
    Again,

    /// <summary>A result came back.</summary>
    Result,

    /// <summary>The screen was drawn, which decides what the mouse hits.</summary>
    Draw,

    /// <summary>A key was pressed.</summary>
    Key,

    /// <summary>A key went up.</summary>
    Release,

    /// <summary>A letter was typed.</summary>
    Type,

    /// <summary>The mouse did something.</summary>
    Pointer,

    /// <summary>Files were dropped.</summary>
    Drop,

    /// <summary>A mode was chosen by neither key nor mouse.</summary>
    Mode,

    /// <summary>A scene of the mode explore was chosen by neither key nor mouse.</summary>
    Scene,

    /// <summary>A mode learned what the source shows.</summary>
    Content,

    /// <summary>The networks from here on are of this file.</summary>
    Model,

    /// <summary>The run ended as it should.</summary>
    End,
}

/// <summary>A step of a recorded run: a line of its log, written and read. Reused while it is written; only what its kind needs is set.</summary>
internal sealed class RecordedStep
{
    public StepKind Kind { get; set; }

    /// <summary>On the run's clock.</summary>
    public TimeSpan Time { get; set; }

    /// <summary>Of a picture that was computed, its number among them; of a result, whose it is.</summary>
    public long Computed { get; set; }

    /// <summary>Of a picture: its number in its source.</summary>
    public long Sequence { get; set; }

    /// <summary>Of a picture: hash of its pixels.</summary>
    public ulong Pixels { get; set; }

    /// <summary>Of a picture: whether the mode's network computes it, rather than the one before, while that one is made ready.</summary>
    public bool IsWanted { get; set; }

    /// <summary>Network, mode, model or content; of a model, the file's path; of what was typed, the letter.</summary>
    public string Name { get; set; } = "";

    /// <summary>Of a model: SHA-256 of the file.</summary>
    public string Hash { get; set; } = "";

    /// <summary>Of a result: what it says.</summary>
    public ResultValues Values { get; } = new();

    /// <summary>Of a drawn screen: height and width in pixels.</summary>
    public Size2d Size { get; set; }

    /// <summary>Of a drawn screen: pixels of the monitor for one of an ordinary one.</summary>
    public float Density { get; set; }

    /// <summary>Of a drawn screen: whether pictures are shown as in a mirror.</summary>
    public bool IsMirrored { get; set; }

    /// <summary>Of a drawn screen: how far the video was, whose bar the mouse may have hit; null for what is none.</summary>
    public VideoPosition? Position { get; set; }

    public KeyPress Press { get; set; }

    /// <summary>In units of the canvas.</summary>
    public PointerEvent Used { get; set; }

    public IReadOnlyList<string> Files { get; set; } = [];

    /// <summary>Of the end: what the source counted, and pictures that were computed and found no place in the recording.</summary>
    public (long Dropped, long Repeated, long Damaged, long Lost) Counts { get; set; }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("t", (decimal)Time.Ticks / TimeSpan.TicksPerSecond);
        json.WriteString("step", Words[(int)Kind]);
        switch (Kind)
        {
            case StepKind.Picture:
                json.WriteNumber("computed", Computed);
                json.WriteNumber("number", Sequence);
                json.WriteString("pixels", Pixels.ToString("x16", CultureInfo.InvariantCulture));
                json.WriteBoolean("wanted", IsWanted);
                break;
            case StepKind.Again:
                json.WriteNumber("computed", Computed);
                break;
            case StepKind.Result:
                json.WriteNumber("computed", Computed);
                json.WriteString("network", Name);
                json.WriteStartArray("values");
                for (int i = 0; i < Values.Count; i++)
                    Values[i].Write(json);
                json.WriteEndArray();
                break;
            case StepKind.Draw:
                json.WriteNumber("width", Size.Width);
                json.WriteNumber("height", Size.Height);
                json.WriteNumber("density", Density);
                json.WriteBoolean("mirrored", IsMirrored);
                WriteSeconds("at", Position?.At);
                WriteSeconds("length", Position?.Length);
                break;
            case StepKind.Key or StepKind.Release:
                json.WriteString("key", Press.Key.ToString());
                json.WriteString("with", Press.Modifiers.ToString());
                json.WriteBoolean("repeat", Press.IsRepeat);
                break;
            case StepKind.Pointer:
                json.WriteString("action", Used.Action.ToString());
                json.WriteNumber("x", Used.X);
                json.WriteNumber("y", Used.Y);
                json.WriteString("button", Used.Button.ToString());
                json.WriteNumber("wheel", Used.Wheel);
                break;
            case StepKind.Drop:
                json.WriteStartArray("files");
                foreach (string file in Files)
                    json.WriteStringValue(file);
                json.WriteEndArray();
                break;
            case StepKind.Mode or StepKind.Scene or StepKind.Content or StepKind.Type:
                json.WriteString("name", Name);
                break;
            case StepKind.Model:
                json.WriteString("name", Name);
                json.WriteString("hash", Hash);
                break;
            default:
                json.WriteNumber("dropped", Counts.Dropped);
                json.WriteNumber("repeated", Counts.Repeated);
                json.WriteNumber("damaged", Counts.Damaged);
                json.WriteNumber("lost", Counts.Lost);
                break;
        }

        json.WriteEndObject();

        void WriteSeconds(string name, TimeSpan? time)
        {
            if (time is { } known)
                json.WriteNumber(name, (decimal)known.Ticks / TimeSpan.TicksPerSecond);
        }
    }

    /// <exception cref="Exception">Of several kinds (<see cref="RunRecording"/> names them): it is none that was written.</exception>
    public static RecordedStep Read(JsonElement json)
    {
        int kind = Array.IndexOf(Words, json.GetProperty("step").GetString());
        if (kind < 0)
            throw new FormatException($"there is no step '{json.GetProperty("step").GetString()}'");
        var step = new RecordedStep { Kind = (StepKind)kind, Time = Seconds("t") ?? throw new FormatException("the step has no time") };
        switch (step.Kind)
        {
            case StepKind.Picture:
                (step.Computed, step.Sequence, step.IsWanted) = (Long("computed"), Long("number"), json.GetProperty("wanted").GetBoolean());
                step.Pixels = ulong.Parse(Text("pixels"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                break;
            case StepKind.Again:
                step.Computed = Long("computed");
                break;
            case StepKind.Result:
                (step.Computed, step.Name) = (Long("computed"), Text("network"));
                foreach (var value in json.GetProperty("values").EnumerateArray())
                    step.Values.Add(RecordedValue.Read(value));
                break;
            case StepKind.Draw:
                step.Size = new Size2d((int)Long("height"), (int)Long("width"));
                (step.Density, step.IsMirrored) = (json.GetProperty("density").GetSingle(), json.GetProperty("mirrored").GetBoolean());
                step.Position = Seconds("at") is { } at ? new VideoPosition(at, Seconds("length")) : null;
                if (step.Size is not { Width: > 0 and <= 16384, Height: > 0 and <= 16384 } || step.Density is not (> 0 and <= 16))
                    throw new FormatException($"no screen is {step.Size.Width}×{step.Size.Height} pixels at density {step.Density}");
                break;
            case StepKind.Key or StepKind.Release:
                step.Press = new KeyPress(Enum.Parse<ConsoleKey>(Text("key")), Enum.Parse<ConsoleModifiers>(Text("with")), json.GetProperty("repeat").GetBoolean());
                break;
            case StepKind.Pointer:
                step.Used = new PointerEvent(
                    Enum.Parse<PointerAction>(Text("action")), json.GetProperty("x").GetSingle(), json.GetProperty("y").GetSingle(), Enum.Parse<PointerButton>(Text("button")), json.GetProperty("wheel").GetSingle());
                break;
            case StepKind.Drop:
                step.Files = [.. json.GetProperty("files").EnumerateArray().Select(file => file.GetString()!)];
                break;
            case StepKind.Type:
                step.Name = Text("name");
                if (step.Name.EnumerateRunes().Count() != 1)
                    throw new FormatException($"'{step.Name}' is no letter");
                break;
            case StepKind.Mode or StepKind.Scene or StepKind.Content:
                step.Name = Text("name");
                string[] names = step.Kind switch
                {
                    StepKind.Mode => [.. ModeList.Names],
                    StepKind.Scene => [.. ExploreMode.SceneNames],
                    _ => Enum.GetNames<PictureContent>(),
                };
                if (!names.Contains(step.Name))
                    throw new FormatException($"this demo has no {Words[kind]} '{step.Name}'");
                break;
            case StepKind.Model:
                (step.Name, step.Hash) = (Text("name"), Text("hash"));
                break;
            default:
                step.Counts = (Long("dropped"), Long("repeated"), Long("damaged"), Long("lost"));
                break;
        }

        return step;

        long Long(string name) => json.GetProperty(name).GetInt64();

        TimeSpan? Seconds(string name) => json.TryGetProperty(name, out var value) ? new TimeSpan((long)(value.GetDecimal() * TimeSpan.TicksPerSecond)) : null;

        string Text(string name) => json.GetProperty(name).GetString() ?? "";
    }

    private static readonly string[] Words = [.. Enum.GetNames<StepKind>().Select(name => name.ToLowerInvariant())];
}
