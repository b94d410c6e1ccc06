using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>Memory that the CPU and the GPU see at the same time, mapped for as long as it lives (OpenGL 4.4). A fence says when the other side is done.</summary>
internal sealed unsafe class MappedBuffer : GlObject
{
    /// <summary>Allocates and maps memory.</summary>
    /// <param name="device">Where; it must have persistent mapping.</param>
    /// <param name="bytes">Size, at least 1.</param>
    /// <param name="label">What it is for, as reports show it.</param>
    /// <exception cref="GlException">The driver has no memory for it.</exception>
    public MappedBuffer(GlDevice device, long bytes, string label)
        : base(device, label)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        var gl = device.Gl;
        uint id;
        gl.GenBuffers(1, &id);
        (Id, Bytes) = (id, bytes);
        gl.BindBuffer(GL_COPY_WRITE_BUFFER, id);
        device.Objects.Add(new GlName(GlKind.Buffer, id), label);

        // Readable too, so that the memory is cached: a source may look at what it wrote, and the CPU path at the frame.
        const uint Access = GL_MAP_READ_BIT | GL_MAP_WRITE_BIT | GL_MAP_PERSISTENT_BIT | GL_MAP_COHERENT_BIT;
        gl.BufferStorage(GL_COPY_WRITE_BUFFER, (nint)bytes, null, Access | GL_CLIENT_STORAGE_BIT);
        Address = (byte*)gl.MapBufferRange(GL_COPY_WRITE_BUFFER, 0, (nint)bytes, Access);
        if (Address != null)
            return;
        Dispose();
        device.ThrowOnError($"map {bytes} bytes for '{label}'");
        throw new GlException($"OpenGL could not map {bytes} bytes for '{label}'.");
    }

    /// <summary>The OpenGL name.</summary>
    public uint Id { get; }

    /// <summary>Size, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Where the CPU sees it; valid until it is disposed.</summary>
    public byte* Address { get; }

    private protected override void ReleaseNames(List<GlName> names)
    {
        if (Id != 0)
            names.Add(new GlName(GlKind.Buffer, Id));
    }
}
