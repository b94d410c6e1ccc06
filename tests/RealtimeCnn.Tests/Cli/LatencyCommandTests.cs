using RealtimeCnn.Cli.Latency;

namespace RealtimeCnn.Tests.Cli;

[Collection(OpenGL.GlTests.Name)]
public sealed class LatencyCommandTests
{
    /// <summary>Every drawn picture shows the number of its result and none goes back, or the exit code is 1; how long it took is only printed.</summary>
    [Theory]
    [InlineData("640", "480")]
    [InlineData("90", "50")]
    public void Drawn_pictures_are_those_of_their_results(string width, string height)
    {
        var (code, output, error) = CommandLineTests.Run("latency", "--width", width, "--height", height, "--rate", "60", "--frames", "25");
        Assert.True(code == 0, output);
        Assert.Equal("", error);
        Assert.Contains($"pictures: 25 of {width}×{height} drawn", output, StringComparison.Ordinal);
        Assert.Matches(@"motion to photon: [\d.]+ ms p50, [\d.]+ ms p99", output);
    }

    [Fact]
    public void A_stale_a_repeated_and_an_early_picture_are_noticed()
    {
        DrawnPicture first = At(65535, 65535), second = At(65537, 1);
        Assert.Null(DrawnPicture.Problem([first, second]));
        Assert.Contains("is number 0, but its result is that of number 65537", DrawnPicture.Problem([first, second with { Counter = 0 }]), StringComparison.Ordinal);
        Assert.Contains("Picture 65535 was drawn after picture 65537", DrawnPicture.Problem([second, first]), StringComparison.Ordinal);
        Assert.Contains("after picture 65535", DrawnPicture.Problem([first, first]), StringComparison.Ordinal);
        Assert.Contains("before it was taken", DrawnPicture.Problem([first with { Drawn = TimeSpan.Zero }]), StringComparison.Ordinal);

        static DrawnPicture At(long sequence, int counter) => new(sequence, counter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.02));
    }
}
