using System.Text.RegularExpressions;
using Emgu.CV;
using Emgu.CV.CvEnum;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Samples;

/// <summary>The program of <c>demo/samples/DetectorInEmgu</c> on a capture of the stubs'. What it writes is that of the process, so it runs alone.</summary>
[Collection(GlTests.Name)]
public sealed partial class DetectorInEmguTests
{
    [Fact]
    public void Every_mat_of_a_capture_goes_to_the_network_or_is_dropped_and_results_are_mats()
    {
        var video = new StubCamera { OnGrab = number => number < 12, Padding = 0 };
        (video.Properties[CapProp.FrameWidth], video.Properties[CapProp.FrameHeight]) = (64, 48);
        StubCamera.Register("sample.mp4", video);
        string said = Capture(() => SampleProgram.RunHere("DetectorInEmgu", "sample.mp4"));
        Assert.Contains("of 64x48: 'heat' is", said, StringComparison.Ordinal);
        Assert.Contains("Cv32F", said, StringComparison.Ordinal);
        var sums = Sums().Match(said);
        Assert.True(sums.Success, said);
        int processed = int.Parse(sums.Groups[1].Value, null);
        Assert.InRange(processed, 1, 12);
        Assert.Equal(12, processed + int.Parse(sums.Groups[2].Value, null));
        Assert.Equal(0, video.OpenNow);
    }

    private static string Capture(Action run)
    {
        var before = Console.Out;
        using var writer = new StringWriter();
        Console.SetOut(writer);
        try
        {
            run();
        }
        finally
        {
            Console.SetOut(before);
        }

        return writer.ToString();
    }

    [GeneratedRegex(@"(\d+) pictures, (\d+) dropped, on cpu")]
    private static partial Regex Sums();
}
