using RealtimeCnn.OpenGL.Hosts;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>An extent along three axes, in elements.</summary>
/// <param name="X">Along x.</param>
/// <param name="Y">Along y.</param>
/// <param name="Z">Along z.</param>
public readonly record struct Extent3d(int X, int Y, int Z)
{
    /// <inheritdoc/>
    public override string ToString() => $"({X}, {Y}, {Z})";
}

/// <summary>What a device allows, read once from its driver. A plan is checked against it before anything runs.</summary>
public sealed record GlLimits
{
    /// <summary>What every implementation of OpenGL 4.3 allows at least. Source: OpenGL 4.3 specification, section 23.3.</summary>
    public static GlLimits Guaranteed { get; } = new()
    {
        StorageBlockBytes = 1 << 24,
        ComputeStorageBlocks = 8,
        GroupCount = new Extent3d(65535, 65535, 65535),
        GroupSize = new Extent3d(1024, 1024, 64),
        GroupInvocations = 1024,
        SharedBytes = 32768,
        UniformBlockBytes = 16384,
        ComputeTextureUnits = 16,
        ComputeImages = 8,
        TextureBufferTexels = 65536,
        TextureSize = 16384,
        StorageAlignment = 256,
        TextureBufferAlignment = 256,
        UniformAlignment = 256,
    };

    /// <summary>What every implementation of OpenGL ES 3.1 allows at least. Source: OpenGL ES 3.1 specification, section 20.3.</summary>
    public static GlLimits GuaranteedEmbedded { get; } = new()
    {
        StorageBlockBytes = 1 << 27,
        ComputeStorageBlocks = 4,
        GroupCount = new Extent3d(65535, 65535, 65535),
        GroupSize = new Extent3d(128, 128, 64),
        GroupInvocations = 128,
        SharedBytes = 16384,
        UniformBlockBytes = 16384,
        ComputeTextureUnits = 16,
        ComputeImages = 4,
        TextureBufferTexels = 0,
        TextureSize = 2048,
        StorageAlignment = 256,
        TextureBufferAlignment = 1,
        UniformAlignment = 256,
    };

    /// <summary>Most bytes of one shader storage buffer that a shader can see.</summary>
    public required long StorageBlockBytes { get; init; }

    /// <summary>Shader storage buffers that one compute shader can use.</summary>
    public required int ComputeStorageBlocks { get; init; }

    /// <summary>Most work groups in one dispatch, along each axis.</summary>
    public required Extent3d GroupCount { get; init; }

    /// <summary>Most invocations of one work group, along each axis.</summary>
    public required Extent3d GroupSize { get; init; }

    /// <summary>Most invocations of one work group, in all.</summary>
    public required int GroupInvocations { get; init; }

    /// <summary>Shared memory of one work group, in bytes.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Most bytes of one uniform block.</summary>
    public required int UniformBlockBytes { get; init; }

    /// <summary>Texture units that one compute shader can use.</summary>
    public required int ComputeTextureUnits { get; init; }

    /// <summary>Images that one compute shader can use.</summary>
    public required int ComputeImages { get; init; }

    /// <summary>Most texels (of four floats, in our use) of one buffer texture; 0 where there are none, in OpenGL ES without the extension.</summary>
    public required long TextureBufferTexels { get; init; }

    /// <summary>Longest side of a 2D texture, in pixels.</summary>
    public required int TextureSize { get; init; }

    /// <summary>Offset alignment of a range bound as a shader storage buffer, in bytes.</summary>
    public required int StorageAlignment { get; init; }

    /// <summary>Offset alignment of a range viewed as a buffer texture, in bytes.</summary>
    public required int TextureBufferAlignment { get; init; }

    /// <summary>Offset alignment of a range bound as a uniform block, in bytes.</summary>
    public required int UniformAlignment { get; init; }

    /// <summary>An offset alignment, in bytes, that suits a tensor however it is bound: at least one vec4.</summary>
    public int TensorAlignment => Math.Max(16, Math.Max(StorageAlignment, TextureBufferAlignment));

    /// <summary>Most bytes of one tensor, or part of one, that a shader can read through <paramref name="path"/>.</summary>
    public long ReadableBytes(ReadPath path) => ReadableBytes(path, ElementType.Float32);

    internal long ReadableBytes(ReadPath path, ElementType element) =>
        path == ReadPath.Buffer ? StorageBlockBytes : Math.Min(StorageBlockBytes, TextureBufferTexels * 4 * element.Size());

    /// <summary>Most bytes of one tensor, or part of one, that a shader can read through whichever path the device has.</summary>
    internal long AlwaysReadableBytes => ReadableBytes(TextureBufferTexels > 0 ? ReadPath.Texels : ReadPath.Buffer);

    /// <summary>
    /// Most tensors that one dispatch can read through <paramref name="path"/> beside the one it writes: the units that a
    /// guest saves and restores, fewer where the device has fewer.
    /// </summary>
    public int ReadableTensors(ReadPath path) => Math.Min(GuestState.Units, path switch
    {
        ReadPath.Texels => ComputeTextureUnits,
        ReadPath.Image => ComputeImages,
        _ => ComputeStorageBlocks,
    }) - 1;

    /// <summary>What everything allows that has this version or a newer one of its API.</summary>
    internal static GlLimits GuaranteedBy(GlVersion version) => version.IsEmbedded ? GuaranteedEmbedded : Guaranteed;

    internal static unsafe GlLimits Read(GlApi gl) => new()
    {
        StorageBlockBytes = gl.Integer64(GL_MAX_SHADER_STORAGE_BLOCK_SIZE),
        ComputeStorageBlocks = Math.Min(gl.Integer(GL_MAX_COMPUTE_SHADER_STORAGE_BLOCKS), gl.Integer(GL_MAX_SHADER_STORAGE_BUFFER_BINDINGS)),
        GroupCount = Extent(gl, GL_MAX_COMPUTE_WORK_GROUP_COUNT),
        GroupSize = Extent(gl, GL_MAX_COMPUTE_WORK_GROUP_SIZE),
        GroupInvocations = gl.Integer(GL_MAX_COMPUTE_WORK_GROUP_INVOCATIONS),
        SharedBytes = gl.Integer(GL_MAX_COMPUTE_SHARED_MEMORY_SIZE),
        UniformBlockBytes = gl.Integer(GL_MAX_UNIFORM_BLOCK_SIZE),
        ComputeTextureUnits = gl.Integer(GL_MAX_COMPUTE_TEXTURE_IMAGE_UNITS),
        ComputeImages = Math.Min(gl.Integer(GL_MAX_COMPUTE_IMAGE_UNIFORMS), gl.Integer(GL_MAX_IMAGE_UNITS)),
        TextureBufferTexels = gl.TexBufferRange == null ? 0 : gl.Integer64(GL_MAX_TEXTURE_BUFFER_SIZE),
        TextureSize = gl.Integer(GL_MAX_TEXTURE_SIZE),
        StorageAlignment = gl.Integer(GL_SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT),
        TextureBufferAlignment = gl.TexBufferRange == null ? 1 : gl.Integer(GL_TEXTURE_BUFFER_OFFSET_ALIGNMENT),
        UniformAlignment = gl.Integer(GL_UNIFORM_BUFFER_OFFSET_ALIGNMENT),
    };

    private static Extent3d Extent(GlApi gl, uint name) => new(gl.Integer(name, 0), gl.Integer(name, 1), gl.Integer(name, 2));
}
