using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>A part of a buffer that belongs to a result.</summary>
/// <param name="Buffer">Where it lies.</param>
/// <param name="Offset">Its first byte; a multiple of 4.</param>
/// <param name="Bytes">Its length; a multiple of 4.</param>
internal readonly record struct ResultRange(GpuBuffer Buffer, long Offset, long Bytes);

/// <summary>
/// Brings small results back from the GPU without ever waiting for it: each is copied behind the work that computes it,
/// into memory of its own, and picked up once a fence says that it is there. Results come in the order of their requests.
/// In steady state nothing is allocated.
/// </summary>
internal sealed unsafe class ResultReader : IDisposable
{
    private readonly GlDevice _device;
    private readonly Slot[] _slots;
    private int _first;
    private bool _disposed;

    /// <param name="device">Where.</param>
    /// <param name="bytes">Longest result, all its ranges together.</param>
    /// <param name="inFlight">Results that can be on their way at once, which bounds how far the CPU runs ahead. At least 1.</param>
    public ResultReader(GlDevice device, long bytes, int inFlight = 3)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(inFlight, 1);
        (_device, Capacity) = (device, bytes);
        _slots = [.. Enumerable.Range(0, inFlight).Select(_ => new Slot(device, bytes))];
    }

    /// <summary>Longest result, in bytes.</summary>
    public long Capacity { get; }

    /// <summary>Results on their way, or waiting to be picked up.</summary>
    public int InFlight { get; private set; }

    /// <summary>Whether another result can be asked for.</summary>
    public bool HasRoom => InFlight < _slots.Length;

    /// <summary>Asks for a result: everything the commands so far write into the ranges, one range after the other.</summary>
    /// <param name="ranges">Where it lies; together at most <see cref="Capacity"/> bytes.</param>
    /// <param name="tag">Comes back with the result, to say what it belongs to.</param>
    /// <returns>False when as many results as can be are on their way; nothing is done then.</returns>
    public bool TryRequest(ReadOnlySpan<ResultRange> ranges, long tag)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _device.VerifyThread();
        if (!HasRoom)
            return false;
        var gl = _device.Gl;
        var slot = _slots[(_first + InFlight) % _slots.Length];
        (slot.Tag, slot.Length) = (tag, 0);
        gl.MemoryBarrier(GL_BUFFER_UPDATE_BARRIER_BIT);
        gl.BindBuffer(GL_COPY_WRITE_BUFFER, slot.Id);
        foreach (var range in ranges)
        {
            if (range.Offset < 0 || range.Bytes < 0 || range.Offset > range.Buffer.Bytes - range.Bytes || slot.Length + range.Bytes > Capacity)
            {
                throw new ArgumentException(
                    $"Bytes {range.Offset} to {range.Offset + range.Bytes} of buffer '{range.Buffer.Label}' ({range.Buffer.Bytes} bytes) cannot be read back behind {slot.Length} others into {Capacity} bytes.");
            }

            gl.BindBuffer(GL_COPY_READ_BUFFER, range.Buffer.Id);
            gl.CopyBufferSubData(GL_COPY_READ_BUFFER, GL_COPY_WRITE_BUFFER, (nint)range.Offset, (nint)slot.Length, (nint)range.Bytes);
            slot.Length += range.Bytes;
        }

        if (_device.HasBufferStorage)
            gl.MemoryBarrier(GL_CLIENT_MAPPED_BUFFER_BARRIER_BIT);
        slot.Fence.Set(gl);
        gl.Flush();
        InFlight++;
        return true;
    }

    /// <summary>Picks up the oldest result if it is there. Never waits.</summary>
    /// <param name="destination">Filled with as much of the result as it holds.</param>
    /// <param name="tag">What the result was asked for with.</param>
    /// <returns>False when there is none yet.</returns>
    public bool TryRead<T>(Span<T> destination, out long tag)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _device.VerifyThread();
        tag = 0;
        var slot = _slots[_first];
        if (InFlight == 0 || !slot.Fence.Poll(_device.Gl))
            return false;
        _device.VerifyContext(); // After a reset every fence counts as reached.
        fixed (T* pointer = destination)
            slot.CopyTo((byte*)pointer, Math.Min(slot.Length, (long)destination.Length * sizeof(T)));
        tag = slot.Tag;
        _first = (_first + 1) % _slots.Length;
        InFlight--;
        return true;
    }

    /// <summary>Forgets results on their way and frees the memory.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _device.VerifyThread();
        _disposed = true;
        foreach (var slot in _slots)
            slot.Dispose();
    }

    private sealed class Slot : IDisposable
    {
        public GpuFence Fence;

        private readonly GlDevice _device;
        private readonly MappedBuffer? _mapped;
        private readonly GpuBuffer? _plain;

        public Slot(GlDevice device, long bytes)
        {
            _device = device;
            if (device.HasBufferStorage)
                _mapped = new MappedBuffer(device, bytes, "result");
            else
                _plain = new GpuBuffer(device, bytes, "result");
        }

        public uint Id => _mapped?.Id ?? _plain!.Id;

        public long Tag { get; set; }

        public long Length { get; set; }

        public void CopyTo(byte* destination, long bytes)
        {
            if (_mapped is not null)
                System.Buffer.MemoryCopy(_mapped.Address, destination, bytes, bytes);
            else if (bytes > 0)
                CopyMapped(destination, bytes);
        }

        public void Dispose()
        {
            Fence.Clear(_device.Gl);
            _mapped?.Dispose();
            _plain?.Dispose();
        }

        // Where memory does not stay mapped. The fence was reached, so mapping does not wait.
        private void CopyMapped(byte* destination, long bytes)
        {
            var gl = _device.Gl;
            gl.BindBuffer(GL_COPY_READ_BUFFER, Id);
            void* address = gl.MapBufferRange(GL_COPY_READ_BUFFER, 0, (nint)bytes, GL_MAP_READ_BIT);
            if (address == null)
                throw new GlException($"OpenGL could not map {bytes} bytes of a result.");
            System.Buffer.MemoryCopy(address, destination, bytes, bytes);
            gl.UnmapBuffer(GL_COPY_READ_BUFFER);
        }
    }
}
