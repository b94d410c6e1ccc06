using System.Globalization;
using RealtimeCnn.Camera;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Clips;

/// <summary>Keeps the last seconds of the screen, and saves them as a video on a thread of its own.</summary>
internal sealed class ClipSaver : IDisposable
{
    private readonly ClipRing _ring = new();
    private Task<string>? _saving;

    /// <summary>A file in the current folder that tells when it was saved.</summary>
    public static string NewPath => $"realtimecnn-{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.mp4";

    /// <summary>Keeps what was drawn last, where it is time for a picture.</summary>
    /// <param name="scene">Has drawn it.</param>
    /// <param name="now">On the run's clock.</param>
    public void Keep(Scene scene, TimeSpan now) => scene.Keep(_ring, now);

    /// <summary>Begins to save what is kept.</summary>
    /// <param name="path">The file, <c>.mp4</c> or <c>.gif</c>; where FFmpeg cannot write the former, it becomes the latter.</param>
    /// <returns>What to tell the user.</returns>
    public string Save(string path)
    {
        if (_saving != null)
            return "The clip before is still being saved.";
        var (first, count) = _ring.Newest;
        if (count == 0)
            return "There is nothing to save yet.";
        var size = _ring.Size;
        _saving = Task.Factory.StartNew(() => Write(path, size, first, count), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return string.Create(CultureInfo.InvariantCulture, $"Saving the last {count / ClipRing.Rate:0.#} s …");
    }

    /// <summary>What became of a clip that was being saved, once; null while there is no news.</summary>
    /// <param name="wait">Whether to wait for it.</param>
    public string? TakeNews(bool wait = false)
    {
        if (_saving == null || (!wait && !_saving.IsCompleted))
            return null;
        string news = _saving.GetAwaiter().GetResult();
        _saving = null;
        return news;
    }

    public void Dispose() => _saving?.Wait();

    private string Write(string path, Size2d size, long first, long count)
    {
        try
        {
            return Encode(path, size, first, count);
        }
        catch (CameraException problem)
        {
            string gif = Path.ChangeExtension(path, ".gif");
            if (gif == path)
                return $"The clip cannot be saved: {problem.Message}";
            try
            {
                return $"{Encode(gif, size, first, count)} (As MP4: {problem.Message})";
            }
            catch (CameraException)
            {
                return $"The clip cannot be saved: {problem.Message}";
            }
        }
    }

    private string Encode(string path, Size2d size, long first, long count)
    {
        var format = new FrameFormat(size.Width, size.Height, PixelFormat.Rgb);
        byte[] pixels = new byte[format.Bytes];
        int written = 0;
        using var writer = new VideoWriter(path, format, ClipRing.Rate);
        for (long number = first; number < first + count; number++)
        {
            if (!_ring.TryCopy(number, pixels, out var taken))
                continue;
            writer.Add(pixels, taken);
            written++;
        }

        writer.Finish();
        return string.Create(CultureInfo.InvariantCulture, $"Saved {path}: {written / ClipRing.Rate:0.#} s, {size.Width}×{size.Height}.");
    }
}
