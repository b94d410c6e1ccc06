using RealtimeCnn.Benchmarks.Soak;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Tests.Demo;

/// <summary>The short form of the demo's soak: every mode with a faulty camera and a user who tries everything leaves nothing behind; what does is named.</summary>
[Collection(nameof(Camera.RunsAlone))]
public sealed class DemoSoakTests
{
    // The last ten seconds of the screen, which the demo keeps, are still being filled; programs are kept once they are compiled; and which
    // network has its buffers and textures at the end of so short a round is chance. The long run has medians of many. What nobody disposes is named even so.
    private const int OfChance = 200;
    private static readonly string[] WarmingUp = ["managed bytes", "resident bytes", "bytes of tensors", "OpenGL "];

    [Fact]
    public void All_modes_are_played_with_a_faulty_camera_and_nothing_grows()
    {
        var report = Play("cpu", 3, null);
        Assert.Equal("", string.Join('\n', report.Failures));
        Assert.Equal((3, 10), (report.Samples.Count, report.LongestTurns.Count));
        Assert.DoesNotContain(report.Problems, IsNoWarmingUp);
    }

    [Fact]
    public void Nothing_grows_on_the_GPU_and_buffers_files_and_threads_that_are_left_behind_in_a_last_round_are_named()
    {
        using var end = new ManualResetEventSlim();
        List<IDisposable> left = [];
        var report = Play("gpu", 4, (round, device) =>
        {
            for (int i = 0; i < 20 && round == 3; i++)
            {
                for (int buffer = 0; buffer < OfChance / 10; buffer++)
                    left.Add(new GpuBuffer(device!, 64, "left behind"));
                left.Add(File.OpenRead(typeof(DemoSoakTests).Assembly.Location));
                new Thread(end.Wait) { IsBackground = true }.Start();
            }
        });
        end.Set();
        foreach (var one in left.OfType<FileStream>())
            one.Dispose();
        Assert.Equal("not disposed with the demo: Buffer 'left behind'", string.Join('\n', report.Failures.Distinct()));
        Assert.Equal((4, 10), (report.Samples.Count, report.LongestTurns.Count));
        Assert.DoesNotContain(Footprint.Growth([.. report.Samples.Take(3)]), IsNoWarmingUp);
        Assert.Contains(report.Problems, problem => problem.StartsWith("OpenGL buffers grew", StringComparison.Ordinal));
        Assert.Equal(
            ["handles grew", "not disposed with the demo", "threads grew"],
            report.Problems.Where(IsNoWarmingUp).Select(problem => problem.Split(" from ")[0].Split(':')[0]).Distinct().Order(StringComparer.OrdinalIgnoreCase));
    }

    private static bool IsNoWarmingUp(string problem) => !WarmingUp.Any(part => problem.StartsWith(part, StringComparison.Ordinal));

    private static DemoSoakReport Play(string backend, int rounds, Action<int, GlDevice?>? eachRound)
    {
        using var soak = new DemoSoak(new DemoSoakOptions
        {
            Backend = backend, Rounds = rounds, Period = TimeSpan.FromSeconds(1), TurnsOfAPeriod = 4, Deeds = 4, IsRepeated = true, IsStream = false, FrameRate = 60, Size = new Size2d(240, 320), EachRound = eachRound,
        });
        return soak.Run((_, _) => { });
    }
}
