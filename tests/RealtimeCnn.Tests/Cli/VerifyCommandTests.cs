using System.Text.Json;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Tests.Cli;

[Collection(OpenGL.GlTests.Name)]
public sealed class VerifyCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-verify-").FullName;

    [Fact]
    public void A_model_agrees_on_noise()
    {
        var (code, text, error) = CommandLineTests.Run("verify", "lenet5");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("agree", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Out_of_tolerance_is_exit_code_1()
    {
        var (code, text, _) = CommandLineTests.Run("verify", "lenet5", "--tolerance", "1e-30", "--json");
        Assert.Equal(1, code);
        using var json = JsonDocument.Parse(text);
        Assert.False(json.RootElement.GetProperty("agrees").GetBoolean());
        Assert.NotEqual(JsonValueKind.Null, json.RootElement.GetProperty("firstBad").ValueKind);
    }

    [Fact]
    public void A_photograph_and_an_array_can_be_fed()
    {
        string photo = Path.Combine(_folder, "photo.png"), array = Path.Combine(_folder, "array.npy");
        byte[] pixels = new byte[40 * 30 * 3];
        new Random(1).NextBytes(pixels);
        Png.Write(photo, pixels, new FrameFormat(40, 30, PixelFormat.Rgb));
        // A batch of two, unlike the declared input.
        NpyFile.Write(array, new OnnxTensor(OnnxType.Float, new Shape(2, 1, 32, 32), new byte[2 * 32 * 32 * 4]));
        Assert.Equal(0, CommandLineTests.Run("verify", "lenet5", "--input", photo).Code);
        Assert.Equal(0, CommandLineTests.Run("verify", "lenet5", "--input", array).Code);
    }

    [Fact]
    public void A_file_that_does_not_fit_is_one_line()
    {
        var (code, _, error) = CommandLineTests.Run("verify", "lenet5", "--input", Path.Combine(_folder, "none.npy"));
        Assert.Equal(2, code);
        Assert.Contains("none.npy", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
