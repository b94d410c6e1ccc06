using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Tests.OpenGL.Caching;

namespace RealtimeCnn.Tests.Samples;

/// <summary>The service of <c>demo/samples/CameraService</c>, on two drawn cameras.</summary>
public sealed class CameraServiceTests
{
    [Fact]
    public void Results_are_lines_of_JSON_and_events_are_pictures()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, errors) = SampleProgram.Run("CameraService", "digit-finder", folder.Path, "numbers", "pattern:320x240@30", "--results", "8");
        Assert.True(exitCode == 0, errors);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Superset(new HashSet<string?> { "numbers", "pattern:320x240@30" }, lines.Select(line => line.GetProperty("camera").GetString()).ToHashSet());

        var first = lines.First(line => line.GetProperty("camera").GetString() == "numbers");
        Assert.True(first.GetProperty("detections").GetArrayLength() >= 3, output);
        Assert.All(first.GetProperty("detections").EnumerateArray(), box =>
        {
            double[] corners = [.. box.GetProperty("box").EnumerateArray().Select(number => number.GetDouble())];
            Assert.True(corners is [>= -20, >= -20, <= 660, <= 500] && corners[2] > corners[0] + 5 && corners[3] > corners[1] + 20, string.Join(' ', corners));
            Assert.Contains(box.GetProperty("label").GetString()!, "0123456789", StringComparison.Ordinal);
        });
        using var picture = Photograph.Load(first.GetProperty("file").GetString()!);
        Assert.Equal((640, 480), (picture.Format.Width, picture.Format.Height));
        Assert.Equal(lines.Count(line => line.GetProperty("file").ValueKind == JsonValueKind.String), folder.Files.Length);
    }

    [Fact]
    public void What_it_cannot_do_it_says_in_one_line()
    {
        var (noArguments, _, usage) = SampleProgram.Run("CameraService");
        Assert.Equal(2, noArguments);
        Assert.Contains("CameraService needs", usage, StringComparison.Ordinal);
        var (noDetector, _, reason) = SampleProgram.Run("CameraService", "digits", Path.GetTempPath(), "pattern");
        Assert.Equal(2, noDetector);
        Assert.Contains("counts what a detector finds", reason, StringComparison.Ordinal);
    }
}
