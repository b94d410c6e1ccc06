using System.Diagnostics;
using RealtimeCnn.Camera;

namespace RealtimeCnn.Tests.Camera;

/// <summary>Makes small videos and pictures with known content in a folder that goes away with it.</summary>
public sealed class MediaFiles : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("rtcnn-media-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Runs FFmpeg to the end; its complaint fails the test.</summary>
    public static void Ffmpeg(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]) { RedirectStandardError = true })!;
        string complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"ffmpeg {string.Join(' ', arguments)}: {complaint}");
    }

    /// <summary>A lossless video whose pictures are the test pattern's, so that each can be named by its pixels.</summary>
    public string Pattern(string name, int width, int height, int pictures, double rate, params string[] encoder)
    {
        string raw = PathOf(name + ".raw");
        using var pattern = new TestPatternSource(width, height, rate);
        var picture = new byte[width * height * 4];
        using (var file = File.Create(raw))
        {
            for (int i = 0; i < pictures; i++)
            {
                pattern.Draw(i, picture);
                file.Write(picture);
            }
        }

        Ffmpeg(["-f", "rawvideo", "-pixel_format", "rgba", "-video_size", $"{width}x{height}", "-framerate", $"{rate}", "-i", raw, .. encoder, PathOf(name)]);
        File.Delete(raw);
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
