using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public class FrameUploaderTests(GlFixture gl)
{
    private static readonly FrameFormat Format = new(32, 16, PixelFormat.Gray);

    [Fact]
    public void After_the_first_frame_sources_write_into_mapped_memory_and_nothing_is_copied() => gl.Run(device =>
    {
        Assert.True(device.Info.HasPersistentMapping);
        using var uploader = new FrameUploader(device);
        for (int i = 0; i < 20; i++)
        {
            using (var frame = Gray(uploader, (byte)i))
                Check(device, uploader.TryUpload(frame), (byte)i);
        }

        Assert.Equal((19, 1, 0), (uploader.ZeroCopyFrames, uploader.CopiedFrames, uploader.RefusedFrames));
    });

    [Fact]
    public void Memory_that_a_frame_is_being_copied_into_is_not_given_to_a_source() => gl.Run(device =>
    {
        using var uploader = new FrameUploader(device);
        using var foreign = new RentingBuffer(uploader, Format.Bytes);
        using (var frame = new Frame(foreign, Format, default, 0))
            Check(device, uploader.TryUpload(frame), RentingBuffer.Gray);
        Assert.True(foreign.Rented.Count > 0, "nothing was rented during the copy");
        foreach (var rented in foreign.Rented)
        {
            Assert.All(rented.Bytes[..Format.Bytes].ToArray(), value => Assert.Equal(0, value));
            rented.Release();
        }
    });

    [Fact]
    public void Without_persistent_mapping_frames_are_copied_and_right() => gl.RunFresh(new() { PersistentMapping = false }, device =>
    {
        Assert.False(device.Info.HasPersistentMapping);
        using var uploader = new FrameUploader(device);
        for (int i = 0; i < 5; i++)
        {
            using var frame = Gray(uploader, (byte)i);
            Check(device, uploader.TryUpload(frame), (byte)i);
        }

        Assert.Equal((0, 5, 0), (uploader.ZeroCopyFrames, uploader.CopiedFrames, uploader.RefusedFrames));
    });

    [Fact]
    public void A_frame_without_a_free_texture_is_refused_and_can_be_tried_again() => gl.Run(device =>
    {
        using var uploader = new FrameUploader(device, textures: 2);
        using var frame = Gray(uploader, 9);
        var first = uploader.TryUpload(frame)!;
        var second = uploader.TryUpload(frame)!;
        Assert.Null(uploader.TryUpload(frame));
        Assert.Equal(1, uploader.RefusedFrames);
        first.Release();
        var third = uploader.TryUpload(frame)!;
        Assert.Same(first, third);
        second.Release();
        third.Release();
    });

    [Fact]
    public void A_new_format_gets_buffers_and_textures_that_fit() => gl.Run(device =>
    {
        using var uploader = new FrameUploader(device);
        foreach (int width in (int[])[8, 64, 8, 200])
        {
            var format = new FrameFormat(width, 4, PixelFormat.Rgb);
            for (int i = 0; i < 3; i++)
            {
                using var frame = GpuImageToTensorTests.MakeFrame(new byte[format.Bytes], format, default, uploader);
                var texture = uploader.TryUpload(frame)!;
                Assert.Equal(format, texture.Format);
                texture.Release();
            }
        }
    });

    [Fact]
    public void A_texture_carries_what_its_frame_carried() => gl.Run(device =>
    {
        using var uploader = new FrameUploader(device);
        var geometry = new FrameGeometry(Rotation.Clockwise90, true);
        using var frame = GpuImageToTensorTests.MakeFrame(new byte[Format.Bytes], Format, geometry);
        var texture = uploader.TryUpload(frame)!;
        Assert.Equal((Format, geometry, TimeSpan.FromSeconds(1), 7L), (texture.Format, texture.Geometry, texture.Timestamp, texture.Sequence));
        texture.Release();
    });

    [Fact]
    public void A_steady_state_neither_blocks_nor_allocates() => gl.Run(device =>
    {
        using var uploader = new FrameUploader(device);
        using var frames = new FramePool(2);
        var preprocessing = new Preprocessing { Size = 8 };
        using var converter = new GpuImageToTensor(device, preprocessing);
        using var output = new GpuBuffer(device, 8 * 8 * 16, "input");
        using var heapFrame = Gray(frames, 1);
        long blocking = 0, allocated = 0;
        int uploads = 0;
        for (int attempts = 0; uploads < 30 && attempts < 1_000_000; attempts++)
        {
            if (uploads == 10 && allocated == 0)
                (blocking, allocated) = (device.BlockingCalls, GC.GetAllocatedBytesForCurrentThread());
            if (uploader.TryUpload(heapFrame) is not { } texture)
            {
                // Refused: the device still reads all textures.
                Thread.Yield();
                continue;
            }

            converter.Run(texture, output);
            texture.Release();
            uploads++;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal(0, device.BlockingCalls - blocking);
        Assert.Equal(30, uploads);
    });

    [Fact]
    public void Memory_on_lease_outlives_the_uploader() => gl.Run(device =>
    {
        int before = device.Objects.Alive;
        FrameBuffer lease;
        using (var uploader = new FrameUploader(device))
        {
            using (var frame = Gray(uploader, 1))
                uploader.TryUpload(frame)!.Release();
            lease = uploader.TryRent(Format.Bytes)!;
        }

        lease.Bytes.Fill(3);
        Assert.Equal(before + 1, device.Objects.Alive);
        lease.Release();
        Assert.Equal(before, device.Objects.Alive);
    });

    private static Frame Gray(IFrameAllocator allocator, byte value)
    {
        var pixels = new byte[Format.Bytes];
        Array.Fill(pixels, value);
        return GpuImageToTensorTests.MakeFrame(pixels, Format, default, allocator);
    }

    private static void Check(GlDevice device, FrameTexture? texture, byte value)
    {
        Assert.NotNull(texture);
        using var converter = new GpuImageToTensor(device, new() { Size = new(16, 32) });
        using var output = new GpuBuffer(device, 16 * 32 * 16, "input");
        converter.Run(texture, output);
        var actual = new float[16 * 32 * 4];
        output.Read(actual.AsSpan());
        for (int i = 0; i < 16 * 32; i++)
            Assert.Equal(value / 255f, actual[i * 4], 1e-6f);
        texture.Release();
    }

    /// <summary>A source that rents its next picture's memory just when this one is read.</summary>
    private sealed unsafe class RentingBuffer(FrameUploader uploader, int length) : FrameBuffer, IDisposable
    {
        public const byte Gray = 77;

        private readonly byte* _memory = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)length);

        public List<FrameBuffer> Rented { get; } = [];

        public override byte* Address
        {
            get
            {
                new Span<byte>(_memory, length).Fill(Gray);
                if (Rented.Count == 0 && uploader.TryRent(length) is { } next)
                {
                    next.Bytes.Clear();
                    Rented.Add(next);
                }

                return _memory;
            }
        }

        public override int Length => length;

        public override void Release()
        {
        }

        public void Dispose() => System.Runtime.InteropServices.NativeMemory.Free(_memory);
    }
}
