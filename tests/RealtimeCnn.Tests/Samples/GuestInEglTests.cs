using RealtimeCnn.Camera;
using RealtimeCnn.Tests.OpenGL.Caching;

namespace RealtimeCnn.Tests.Samples;

/// <summary>The host of <c>demo/samples/GuestInEgl</c>, with a context of OpenGL ES of its own.</summary>
public sealed class GuestInEglTests
{
    [Fact]
    public void A_host_on_OpenGL_ES_draws_the_texture_of_a_network()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "edges.png");
        var (exitCode, output, errors) = SampleProgram.Run("GuestInEgl", "pattern:320x240@60", "3", path);
        Assert.True(exitCode == 0, errors);
        Assert.StartsWith("3 pictures on ", output, StringComparison.Ordinal);
        Assert.Contains("OpenGL ES 3.", output, StringComparison.Ordinal);
        using var picture = Photograph.Load(path);
        Assert.Equal((640, 480), (picture.Format.Width, picture.Format.Height));
        var pixels = picture.Pixels.ToArray().Chunk(picture.Format.RowBytes / picture.Format.Width).Select(pixel => pixel.Take(3).Max()).ToArray();

        // Dark blue where nothing changes, orange along the edges.
        Assert.InRange(pixels.Count(most => most < 60), pixels.Length / 2, pixels.Length * 99 / 100);
        Assert.InRange(pixels.Count(most => most > 150), pixels.Length / 300, pixels.Length / 3);
    }
}
