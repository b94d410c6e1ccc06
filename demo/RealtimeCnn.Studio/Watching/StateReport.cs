using System.Buffers;
using System.Text.Json;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Wall;
using RealtimeCnn.Demo.Modes.Why;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;

namespace RealtimeCnn.Studio.Watching;

/// <summary>How things are, as JSON for the page: the mode and its controls, what is measured, and what the network answers. On the demo's thread.</summary>
/// <param name="session">What is played.</param>
/// <param name="scene">Computes and draws it.</param>
/// <param name="stats">What is measured of it.</param>
internal sealed class StateReport(Session session, Scene scene, RunStats stats)
{
    private const int MostAnswers = 5;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    /// <summary>Writes it.</summary>
    public byte[] Write()
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer))
            Write(json);
        return _buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json)
    {
        var controls = session.Controls;
        json.WriteStartObject();
        json.WriteString("mode", controls.Mode.Name);
        json.WriteStartArray("modes");
        foreach (var mode in controls.Modes)
        {
            json.WriteStartObject();
            json.WriteString("name", mode.Name);
            json.WriteString("purpose", mode.Purpose);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("hint", controls.Mode.Hint);
        json.WriteString("message", controls.Message);
        json.WriteBoolean("paused", controls.Paused);
        Keys(json, "controls", controls.Mode.Keys);
        Keys(json, "common", controls.Keys.Where(binding => !binding.IsOfWindow && !binding.Keys.Contains(ConsoleKey.Tab)));
        json.WriteString("source", controls.Mode.HasOwnPictures ? "the board" : session.SourceName);
        json.WriteString("renderer", scene.Renderer);
        Measured(json);
        Answers(json, ModelOf(controls.Mode.Network));
        json.WriteEndObject();
    }

    private static void Keys(Utf8JsonWriter json, string name, IEnumerable<KeyBinding> bindings)
    {
        json.WriteStartArray(name);
        foreach (var binding in bindings)
        {
            json.WriteStartObject();
            json.WriteString("name", binding.Name);
            json.WriteString("meaning", binding.Meaning);
            json.WriteStartArray("keys");
            foreach (var key in binding.Keys)
                json.WriteStringValue(key.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Measured(Utf8JsonWriter json)
    {
        json.WriteNumber("framesPerSecond", Math.Round(stats.FrameRate, 1));
        json.WriteNumber("framesShown", stats.FramesShown);
        json.WriteNumber("framesDropped", stats.Source.FramesDropped);
        json.WriteNumber("framesRepeated", stats.Source.FramesDuplicated);
        json.WriteNumber("framesDamaged", stats.Source.FramesCorrupt);
        json.WriteStartArray("stages");
        foreach (var stage in stats.Parts)
            Stage(json, stage, "part");
        foreach (var stage in stats.Beside)
            Stage(json, stage, "beside");
        Stage(json, Demo.Stage.Decode, "beside");
        Stage(json, Demo.Stage.Readback, "beside");
        Stage(json, Demo.Stage.Frame, "frame");
        Stage(json, Demo.Stage.Age, "age");
        json.WriteEndArray();
    }

    private void Stage(Utf8JsonWriter json, Demo.Stage stage, string kind)
    {
        var (p50, _, p99) = stats.Quantiles(stage);
        // What never happens here is left out.
        if (p99 == 0)
            return;
        json.WriteStartObject();
        json.WriteString("name", RunStats.NameOf(stage));
        json.WriteString("kind", kind);
        json.WriteNumber("p50", Math.Round(p50, 2));
        json.WriteNumber("p99", Math.Round(p99, 2));
        json.WriteEndObject();
    }

    private static ShownModel? ModelOf(ISceneNetwork network) => network switch
    {
        ShownModel model => model,
        LayeredModel layered => layered.Model,
        WallNetwork wall => wall.Model,
        WhyNetwork why => why.Model,
        _ => null,
    };

    private static void Answers(Utf8JsonWriter json, ShownModel? model)
    {
        json.WriteString("model", model?.Name);
        json.WriteStartArray("answers");
        if (model is ShownClassifier { HasAnswer: true } classifier)
        {
            foreach (var answer in classifier.Answers.Take(MostAnswers))
                Answer(json, model.Classes[answer.Class], answer.Probability);
        }
        else if (model is ShownDetector { HasAnswer: true } detector)
        {
            foreach (var found in detector.Found.Take(MostAnswers))
                Answer(json, model.Classes[found.Class], found.Score);
        }

        json.WriteEndArray();
    }

    private static void Answer(Utf8JsonWriter json, string name, float sure)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteNumber("sure", float.IsFinite(sure) ? MathF.Round(sure, 3) : 0);
        json.WriteEndObject();
    }
}
