using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Plays a recording of <see cref="FrameRecorder"/>: the same pixels, formats, spacing of times and numbers, so that a
/// run can be repeated exactly. A damaged frame is skipped and counted; a recording that breaks off plays up to there.
/// </summary>
public sealed class ReplaySource : FrameSource
{
    private readonly bool? _loop;

    /// <summary>Plays a file.</summary>
    /// <param name="path">The recording.</param>
    /// <param name="loop">Whether to begin again at the end, for ever; times and numbers go on rising. Null: with <see cref="FrameDelivery.Latest"/> only.</param>
    /// <exception cref="CameraException">There is no such file, or it is no recording.</exception>
    public ReplaySource(string path, bool? loop = null)
        : base(path, isLive: false)
    {
        _loop = loop;
        Open().Dispose();
    }

    /// <inheritdoc/>
    protected override void Run(FrameSink sink, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var pace = new Pace(sink);
        var (numberOffset, timeOffset) = (0L, TimeSpan.Zero);
        bool loop = _loop ?? sink.Delivery == FrameDelivery.Latest;
        do
        {
            using var file = Open();
            (Header First, Header Last, TimeSpan Gap)? played = null;
            while (ReadHeader(file) is { } header)
            {
                Play(file, header, header.Sequence + numberOffset, pace.Wait(header.Timestamp + timeOffset), sink);
                played = played is { } before ? (before.First, header, header.Timestamp - before.Last.Timestamp) : (header, header, TimeSpan.Zero);
            }

            var (first, last, gap) = played ?? throw new CameraException($"The recording '{Name}' has no frames in it.");
            numberOffset += last.Sequence + 1 - first.Sequence;
            timeOffset += last.Timestamp + gap - first.Timestamp;
        }
        while (loop);
    }

    private BinaryReader Open()
    {
        FileStream stream;
        try
        {
            stream = new FileStream(Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"The recording '{Name}' cannot be read: {error.Message}", error);
        }

        var file = new BinaryReader(stream);
        if (file.ReadBytes(FrameRecorder.Magic.Length).AsSpan().SequenceEqual(FrameRecorder.Magic))
            return file;
        file.Dispose();
        throw new CameraException($"'{Name}' is not a recording of this version.");
    }

    private Header? ReadHeader(BinaryReader file)
    {
        long at = file.BaseStream.Position;
        try
        {
            var format = new FrameFormat(file.ReadInt32(), file.ReadInt32(), (PixelFormat)file.ReadInt32(), (YuvMatrix)file.ReadInt32(), (YuvRange)file.ReadInt32());
            var geometry = new FrameGeometry((Rotation)file.ReadInt32(), file.ReadInt32() != 0);
            var crop = new PictureRegion(file.ReadInt32(), file.ReadInt32(), file.ReadInt32(), file.ReadInt32());
            if (crop.Width > 0)
                geometry = geometry with { Crop = crop };
            var header = new Header(format, geometry, file.ReadInt64(), new TimeSpan(file.ReadInt64()), file.ReadUInt64());
            header.Validate();
            return file.BaseStream.Length - file.BaseStream.Position >= format.Bytes ? header : null;
        }
        catch (EndOfStreamException)
        {
            return null;
        }
        catch (ArgumentException damage)
        {
            // Without its size nobody knows where the next frame begins.
            throw new CameraException($"The recording '{Name}' is damaged from byte {at} on: {damage.Message}", damage);
        }
    }

    private void Play(BinaryReader file, Header header, long number, TimeSpan due, FrameSink sink)
    {
        var pixels = file.ReadBytes(header.Format.Bytes);
        var fingerprint = default(PixelFingerprint);
        fingerprint.Add(pixels);
        if (fingerprint.Value != header.Fingerprint)
        {
            sink.CountCorrupt($"frame {header.Sequence} of '{Name}' is damaged: its pixels are not those that were recorded");
            return;
        }

        if (sink.Rent(header.Format) is not { } buffer)
            return;
        pixels.CopyTo(buffer.Bytes);
        sink.Deliver(buffer, header.Format, due, fingerprint.Value, header.Geometry, number);
    }

    private readonly record struct Header(FrameFormat Format, FrameGeometry Geometry, long Sequence, TimeSpan Timestamp, ulong Fingerprint)
    {
        private static readonly TimeSpan Century = TimeSpan.FromDays(36525);

        /// <summary>Checks what only this program's own writer is known to get right.</summary>
        /// <exception cref="ArgumentException">No frame can be like that.</exception>
        public void Validate()
        {
            foreach (Enum field in (Enum[])[Format.Pixels, Format.Matrix, Format.Range, Geometry.Rotation])
            {
                if (!Enum.IsDefined(field.GetType(), field))
                    throw new ArgumentException($"there is no {field.GetType().Name} {field}.");
            }

            Format.Validate();
            _ = Geometry.RegionOf(new Size2d(Format.Height, Format.Width));
            if (Timestamp.Duration() > Century || Sequence is < 0 or > long.MaxValue / 4)
                throw new ArgumentException($"frame {Sequence} at {Timestamp} is out of range.");
        }
    }
}
