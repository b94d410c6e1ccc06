using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

public sealed class ReplaySourceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly MediaFiles _media = new();

    public void Dispose() => _media.Dispose();

    [Fact]
    public void A_recording_plays_exactly_what_came()
    {
        string path = _media.PathOf("take.rtcnn");
        List<(FrameFormat, FrameGeometry, long, TimeSpan, byte[])> recorded = [];
        using (var recorder = new FrameRecorder(path))
        using (var pool = new FramePool())
        {
            // A dropped frame, a change of size, a turned picture.
            foreach (var (number, format, geometry) in ((long, FrameFormat, FrameGeometry)[])[
                (0, new FrameFormat(8, 6, PixelFormat.Rgb), default),
                (1, new FrameFormat(8, 6, PixelFormat.Rgb), new FrameGeometry(Rotation.Clockwise90, true) { Crop = new(1, 2, 6, 3) }),
                (4, new FrameFormat(4, 2, PixelFormat.Nv12, YuvMatrix.Bt709, YuvRange.Full), default)])
            {
                var buffer = pool.TryRent(format.Bytes)!;
                new Random((int)number).NextBytes(buffer.Bytes);
                using var frame = new Frame(buffer, format, TimeSpan.FromMilliseconds(70 + (33 * number)), number, geometry);
                recorder.Add(frame);
                recorded.Add((format, geometry, number, frame.Timestamp, frame.Pixels.ToArray()));
            }
        }

        var played = Play(new ReplaySource(path), 3);
        var shift = played[0].Timestamp - recorded[0].Item4;
        Assert.Equal(recorded, played.Select(frame => (frame.Format, frame.Geometry, frame.Sequence, frame.Timestamp - shift, frame.Pixels)));
    }

    [Fact]
    public void A_loop_goes_on_counting()
    {
        string path = Record(4, rate: 10);
        var played = Play(new ReplaySource(path, loop: true), 10);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => ((long)i, i * 100.0)), played.Select(frame => (frame.Sequence, (frame.Timestamp - played[0].Timestamp).TotalMilliseconds)));
        Assert.Equal(played[1].Pixels, played[5].Pixels);
    }

    [Fact]
    public void A_damaged_frame_is_skipped_and_one_cut_short_ends_it()
    {
        string path = Record(4, rate: 10);
        byte[] bytes = File.ReadAllBytes(path);
        int record = (bytes.Length - 8) / 4;
        bytes[8 + record + 200] ^= 1;
        File.WriteAllBytes(path, bytes[..^5]);
        using var source = new ReplaySource(path);
        source.Start(FrameDelivery.Every);
        List<long> numbers = [];
        while (source.Take(Patience) is { } frame)
        {
            using (frame)
                numbers.Add(frame.Sequence);
        }

        Assert.Equal([0, 2], numbers);
        Assert.Equal((SourceState.Ended, false, 1), (source.Status.State, source.Status.Faulted, source.Status.FramesCorrupt));
    }

    [Theory]
    [InlineData(0, 0, "0×32")]
    [InlineData(0, 1 << 30, "2^28 pixels")]
    [InlineData(2, 77, "no PixelFormat 77")]
    [InlineData(3, -1, "no YuvMatrix -1")]
    [InlineData(4, 9, "no YuvRange 9")]
    [InlineData(5, 45, "no Rotation 45")]
    [InlineData(9, 1000, "1000×")]
    [InlineData(12, -5, "out of range")]
    [InlineData(14, int.MaxValue, "out of range")]
    public void A_damaged_header_ends_it_with_one_sentence(int field, int value, string words)
    {
        string path = Record(3, rate: 10);
        byte[] bytes = File.ReadAllBytes(path);
        int record = (bytes.Length - 8) / 3;
        // Fields of 4 bytes; number and time are two of them each.
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8 + record + (field * 4)), value);
        File.WriteAllBytes(path, bytes);
        using var source = new ReplaySource(path);
        source.Start(FrameDelivery.Every);
        using (var first = source.Take(Patience))
            Assert.Equal(0, first?.Sequence);
        Assert.Null(source.Take(Patience));
        Assert.True(source.Status.Faulted);
        Assert.Contains(words, source.Status.Reason, StringComparison.Ordinal);
        Assert.Contains($"from byte {8 + record} on", source.Status.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', source.Status.Reason);
    }

    [Fact]
    public void A_recording_that_has_ended_takes_no_frame()
    {
        var recorder = new FrameRecorder(_media.PathOf("over.rtcnn"));
        recorder.Dispose();
        using var source = new TestPatternSource(32, 32);
        source.Start(FrameDelivery.Every);
        using var frame = source.Take(Patience)!;
        Assert.Throws<ObjectDisposedException>(() => recorder.Add(frame));
    }

    [Fact]
    public void A_file_that_is_no_recording_is_refused()
    {
        string path = _media.PathOf("fake.rtcnn");
        File.WriteAllText(path, "nothing of the kind");
        Assert.Contains("fake.rtcnn", Assert.Throws<CameraException>(() => FrameSources.Open(path)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<CameraException>(() => new ReplaySource(_media.PathOf("none.rtcnn"))).Message, StringComparison.Ordinal);
    }

    private string Record(int pictures, double rate)
    {
        string path = _media.PathOf("pattern.rtcnn");
        using var recorder = new FrameRecorder(path);
        using var source = new TestPatternSource(32, 32, rate, pictures);
        source.Start(FrameDelivery.Every);
        while (source.Take(Patience) is { } frame)
        {
            using (frame)
                recorder.Add(frame);
        }

        return path;
    }

    private static List<(FrameFormat Format, FrameGeometry Geometry, long Sequence, TimeSpan Timestamp, byte[] Pixels)> Play(ReplaySource source, int count)
    {
        using (source)
        {
            source.Start(FrameDelivery.Every);
            List<(FrameFormat, FrameGeometry, long, TimeSpan, byte[])> played = [];
            for (int i = 0; i < count; i++)
            {
                using var frame = source.Take(Patience);
                Assert.NotNull(frame);
                played.Add((frame.Format, frame.Geometry, frame.Sequence, frame.Timestamp, frame.Pixels.ToArray()));
            }

            return played;
        }
    }
}
