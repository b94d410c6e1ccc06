using RealtimeCnn.Images;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// Brings frames to the GPU without ever waiting for it. A source that rents its memory here writes straight into mapped
/// upload buffers where memory can stay mapped; other frames are copied once on the way. Stop the
/// source before disposing the uploader: memory on lease is mapped GPU memory.
/// </summary>
public sealed unsafe class FrameUploader : IFrameAllocator, IDisposable
{
    // Free buffers are kept ready up to so many bytes; beyond, only as many as are needed at a time.
    private const long MostReadyBytes = 256L << 20;

    private readonly Lock _lock = new();
    private readonly GlDevice _device;
    private readonly FramePool _pool;
    private readonly Slot[] _slots;
    private readonly FrameTexture[] _pictures;
    private readonly GpuTexture?[] _textures;
    private uint _streamBuffer;
    private bool _disposed;

    /// <summary>Makes an uploader; memory is allocated when the first frame says how much.</summary>
    /// <param name="device">Where.</param>
    /// <param name="slots">Upload buffers: those a source fills, plus those the GPU still reads. At least 2.</param>
    /// <param name="textures">Pictures that can be in use at once. At least 2.</param>
    public FrameUploader(GlDevice device, int slots = 6, int textures = 4)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(textures, 2);
        device.VerifyThread();
        (_device, LongestSide) = (device, device.Limits.TextureSize);
        _pool = new FramePool(slots);
        _slots = device.HasBufferStorage ? [.. Enumerable.Range(0, slots).Select(_ => new Slot(this))] : [];
        _pictures = [.. Enumerable.Range(0, textures).Select(_ => new FrameTexture(0))];
        _textures = new GpuTexture?[textures];
    }

    /// <summary>Longest side of a texture, in texels; longer pictures are stored as a stream of bytes.</summary>
    internal int LongestSide { get; init; }

    /// <summary>Frames that were uploaded straight from the memory their source wrote.</summary>
    public long ZeroCopyFrames { get; private set; }

    /// <summary>Frames that were copied on the way.</summary>
    public long CopiedFrames { get; private set; }

    /// <summary>Frames that found every buffer or texture in use.</summary>
    public long RefusedFrames { get; private set; }

    /// <inheritdoc/>
    public FrameBuffer? TryRent(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (FreeSlot(bytes) is { } slot)
            {
                slot.OnLease = true;
                return slot;
            }
        }

        // Mapped memory can only be made on the GL thread; until the next upload there, ordinary memory serves.
        return _pool.TryRent(bytes);
    }

    /// <summary>Starts to bring a frame to the GPU. Whether or not it succeeds, the frame stays the caller's to dispose, at once if it likes.</summary>
    /// <returns>The picture, to be released; or null when every texture or buffer is in use, and the frame should be dropped or tried again later.</returns>
    /// <exception cref="GlException">The frame is too large for a texture of this device.</exception>
    public FrameTexture? TryUpload(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _device.VerifyThread();
        var layout = FrameTextureLayout.Of(frame.Format, LongestSide);
        int bytes = frame.Format.Bytes;
        ReclaimSlots(bytes);
        int index = Array.FindIndex(_pictures, picture => !picture.IsHeld);
        if (index < 0)
            return Refuse();
        var slot = frame.Buffer as Slot;
        bool zeroCopy = slot?.Owner == this;
        if (!zeroCopy && _slots.Length > 0)
        {
            lock (_lock)
            {
                slot = FreeSlot(bytes);
                if (slot is null)
                    return Refuse();
                slot.OnLease = true; // Or the source would be given it meanwhile.
            }
        }

        GpuTexture texture;
        try
        {
            if (!zeroCopy && slot is not null)
                frame.Pixels.CopyTo(slot.Bytes);
            texture = TextureFor(index, layout);
            texture.CopyFrom(slot is null ? Stream(frame.Pixels) : slot.Memory!.Id, layout.Format, layout.Texels);
            slot?.Fence.Set(_device.Gl);
        }
        finally
        {
            if (!zeroCopy)
                slot?.Release();
        }

        if (zeroCopy)
            ZeroCopyFrames++;
        else
            CopiedFrames++;
        var picture = _pictures[index];
        (picture.Id, picture.Defines) = (texture.Id, layout.Defines);
        picture.Describe(frame);
        picture.Hold();
        return picture;
    }

    /// <summary>Frees buffers and textures. Mapped memory still on lease is freed when its lease ends, or with the device.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _device.VerifyThread();
        lock (_lock)
        {
            _disposed = true;
            foreach (var slot in _slots)
            {
                slot.Fence.Clear(_device.Gl);
                if (!slot.OnLease)
                    slot.Memory?.Dispose();
            }
        }

        foreach (var texture in _textures)
            texture?.Dispose();
        if (_streamBuffer != 0)
            _device.Objects.Release([new GlName(GlKind.Buffer, _streamBuffer)], null);
        _device.CollectGarbage();
        _pool.Dispose();
    }

    /// <summary>Bytes of mapped memory, free or in use.</summary>
    internal long MappedBytes
    {
        get
        {
            long bytes = 0;
            foreach (var slot in _slots)
                bytes += slot.Memory?.Bytes ?? 0;
            return bytes;
        }
    }

    private FrameTexture? Refuse()
    {
        RefusedFrames++;
        return null;
    }

    private Slot? FreeSlot(int bytes)
    {
        foreach (var slot in _slots)
        {
            if (!slot.OnLease && !slot.Fence.IsPending && slot.Memory is { } memory && memory.Bytes >= bytes)
                return slot;
        }

        return null;
    }

    // Takes back what the GPU has read, and brings free slots to the size that frames have now: all of them, or for large frames one.
    private void ReclaimSlots(int bytes)
    {
        // A stream is copied by whole texels.
        long wanted = (bytes + 3L) & ~3L;
        lock (_lock)
        {
            foreach (var slot in _slots)
            {
                if (slot.Fence.Poll(_device.Gl) && !slot.OnLease && slot.Memory is { } memory && (memory.Bytes < bytes || memory.Bytes > 2 * wanted))
                {
                    memory.Dispose();
                    slot.Memory = null;
                }
            }

            foreach (var slot in _slots)
            {
                if (slot.Memory is null && !slot.OnLease && (FreeSlot(bytes) is null || MappedBytes + wanted <= MostReadyBytes))
                    slot.Memory = new MappedBuffer(_device, wanted, "frame upload");
            }
        }
    }

    private GpuTexture TextureFor(int index, FrameTextureLayout layout)
    {
        var texture = _textures[index];
        if (texture is not null && texture.Width == layout.Width && texture.Height == layout.Height && texture.InternalFormat == layout.InternalFormat)
            return texture;
        texture?.Dispose();
        return _textures[index] = new GpuTexture(_device, layout.Width, layout.Height, layout.InternalFormat, "frame");
    }

    // Where memory does not stay mapped: new memory for each frame (orphaning), so that writing never waits for the GPU to finish reading.
    private uint Stream(ReadOnlySpan<byte> pixels)
    {
        var gl = _device.Gl;
        uint id = _streamBuffer;
        if (id == 0)
            gl.GenBuffers(1, &id);
        gl.BindBuffer(GL_PIXEL_UNPACK_BUFFER, id);
        if (_streamBuffer == 0)
            _device.Objects.Add(new GlName(GlKind.Buffer, _streamBuffer = id), "frame upload");
        gl.BufferData(GL_PIXEL_UNPACK_BUFFER, (nint)((pixels.Length + 3L) & ~3L), null, GL_STREAM_DRAW);
        void* address = gl.MapBufferRange(GL_PIXEL_UNPACK_BUFFER, 0, pixels.Length, GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_BUFFER_BIT);
        if (address == null)
            throw new GlException($"OpenGL could not map {pixels.Length} bytes to upload a frame.");
        pixels.CopyTo(new Span<byte>(address, pixels.Length));
        gl.UnmapBuffer(GL_PIXEL_UNPACK_BUFFER);
        return id;
    }

    private sealed class Slot(FrameUploader owner) : FrameBuffer
    {
        public GpuFence Fence;

        public FrameUploader Owner => owner;

        public MappedBuffer? Memory { get; set; }

        public bool OnLease { get; set; }

        public override byte* Address => Memory!.Address;

        public override int Length => (int)Memory!.Bytes;

        public override void Release()
        {
            lock (owner._lock)
            {
                OnLease = false;
                if (owner._disposed)
                    Memory?.Dispose();
            }
        }
    }
}
