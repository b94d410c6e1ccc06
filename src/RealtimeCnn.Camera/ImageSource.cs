using System.Collections.Concurrent;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// A photograph, or the photographs of a folder in the order of their names, upright and as <see cref="PixelFormat.Rgb"/>.
/// In live use (<see cref="FrameDelivery.Latest"/>) a photograph stays: it is delivered again as long as it is taken, and
/// a folder shows its first picture until another is chosen by <see cref="ShowNext"/> or <see cref="ShowPrevious"/>. With
/// <see cref="FrameDelivery.Every"/>, an interval or a choice about looping, the pictures come one after another. A
/// folder's file that is damaged is left out, counted as corrupt and named in <see cref="Skipped"/>.
/// </summary>
public sealed class ImageSource : FrameSource, IPictureAlbum
{
    // Often enough for views and filters to follow at once, seldom enough for a large photograph.
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);
    private readonly string[] _paths;
    private readonly ConcurrentDictionary<int, string> _skipped = new();
    private readonly TimeSpan? _interval;
    private readonly bool? _loop;
    private readonly int _maxPixels;
    private int _index;
    private int _move;

    /// <summary>Pictures of a file or folder.</summary>
    /// <param name="path">A picture, or a folder with pictures (its subfolders are not read).</param>
    /// <param name="interval">Time between two pictures; null for one second, or to stay at each one as above. With <see cref="FrameDelivery.Every"/> only the timestamps keep it.</param>
    /// <param name="loop">Whether to begin again at the end, for ever; null for no, or to stay as above.</param>
    /// <param name="maxPixels">Most pixels of a picture; larger ones are refused by their header, before they are decoded.</param>
    /// <exception cref="CameraException">There is no such file or folder, or the folder has no pictures.</exception>
    public ImageSource(string path, TimeSpan? interval = null, bool? loop = null, int maxPixels = Photograph.DefaultMaxPixels)
        : base(path, isLive: false)
    {
        if (interval is { } time)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(interval));
        (_interval, _loop, _maxPixels) = (interval, loop, maxPixels);
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

    /// <summary>Why files were left out so far, one sentence each, in the order of the files.</summary>
    public IReadOnlyList<string> Skipped => [.. _skipped.OrderBy(skipped => skipped.Key).Select(skipped => skipped.Value)];

    /// <inheritdoc/>
    public override IPictureAlbum? Album => this;

    /// <inheritdoc/>
    public int Count => _paths.Length;

    /// <inheritdoc/>
    public int Index => Volatile.Read(ref _index);

    /// <inheritdoc/>
    public string CurrentName => Path.GetFileName(_paths[Index]);

    /// <inheritdoc/>
    public void ShowNext() => Move(1);

    /// <inheritdoc/>
    public void ShowPrevious() => Move(-1);

    /// <inheritdoc/>
    protected override void Run(FrameSink sink, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sink);
        bool stays = sink.Delivery == FrameDelivery.Latest && _interval is null && _loop is null;
        var period = stays ? Again : _interval ?? TimeSpan.FromSeconds(1);
        var pace = new Pace(sink);
        Frame? picture = null;
        try
        {
            for (long turn = 0; ; turn++)
            {
                var due = pace.Wait(period * turn);
                int asked = Interlocked.Exchange(ref _move, 0);
                // A step of an album is a picture further, too.
                int move = turn == 0 || asked != 0 ? asked : stays && !(sink.Playback.IsPaused && Count > 1) ? 0 : 1;
                if (picture is null || move != 0)
                {
                    sink.BeginPicture();
                    picture?.Dispose();
                    picture = Load(move, wraps: stays || asked != 0 || _loop == true, sink);
                    if (picture is null)
                        return;
                }
                else if (sink.HasWaitingFrame)
                {
                    continue;
                }

                Deliver(picture, sink, due);
            }
        }
        finally
        {
            picture?.Dispose();
        }
    }

    private static void Deliver(Frame picture, FrameSink sink, TimeSpan timestamp)
    {
        if (sink.Rent(picture.Format) is not { } buffer)
            return;
        picture.Pixels.CopyTo(buffer.Bytes);
        sink.Deliver(buffer, picture.Format, timestamp);
    }

    private void Move(int pictures)
    {
        Interlocked.Add(ref _move, pictures);
        if (Playback is { IsPaused: true } playback)
            playback.Advance();
    }

    // The picture so many places further, or the next one in that direction that can be read; null behind the last.
    private Frame? Load(int move, bool wraps, FrameSink sink)
    {
        int place = _index + move;
        for (int tried = 0; tried < Count; tried++, place += move < 0 ? -1 : 1)
        {
            if (!wraps && place >= Count)
                break;
            int index = ((place % Count) + Count) % Count;
            if (_skipped.ContainsKey(index))
                continue;
            try
            {
                var picture = Photograph.Load(_paths[index], _maxPixels);
                Volatile.Write(ref _index, index);
                return picture;
            }
            catch (CameraException damaged) when (Count > 1)
            {
                _skipped[index] = damaged.Message;
                sink.CountCorrupt(damaged.Message);
            }
        }

        return _skipped.Count < Count ? null : throw new CameraException($"None of the {Count} pictures in '{Name}' could be read; the first: {_skipped[0]}");
    }
}
