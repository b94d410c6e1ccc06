using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// A photograph, or the photographs of a folder in the order of their names, upright and as <see cref="PixelFormat.Rgb"/>.
/// A folder's file that is damaged is skipped and counted as corrupt.
/// </summary>
public sealed class ImageSource : FrameSource
{
    private readonly string[] _paths;
    private readonly TimeSpan _interval;
    private readonly bool _loop;

    /// <summary>Pictures of a file or folder.</summary>
    /// <param name="path">A picture, or a folder with pictures (its subfolders are not read).</param>
    /// <param name="interval">Time between two pictures, one second when null. With <see cref="FrameDelivery.Every"/> only the timestamps keep it.</param>
    /// <param name="loop">Whether to begin again at the end, for ever.</param>
    /// <exception cref="CameraException">There is no such file or folder, or the folder has no pictures.</exception>
    public ImageSource(string path, TimeSpan? interval = null, bool loop = false)
        : base(path)
    {
        _interval = interval ?? TimeSpan.FromSeconds(1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_interval, TimeSpan.Zero, nameof(interval));
        _loop = loop;
        if (File.Exists(path))
            _paths = [path];
        else if (Directory.Exists(path))
            _paths = [.. Directory.EnumerateFiles(path).Where(Photograph.HasPhotographExtension).Order(StringComparer.Ordinal)];
        else
            throw new CameraException($"There is no file or folder '{path}'.");
        if (_paths.Length == 0)
            throw new CameraException($"The folder '{path}' has no pictures in it (JPEG, PNG, BMP, WebP, TIFF, PNM, TGA).");
    }

    /// <summary>The files, in the order in which they are shown.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <inheritdoc/>
    protected override void Run(FrameSink sink, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var pace = new Pace(sink.Delivery, cancellation);
        long shown = 0;
        do
        {
            long before = shown;
            foreach (string path in _paths)
            {
                if (Show(path, sink, pace.Wait(_interval * shown)))
                    shown++;
            }

            if (shown == before)
                throw new CameraException($"None of the {_paths.Length} pictures in '{Name}' could be read.");
        }
        while (_loop);
    }

    private bool Show(string path, FrameSink sink, TimeSpan timestamp)
    {
        try
        {
            var (format, buffer) = Photograph.Load(path, sink.Rent);
            if (buffer is not null)
                sink.Deliver(buffer, format, timestamp);
            return true;
        }
        catch (CameraException) when (_paths.Length > 1)
        {
            sink.CountCorrupt();
            return false;
        }
    }
}
