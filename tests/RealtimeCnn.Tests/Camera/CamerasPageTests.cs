using System.Runtime.CompilerServices;
using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>The code of docs/cameras.md: it compiles, it runs, and the page shows the same.</summary>
public sealed class CamerasPageTests
{
    [Fact]
    public void Every_fault_of_the_page_works()
    {
        // page
        using var camera = new FaultySource(new TestPatternSource());
        camera.Start();
        camera.Unplug();            // Lost, Reopening
        camera.Plug();              // Streaming
        camera.Stall();             // Stalled: no picture
        camera.Resume();
        camera.Freeze();            // Stalled: the same picture repeats
        camera.Thaw();
        camera.Resize(1280, 720);   // the next picture is of another size
        camera.SendGarbage(3);      // three pictures are skipped and counted
        camera.Fail("lens cap on"); // Ended, faulted
        // end
        Assert.True(SpinWait.SpinUntil(() => camera.Status.State == SourceState.Ended, TimeSpan.FromSeconds(30)));
        Assert.Equal((true, "lens cap on"), (camera.Status.Faulted, camera.Status.Reason));
    }

    [Fact]
    public void A_source_is_taken_from_as_on_the_page()
    {
        using var output = new StringWriter();
        ShowCamera(new Short(), TextWriter.Synchronized(output));
        Assert.Contains("Streaming", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("64×48 Rgba", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_this_code()
    {
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/cameras.md")).ReplaceLineEndings("\n");
        string[] lines = File.ReadAllLines(ThisFile());
        int shown = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() != "// page")
                continue;
            var code = lines.Skip(i + 1).TakeWhile(line => line.Trim() != "// end").Select(line => line.Length > 8 ? line[8..] : "");
            Assert.Contains(string.Join('\n', code), page, StringComparison.Ordinal);
            shown++;
        }

        Assert.Equal(2, shown);
    }

    // The page's names, with a short pattern for the camera and a text for the console.
    private static void ShowCamera(Short FrameSources, TextWriter Console)
    {
        // page
        using var source = FrameSources.Open("camera:0");
        source.StatusChanged += (_, status) => Console.WriteLine($"{status.State} {status.Reason}");
        source.Start(FrameDelivery.Latest);
        while (source.Take(TimeSpan.FromSeconds(10)) is { } frame)
        {
            using (frame)
                Console.WriteLine($"{frame.Sequence}: {frame.Format}, {(FrameClock.Now - frame.Timestamp).TotalMilliseconds:0} ms old");
        }
        // end
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private sealed class Short
    {
        private readonly long _pictures = 3;

        public TestPatternSource Open(string camera)
        {
            using (FrameSources.Open(camera))
                return new TestPatternSource(64, 48, 200, _pictures);
        }
    }
}
