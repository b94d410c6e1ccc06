using System.Numerics;
using System.Runtime.InteropServices;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>A block of GPU memory of fixed size: tensors, weights and parameters lie in such blocks.</summary>
public sealed unsafe class GpuBuffer : GlObject
{
    /// <summary>Allocates memory, filled with zeros.</summary>
    /// <param name="device">Where.</param>
    /// <param name="bytes">Size, at least 1.</param>
    /// <param name="label">What it is for, as reports show it.</param>
    /// <exception cref="GlException">The driver has no memory for it.</exception>
    public GpuBuffer(GlDevice device, long bytes, string label)
        : this(device, bytes, label, null)
    {
        if (device.Gl.ClearBufferSubData == null)
        {
            NativeMemory.Clear(Map(GL_COPY_WRITE_BUFFER, 0, bytes, GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_BUFFER_BIT), (nuint)bytes);
            Unmap(GL_COPY_WRITE_BUFFER);
            return;
        }

        device.Gl.ClearBufferSubData(GL_COPY_WRITE_BUFFER, GL_R32F, 0, (nint)(bytes & ~3L), GL_RED, GL_FLOAT, null);
        if (bytes % 4 != 0)
            Upload(new byte[bytes % 4].AsSpan(), bytes & ~3L);
    }

    private GpuBuffer(GlDevice device, long bytes, string label, void* data)
        : base(device, label)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        var gl = device.Gl;
        uint id;
        gl.GenBuffers(1, &id);
        Id = id;
        Bytes = bytes;
        gl.BindBuffer(GL_COPY_WRITE_BUFFER, id);
        device.Objects.Add(new GlName(GlKind.Buffer, id), label);
        // Immutable memory could not be mapped, which is how OpenGL ES clears and reads.
        if (device.HasBufferStorage && !gl.Version.IsEmbedded)
            gl.BufferStorage(GL_COPY_WRITE_BUFFER, (nint)AllocatedBytes(bytes), null, GL_DYNAMIC_STORAGE_BIT);
        else
            gl.BufferData(GL_COPY_WRITE_BUFFER, (nint)AllocatedBytes(bytes), null, GL_DYNAMIC_COPY);
        if (data != null)
            gl.BufferSubData(GL_COPY_WRITE_BUFFER, 0, (nint)bytes, data);
        try
        {
            device.ThrowOnError($"allocate {bytes} bytes for buffer '{label}'");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Size, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Bytes behind those that were asked for, into which a view may reach.</summary>
    internal const int Slack = 256;

    /// <summary>The OpenGL name.</summary>
    public uint Id { get; }

    /// <summary>Allocates memory that holds a copy of <paramref name="data"/>.</summary>
    /// <exception cref="GlException">The driver has no memory for it.</exception>
    public static GpuBuffer Create<T>(GlDevice device, ReadOnlySpan<T> data, string label)
        where T : unmanaged
    {
        fixed (T* pointer = data)
            return new GpuBuffer(device, (long)data.Length * sizeof(T), label, pointer);
    }

    /// <summary>Copies values into the buffer.</summary>
    /// <param name="data">Values to copy.</param>
    /// <param name="offset">Where to, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">They do not fit.</exception>
    public void Upload<T>(ReadOnlySpan<T> data, long offset = 0)
        where T : unmanaged
    {
        long bytes = (long)data.Length * sizeof(T);
        VerifyRange(offset, bytes);
        Device.Gl.BindBuffer(GL_COPY_WRITE_BUFFER, Id);
        fixed (T* pointer = data)
            Device.Gl.BufferSubData(GL_COPY_WRITE_BUFFER, (nint)offset, (nint)bytes, pointer);
    }

    /// <inheritdoc cref="Upload{T}(ReadOnlySpan{T}, long)"/>
    public void Upload<T>(Span<T> data, long offset = 0)
        where T : unmanaged => Upload((ReadOnlySpan<T>)data, offset);

    /// <summary>Waits for the GPU and copies values out. For tests and tools: it blocks, and counts as that.</summary>
    /// <param name="destination">Filled with values.</param>
    /// <param name="offset">Where from, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer does not hold that many.</exception>
    /// <exception cref="GlException">The context is gone or was reset, or the driver fails.</exception>
    public void Read<T>(Span<T> destination, long offset = 0)
        where T : unmanaged
    {
        long bytes = (long)destination.Length * sizeof(T);
        VerifyRange(offset, bytes);
        Device.CountBlockingCall();
        Device.Gl.MemoryBarrier(GL_BUFFER_UPDATE_BARRIER_BIT);
        Device.Gl.BindBuffer(GL_COPY_READ_BUFFER, Id);
        fixed (T* pointer = destination)
        {
            if (Device.Gl.GetBufferSubData != null)
                Device.Gl.GetBufferSubData(GL_COPY_READ_BUFFER, (nint)offset, (nint)bytes, pointer);
            else if (bytes > 0)
                CopyMapped(pointer, offset, bytes);
        }

        Device.VerifyContext();
        if (Device.TakeError() is { } error)
            throw GlDevice.Failure($"read {bytes} bytes of buffer '{Label}'", error);
    }

    /// <summary>Binds a range as a shader storage buffer.</summary>
    internal void BindStorage(uint unit, long offset, long bytes) =>
        Device.Gl.BindBufferRange(GL_SHADER_STORAGE_BUFFER, unit, Id, (nint)offset, (nint)bytes);

    /// <summary>Binds a range as a uniform block.</summary>
    internal void BindUniform(uint unit, long offset, long bytes) =>
        Device.Gl.BindBufferRange(GL_UNIFORM_BUFFER, unit, Id, (nint)offset, (nint)bytes);

    private void CopyMapped(void* destination, long offset, long bytes)
    {
        System.Buffer.MemoryCopy(Map(GL_COPY_READ_BUFFER, offset, bytes, GL_MAP_READ_BIT), destination, bytes, bytes);
        Unmap(GL_COPY_READ_BUFFER);
    }

    // The buffer is bound to the target.
    private void* Map(uint target, long offset, long bytes, uint access)
    {
        void* address = Device.Gl.MapBufferRange(target, (nint)offset, (nint)bytes, access);
        if (address != null)
            return address;
        Device.VerifyContext();
        throw GlDevice.Failure($"map {bytes} bytes of buffer '{Label}'", Device.TakeError() ?? GL_OUT_OF_MEMORY);
    }

    private void Unmap(uint target)
    {
        if (Device.Gl.UnmapBuffer(target) == 0)
            throw new GlException($"OpenGL lost what buffer '{Label}' held while it was mapped; the display's mode may have changed. Load the network again.");
    }

    private protected override void ReleaseNames(List<GlName> names)
    {
        if (Id != 0)
            names.Add(new GlName(GlKind.Buffer, Id));
    }

    private void VerifyRange(long offset, long bytes)
    {
        VerifyUsable();
        if (offset < 0 || bytes < 0 || offset > Bytes - bytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"Buffer '{Label}' has {Bytes} bytes; bytes {offset} to {offset + bytes} were asked for.");
        }
    }

    // llvmpipe compiles a program once for textures of a power of two and once for others, also where they are buffers.
    private static long AllocatedBytes(long bytes) => BitOperations.IsPow2(bytes + Slack) ? bytes + (2 * Slack) : bytes + Slack;
}
