using System.Buffers;
using System.Text.Json;
using RealtimeCnn.Demo.Recordings;

namespace RealtimeCnn.Tests.Demo;

/// <summary>A line of a recording's log, written and read.</summary>
public sealed class RecordedStepTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("ü")]
    [InlineData("😀")]
    public void A_letter_that_was_typed_comes_back(string letter)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
            new RecordedStep { Kind = StepKind.Type, Time = TimeSpan.FromSeconds(2), Name = letter }.Write(json);
        using var line = JsonDocument.Parse(bytes.WrittenMemory);
        var read = RecordedStep.Read(line.RootElement);
        Assert.Equal((StepKind.Type, TimeSpan.FromSeconds(2), letter), (read.Kind, read.Time, read.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    public void What_is_no_letter_is_refused(string text)
    {
        using var line = JsonDocument.Parse($$"""{ "t": 1, "step": "type", "name": "{{text}}" }""");
        Assert.Contains("is no letter", Assert.Throws<FormatException>(() => RecordedStep.Read(line.RootElement)).Message, StringComparison.Ordinal);
    }
}
