using System.Reflection;

namespace RealtimeCnn.Tests.Surface;

/// <summary>
/// What the libraries show to programs stands in the files of <c>Approved</c>. A change that nobody wrote down there fails; run
/// the tests with RTCNN_APPROVE=1 in the environment to write the files anew, and read the difference before it is committed.
/// </summary>
public class PublicSurfaceTests
{
    public static TheoryData<string> Libraries =>
    [
        "RealtimeCnn", "RealtimeCnn.App", "RealtimeCnn.Camera", "RealtimeCnn.Camera.Emgu", "RealtimeCnn.Models", "RealtimeCnn.Onnx", "RealtimeCnn.OpenGL", "RealtimeCnn.SelfTests", "RealtimeCnn.Silk", "RealtimeCnn.Textbook",
    ];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void What_programs_see_is_what_was_approved(string library)
    {
        string[] seen = [.. PublicSurface.Of(Assembly.Load(library))];
        string file = Path.Combine(Repository.Root, "tests", "RealtimeCnn.Tests", "Surface", "Approved", $"{library}.txt");
        if (Environment.GetEnvironmentVariable("RTCNN_APPROVE") == "1")
            File.WriteAllLines(file, seen);
        Assert.True(File.Exists(file), $"{library} has no approved surface: run the tests with RTCNN_APPROVE=1.");
        string[] approved = File.ReadAllLines(file);
        string[] added = [.. seen.Except(approved)], missing = [.. approved.Except(seen)];
        Assert.True(
            added.Length == 0 && missing.Length == 0,
            $"The surface of {library} changed. If it is meant to, run the tests with RTCNN_APPROVE=1 and commit {Path.GetFileName(file)}.{Environment.NewLine}"
            + string.Join(Environment.NewLine, added.Select(line => $"+ {line}").Concat(missing.Select(line => $"- {line}"))));
    }

    [Fact]
    public void The_surface_of_a_type_is_what_programs_can_use_of_it()
    {
        string[] lines = [.. PublicSurface.Of(typeof(Tensor).Assembly).Where(line => line.Contains("RealtimeCnn.Tensor", StringComparison.Ordinal))];
        Assert.Contains("sealed class RealtimeCnn.Tensor : IDisposable", lines);
        Assert.Contains("RealtimeCnn.Tensor.new(Shape shape)", lines);
        Assert.Contains("RealtimeCnn.Tensor.Span<float> Span { get; }", lines);
        Assert.DoesNotContain(lines, line => line.Contains("Pointer", StringComparison.Ordinal));
    }
}
