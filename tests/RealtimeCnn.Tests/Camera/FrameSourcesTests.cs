using RealtimeCnn.Camera;

namespace RealtimeCnn.Tests.Camera;

public sealed class FrameSourcesTests : IDisposable
{
    private readonly MediaFiles _media = new();

    public void Dispose() => _media.Dispose();

    [Fact]
    public void A_word_means_a_source()
    {
        string picture = _media.PathOf("p.PNG");
        string video = _media.PathOf("v.mp4");
        File.WriteAllText(picture, "");
        File.WriteAllText(video, "");
        Is<TestPatternSource>("pattern");
        Is<TestPatternSource>("pattern:64x48@12.5");
        Is<ImageSource>(picture);
        Is<ImageSource>(_media.Folder);
        Is<FfmpegSource>(video);
        Is<FfmpegSource>("camera:0");
        Is<FfmpegSource>("http://127.0.0.1:1/stream");
    }

    [Theory]
    [InlineData("", "No source")]
    [InlineData("nothing.mp4", "nothing.mp4")]
    [InlineData("camera:", "camera:0")]
    [InlineData("pattern:huge", "pattern:640x480")]
    [InlineData("pattern:8x8", "32 pixels")]
    [InlineData("pattern:640x480@0", "rate above zero")]
    [InlineData("http://", "valid address")]
    public void A_word_that_means_nothing_is_explained(string word, string explanation)
    {
        var error = Assert.Throws<CameraException>(() => FrameSources.Open(word));
        Assert.Contains(explanation, error.Message, StringComparison.Ordinal);
    }

    private static void Is<T>(string word)
    {
        using var source = FrameSources.Open(word);
        Assert.IsType<T>(source);
    }
}
