using RealtimeCnn.Camera.Ffmpeg;
using RealtimeCnn.Camera.Jpeg;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>Loads one photograph. JPEG is decoded by libturbojpeg, every other format by FFmpeg.</summary>
public static class Photograph
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pnm", ".tga"];

    /// <summary>Whether a file's name says that it is a photograph.</summary>
    /// <param name="path">A file's name.</param>
    public static bool HasPhotographExtension(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Loads a file's picture, upright: the way the camera was held (EXIF orientation) is already undone in the pixels.
    /// </summary>
    /// <param name="path">A JPEG, PNG, WebP, BMP, TIFF… file.</param>
    /// <returns>A frame of <see cref="PixelFormat.Rgb"/>; the caller disposes it.</returns>
    /// <exception cref="CameraException">The file is missing or no picture, or the decoder is not installed; the message says which, and the remedy.</exception>
    public static Frame Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var pool = new FramePool(1);
        return Load(path, pool, FrameClock.Now, 0)!;
    }

    internal static Frame? Load(string path, IFrameAllocator allocator, TimeSpan timestamp, long sequence)
    {
        var (format, buffer) = Load(path, format => allocator.TryRent(format.Bytes));
        return buffer is null ? null : new Frame(buffer, format, timestamp, sequence);
    }

    /// <summary>Decodes into memory that <paramref name="rent"/> gives; null when it gives none.</summary>
    internal static (FrameFormat Format, FrameBuffer? Buffer) Load(string path, Func<FrameFormat, FrameBuffer?> rent)
    {
        byte[] start = ReadStart(path);
        return start is [0xFF, 0xD8, 0xFF] ? LoadJpeg(path, rent) : LoadThroughFfmpeg(path, rent);
    }

    private static byte[] ReadStart(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[3];
            int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return read > 0 ? start[..read] : throw new CameraException($"'{path}' is an empty file, not a picture.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CameraException($"There is no file '{path}'.", error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new CameraException(
                Directory.Exists(path) ? $"'{path}' is a folder; give one picture." : $"'{path}' cannot be read: {error.Message}", error);
        }
    }

    private static (FrameFormat Format, FrameBuffer? Buffer) LoadJpeg(string path, Func<FrameFormat, FrameBuffer?> rent)
    {
        byte[] jpeg = File.ReadAllBytes(path);
        string name = $"'{path}'";
        var (width, height) = TurboJpeg.ReadSize(jpeg, name);
        int orientation = ExifOrientation.Read(jpeg);
        var format = PixelTurn.SwapsSides(orientation)
            ? new FrameFormat(height, width, PixelFormat.Rgb)
            : new FrameFormat(width, height, PixelFormat.Rgb);
        if (rent(format) is not { } buffer)
            return (format, null);
        try
        {
            var target = buffer.Bytes[..format.Bytes];
            if (orientation == ExifOrientation.Upright)
            {
                TurboJpeg.Decode(jpeg, width, height, target, name);
            }
            else
            {
                var stored = new byte[format.Bytes];
                TurboJpeg.Decode(jpeg, width, height, stored, name);
                PixelTurn.Upright(stored, width, height, orientation, target);
            }

            return (format, buffer);
        }
        catch
        {
            buffer.Release();
            throw;
        }
    }

    private static (FrameFormat Format, FrameBuffer? Buffer) LoadThroughFfmpeg(string path, Func<FrameFormat, FrameBuffer?> rent)
    {
        var tool = FfmpegTool.Find();
        string[] input = FfmpegArguments.File(Path.GetFullPath(path), loop: false);
        using var session = new FfmpegSession(tool, FfmpegArguments.Command(tool.Version, input, rgbOnly: true), () => { });
        FrameBuffer? buffer = null;
        try
        {
            if (session.ReadPicture() is var (format, _))
            {
                buffer = rent(format);
                if (buffer is not null)
                    session.ReadPixels(buffer.Bytes[..format.Bytes], CancellationToken.None);
                return (format, buffer);
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            buffer?.Release();
        }

        int? exitCode = session.WaitForExit();
        throw new CameraException(FfmpegErrors.Explain($"'{path}'", InputKind.File, session.LastLines, exitCode is 0 ? 1 : exitCode));
    }
}
