namespace RealtimeCnn.OpenGL;

/// <summary>
/// Where a context has OpenGL's entry points. What it has is told by its version and extensions, never by an address: drivers give
/// addresses for names that a context does not have.
/// </summary>
/// <param name="getProcAddress">Gives the address of an entry point of the current context, or 0.</param>
/// <param name="version">The version of the context.</param>
/// <param name="extensions">The extensions of the context.</param>
internal sealed class GlEntryPoints(Func<string, nint> getProcAddress, GlVersion version, IReadOnlySet<string> extensions)
{
    private static readonly GlVersion Embedded32 = new(3, 2, GlClientApi.Embedded);

    /// <summary>The version of the context.</summary>
    public GlVersion Version => version;

    /// <summary>The extensions of the context.</summary>
    public IReadOnlySet<string> Extensions => extensions;

    /// <summary>One that OpenGL 4.3 and OpenGL ES 3.1 have.</summary>
    /// <exception cref="GlException">The driver has none.</exception>
    public nint Require(string name) => getProcAddress(name) is not 0 and nint address
        ? address
        : throw new GlException($"The OpenGL driver has no entry point '{name}', which OpenGL {version} requires.");

    /// <summary>One that OpenGL 4.3 has, and ES has not: 0 there.</summary>
    public nint OnDesktop(string name) => version.IsEmbedded ? 0 : Require(name);

    /// <summary>One of KHR_debug: 0 where there is none.</summary>
    public nint Debug(string name) =>
        version >= Embedded32 ? Require(name)
        : extensions.Contains("GL_KHR_debug") ? Require(name + "KHR")
        : 0;

    /// <summary>One that sets something of one draw buffer alone: 0 where all have one state.</summary>
    public nint Indexed(string name) =>
        version >= Embedded32 ? Require(name)
        : extensions.Contains("GL_EXT_draw_buffers_indexed") ? Require(name + "EXT")
        : extensions.Contains("GL_OES_draw_buffers_indexed") ? Require(name + "OES")
        : 0;

    /// <summary>Buffer textures: 0 where there are none. In ES by the extension that its shaders ask for too, whatever the version.</summary>
    public nint TextureBuffer(string name) =>
        !version.IsEmbedded ? Require(name)
        : extensions.Contains("GL_EXT_texture_buffer") ? Require(name + "EXT")
        : 0;

    /// <summary>Timestamps: 0 where there are none. In ES by an extension, whatever the version.</summary>
    public nint Timestamp(string name) =>
        !version.IsEmbedded ? Require(name)
        : extensions.Contains("GL_EXT_disjoint_timer_query") ? Require(name + "EXT")
        : 0;

    /// <summary>Memory that stays mapped: 0 where there is none.</summary>
    public nint BufferStorage(string name) =>
        version >= new GlVersion(4, 4) || (!version.IsEmbedded && extensions.Contains("GL_ARB_buffer_storage")) ? Require(name)
        : version.IsEmbedded && extensions.Contains("GL_EXT_buffer_storage") ? Require(name + "EXT")
        : 0;

    /// <summary>Whether the driver was reset: 0 where it does not tell.</summary>
    public nint ResetStatus(string name) =>
        version >= new GlVersion(4, 5) || (version.IsEmbedded && version >= Embedded32) ? Require(name)
        : extensions.Contains("GL_KHR_robustness") ? Require(version.IsEmbedded ? name + "KHR" : name)
        : extensions.Contains("GL_ARB_robustness") ? Require(name + "ARB")
        : extensions.Contains("GL_EXT_robustness") ? Require(name + "EXT")
        : 0;
}
