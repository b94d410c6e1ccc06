using RealtimeCnn.Camera.Ffmpeg;
using RealtimeCnn.Camera.Jpeg;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>Loads one photograph. JPEG is decoded by libturbojpeg, every other format by FFmpeg, which is given its bytes and never its name.</summary>
public static class Photograph
{
    /// <summary>Most pixels of a photograph unless a program says otherwise: 100 million, 300 MB decoded.</summary>
    public const int DefaultMaxPixels = 100_000_000;

    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pnm", ".tga"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Whether a file's name says that it is a photograph.</summary>
    /// <param name="path">A file's name.</param>
    public static bool HasPhotographExtension(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Loads a file's picture, upright: the way the camera was held (a JPEG's EXIF orientation) is already undone in the
    /// pixels. Of an animation, the first picture.
    /// </summary>
    /// <param name="path">A JPEG, PNG, WebP, BMP, TIFF, PNM, TGA or GIF file.</param>
    /// <param name="maxPixels">Most pixels, from 1 to <see cref="FrameFormat.MostPixels"/>; a larger picture is refused by its header, before it is decoded.</param>
    /// <returns>A frame of <see cref="PixelFormat.Rgb"/>; the caller disposes it.</returns>
    /// <exception cref="CameraException">The file is missing, damaged, too large or no picture, or the decoder is not installed; the message says which, and the remedy.</exception>
    public static Frame Load(string path, int maxPixels = DefaultMaxPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPixels, FrameFormat.MostPixels);
        using var pool = new FramePool(1);
        var limit = new PixelLimit($"'{path}'", maxPixels);
        try
        {
            using var file = Open(path);
            var start = new byte[PictureSignature.Length];
            int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            if (read == 0)
                throw new CameraException($"'{path}' is an empty file, not a picture.");
            file.Position = 0;
            return start is [0xFF, 0xD8, 0xFF, ..]
                ? LoadJpeg(file, limit, pool)
                : LoadThroughFfmpeg(file, PictureSignature.Of(start.AsSpan(0, read), path), limit, pool);
        }
        catch (IOException error)
        {
            throw new CameraException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CameraException($"There is no file '{path}'.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CameraException(
                Directory.Exists(path) ? $"'{path}' is a folder; give one picture." : $"'{path}' cannot be read: {error.Message}", error);
        }
    }

    private static Frame LoadJpeg(FileStream file, PixelLimit limit, FramePool pool)
    {
        if (file.Length > Array.MaxLength)
            throw new CameraException($"{limit.Name} is not a picture: a JPEG of {file.Length} bytes.");
        var jpeg = new byte[file.Length];
        file.ReadExactly(jpeg);
        var (width, height) = TurboJpeg.ReadSize(jpeg, limit.Name);
        limit.Check(width, height);
        int orientation = ExifOrientation.Read(jpeg);
        var format = PixelTurn.SwapsSides(orientation)
            ? new FrameFormat(height, width, PixelFormat.Rgb)
            : new FrameFormat(width, height, PixelFormat.Rgb);
        var frame = new Frame(pool.TryRent(format.Bytes)!, format, FrameClock.Now, 0);
        try
        {
            var target = frame.Buffer.Bytes[..format.Bytes];
            if (orientation == ExifOrientation.Upright)
            {
                TurboJpeg.Decode(jpeg, width, height, target, limit.Name);
            }
            else
            {
                var stored = new byte[format.Bytes];
                TurboJpeg.Decode(jpeg, width, height, stored, limit.Name);
                PixelTurn.Upright(stored, width, height, orientation, target);
            }

            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    private static Frame LoadThroughFfmpeg(FileStream file, PictureSignature signature, PixelLimit limit, FramePool pool)
    {
        var tool = FfmpegTool.Find();
        string[] arguments = FfmpegArguments.Photograph(tool.Version, signature.Input, file.Length, limit.MaxPixels);
        using var session = new FfmpegSession(tool, arguments, _ => { }, file);
        using var deadline = new Timer(_ => session.Kill($"not decoded within {Patience.TotalSeconds:0} s"), null, Patience, Timeout.InfiniteTimeSpan);
        Frame? frame = null;
        try
        {
            if (session.ReadPicture() is var (format, _))
            {
                limit.Check(format.Width, format.Height);
                frame = new Frame(pool.TryRent(format.Bytes)!, format, FrameClock.Now, 0);
                session.ReadPixels(frame.Buffer.Bytes[..format.Bytes], CancellationToken.None);
                return frame;
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            frame?.Dispose();
        }

        int? exitCode = session.WaitForExit();
        if (session.KilledBecause is { } late)
            throw new CameraException($"{limit.Name} is refused: {late}.");
        throw new CameraException(limit.ReasonIn(session.LastLines) is { } tooLarge ? tooLarge
            : signature.IsAnimatedWebP ? $"{limit.Name} is an animated WebP, which this FFmpeg ({tool.Version}) does not decode; save it as a video, or one picture of it."
            : FfmpegErrors.Explain(limit.Name, InputKind.File, session.LastLines, exitCode is 0 ? 1 : exitCode));
    }
}
