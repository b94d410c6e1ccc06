using RealtimeCnn.Images;
using RealtimeCnn.Textbook;

namespace RealtimeCnn.Tests.Cli;

/// <summary><c>rtcnn explain</c>: the list, one claim on each backend, and what it refuses.</summary>
[Collection(OpenGL.GlTests.Name)]
public sealed class ExplainCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-explain-").FullName;

    [Fact]
    public void Without_a_name_it_lists_all_claims()
    {
        var (code, output, error) = CommandLineTests.Run("explain");
        Assert.Equal(0, code);
        Assert.Equal("", error);
        string[] names = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])];
        Assert.Equal(TextbookClaims.All.Select(claim => claim.Name), names);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void It_prints_what_it_measured_and_writes_a_picture(string backend)
    {
        string picture = Path.Combine(_folder, $"{backend}.png");
        var (code, output, error) = CommandLineTests.Run("explain", "presence", "--backend", backend, "--output", picture);
        Assert.Equal(0, code);
        Assert.Equal("", error);
        Assert.Contains("holds: spread of the answer", output, StringComparison.Ordinal);
        Assert.EndsWith("live: ./demo.sh --mode find\n", output, StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(picture)[..4]);
    }

    [Fact]
    public void A_photograph_of_the_user_s_is_fitted()
    {
        string photograph = Path.Combine(_folder, "photograph.png");
        using (var scene = Scene.Draw(300, 500))
        {
            var (pixels, format) = PixelTensor.ToPixels(scene);
            Png.Write(photograph, pixels, format);
        }

        var (code, output, _) = CommandLineTests.Run("explain", "presence", "--input", photograph, "--output", Path.Combine(_folder, "presence.png"));
        Assert.Equal(0, code);
        Assert.DoesNotContain("FAILS", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'earth-is-flat'", "explain", "earth-is-flat")]
    [InlineData("no-such.jpg", "explain", "presence", "--input", "no-such.jpg")]
    public void What_does_not_exist_is_one_line_and_exit_code_2(string mention, params string[] arguments)
    {
        var (code, output, error) = CommandLineTests.Run(arguments);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(mention, error, StringComparison.Ordinal);
        CommandLineTests.AssertOneLine(error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
