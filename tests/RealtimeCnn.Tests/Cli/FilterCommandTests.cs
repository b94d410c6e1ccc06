using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Cli;

[Collection(OpenGL.GlTests.Name)]
public sealed class FilterCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-filter-").FullName;

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void Sobel_left_shows_the_edge_that_is_bright_at_its_left(string backend)
    {
        // White, black, white columns of 8 pixels: the left edge falls to black, the right one rises from it.
        byte[] stripes = [.. Enumerable.Range(0, 24 * 8).Select(i => (i % 24) is >= 8 and < 16 ? (byte)0 : (byte)255)];
        string input = Path.Combine(_folder, "stripes.png"), output = Path.Combine(_folder, "edges.png");
        Png.Write(input, stripes, new FrameFormat(24, 8, PixelFormat.Gray));

        var (code, text, error) = CommandLineTests.Run("filter", "--kernel", "sobel-left", "--input", input, "--output", output, "--backend", backend);

        Assert.Equal((0, "", ""), (code, text, error));
        using var edges = Photograph.Load(output);
        Assert.Equal((24, 8), (edges.Format.Width, edges.Format.Height));
        for (int column = 0; column < 24; column++)
            Assert.Equal(column is 7 or 8 ? 255 : 0, edges.Pixels[((4 * 24) + column) * 3]);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gaussian")]
    [InlineData("emboss")]
    public void Both_backends_write_the_same_picture(string kernel)
    {
        string input = Path.Combine(_folder, "noise.png");
        var format = new FrameFormat(37, 23, PixelFormat.Rgb);
        byte[] noise = new byte[format.Bytes];
        new Random(5).NextBytes(noise);
        Png.Write(input, noise, format);

        byte[][] results = [.. new[] { "cpu", "gpu" }.Select(backend =>
        {
            string output = Path.Combine(_folder, $"{backend}.png");
            Assert.Equal(0, CommandLineTests.Run("filter", "--kernel", kernel, "--input", input, "--output", output, "--backend", backend).Code);
            using var picture = Photograph.Load(output);
            return picture.Pixels.ToArray();
        })];

        Assert.All(results[0].Zip(results[1]), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        Assert.Equal(kernel == "identity", results[0].SequenceEqual(noise));
    }

    [Theory]
    [InlineData("there is no file", "--kernel", "mean", "--input", "nowhere.jpg", "--output", "out.png")]
    [InlineData("--kernel", "--input", "in.png", "--output", "out.png")]
    [InlineData("sharpen", "--kernel", "sharpen", "--input", "in.png", "--output", "out.png")]
    [InlineData("--backend 'tpu' is not possible; it is one of: cpu, gpu, auto", "--kernel", "mean", "--input", "in.png", "--output", "out.png", "--backend", "tpu")]
    [InlineData("--output", "--kernel", "mean", "--input", "in.png", "--output")]
    [InlineData("there is no folder", "--kernel", "mean", "--input", "in.png", "--output", "no/such/folder/out.png")]
    [InlineData("must end in .png", "--kernel", "mean", "--input", "in.png", "--output", "out.jpg")]
    [InlineData("text.png", "--kernel", "mean", "--input", "text.png", "--output", "out.png")]
    public void What_cannot_be_done_is_one_line_and_exit_code_2(string mention, params string[] arguments)
    {
        Png.Write(Path.Combine(_folder, "in.png"), new byte[16], new FrameFormat(4, 4, PixelFormat.Gray));
        File.WriteAllText(Path.Combine(_folder, "text.png"), "no picture");
        string[] located = [.. arguments.Select(argument => argument.Contains('.') ? Path.Combine(_folder, argument) : argument)];

        var (code, output, error) = CommandLineTests.Run(["filter", .. located]);

        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(mention, error, StringComparison.OrdinalIgnoreCase);
        CommandLineTests.AssertOneLine(error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
