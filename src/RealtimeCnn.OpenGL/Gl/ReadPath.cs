namespace RealtimeCnn.OpenGL;

/// <summary>
/// How shaders read tensors: the same memory through one of three kinds of binding. Which is fastest is the driver's
/// affair, so it is measured once at device creation. Writes always go to shader storage buffers.
/// </summary>
public enum ReadPath
{
    /// <summary>A shader storage buffer.</summary>
    Buffer,

    /// <summary>A buffer texture, by <c>texelFetch</c>.</summary>
    Texels,

    /// <summary>A buffer image, by <c>imageLoad</c>.</summary>
    Image,
}
