using RealtimeCnn.Demo;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Demo;

/// <summary>What was recorded in a window, where chance decides which pictures are computed and when, is the same without one.</summary>
[Collection(WindowTests.Name)]
public sealed class RecordedWindowTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-record-window-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Weights_that_are_dragged_while_a_network_runs_are_those_of_then()
    {
        string take = Path.Combine(_folder, "take.rtcnn"), script = Path.Combine(_folder, "script.txt");
        // An odd window: what the mouse hits lies elsewhere.
        File.WriteAllLines(script, ["0.4 drag 146 543 146 480 0.8", "1.2 key k", "1.25 drag 190 543 190 600 0.2", "1.5 key l", "1.8 mode draw", "2 quit"]);
        var (code, messages) = Run("--source", "pattern:320x240", "--mode", "filters", "--backend", "cpu", "--size", "900x700", "--script", script, "--record", take);
        Assert.True(code == 0, messages);
        (code, messages) = Run("--replay", take, "--window", "none");
        Assert.True(code == 0, messages);
        Assert.Matches("[0-9]+ results, [1-9][0-9]* equal bit for bit", messages);
        (code, messages) = Run("--replay", take);
        Assert.True(code == 0, messages);
    }

    private static (int Code, string Messages) Run(params string[] arguments)
    {
        using var messages = new StringWriter();
        int code = -1;
        DisplayFixture.OnThread(() => code = DemoOptions.Parse(arguments, messages, options => new DemoApp(options, messages).Run(CancellationToken.None)));
        return (code, messages.ToString());
    }
}
