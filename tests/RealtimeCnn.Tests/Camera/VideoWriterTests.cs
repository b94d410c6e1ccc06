using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>Videos that are written are read again: each picture from its own time on, at a constant rate.</summary>
public sealed class VideoWriterTests : IDisposable
{
    private static readonly FrameFormat Format = new(33, 21, PixelFormat.Rgb);
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.mp4");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Pictures_are_repeated_where_the_next_comes_late_and_left_out_where_it_comes_at_once()
    {
        Write((7, 40), (7.1, 90), (7.4, 140), (7.41, 255), (7.5, 190));
        var (levels, last) = Read();
        Assert.Equal([40, 90, 90, 90, 140, 190], levels.Select(level => (int)Math.Round((level - 40) / 50.0) * 50 + 40));
        Assert.Equal(0.5, last, 0.01);
    }

    [Fact]
    public void A_gap_without_end_is_cut()
    {
        Write((0, 40), (1e6, 90), (1e6 + 0.1, 140));
        Assert.InRange(Read().Levels.Count, 90, 105);
    }

    [Fact]
    public void What_cannot_be_is_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VideoWriter(_path, Format, double.NaN));
        Assert.Contains("Nv12", Assert.Throws<ArgumentException>(() => new VideoWriter(_path, new FrameFormat(32, 32, PixelFormat.Nv12), 10)).Message, StringComparison.Ordinal);
        using var writer = new VideoWriter(_path, Format, 10);
        Assert.Contains("2079", Assert.Throws<ArgumentException>(() => writer.Add(new byte[5], default)).Message, StringComparison.Ordinal);
        writer.Add(new byte[Format.Bytes], default);
        writer.Finish();
        Assert.Throws<ObjectDisposedException>(() => writer.Add(new byte[Format.Bytes], default));
    }

    private void Write(params (double Time, byte Level)[] pictures)
    {
        using var writer = new VideoWriter(_path, Format, 10);
        byte[] pixels = new byte[Format.Bytes];
        foreach (var (time, level) in pictures)
        {
            Array.Fill(pixels, level);
            writer.Add(pixels, TimeSpan.FromSeconds(time));
        }

        writer.Finish();
    }

    /// <summary>Gray of each picture, and when the last one is shown.</summary>
    private (List<double> Levels, double Last) Read()
    {
        var levels = new List<double>();
        TimeSpan first = default, last = default;
        using var source = FfmpegSource.File(_path);
        source.Start(FrameDelivery.Every);
        var reader = new ImageToTensor(new Preprocessing { Size = 1, Order = ColorOrder.Gray, Scale = 1 });
        using var gray = new Tensor(new Shape(1, 1, 1, 1));
        while (source.Take(TimeSpan.FromSeconds(60)) is { } frame)
        {
            using (frame)
            {
                // The odd sides got a black row and column.
                Assert.Equal((34, 22), (frame.Format.Width, frame.Format.Height));
                reader.Run(frame.Pixels, frame.Format, new FrameGeometry { Crop = new(8, 8, 8, 8) }, gray);
                levels.Add(gray.Span[0]);
                (first, last) = (levels.Count == 1 ? frame.Timestamp : first, frame.Timestamp);
            }
        }

        Assert.Equal(10, source.FrameRate);
        Assert.Equal(levels.Count / 10.0, source.Duration!.Value.TotalSeconds, 0.05);
        return (levels, (last - first).TotalSeconds);
    }
}
