using System.Runtime.InteropServices;
using System.Text;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// OpenGL's entry points, found through the host's own loader, under OpenGL's own names without the <c>gl</c>. Raw
/// pointers with no checks: <see cref="GlDevice"/> and the types built on it are what other code uses.
/// </summary>
/// <param name="entries">Where they are.</param>
/// <exception cref="GlException">One that the context must have is missing.</exception>
internal sealed unsafe partial class GlApi(GlEntryPoints entries)
{
    /// <summary>Loads the entry points of the context that is current on this thread.</summary>
    /// <param name="getProcAddress">Gives the address of an entry point of the current context, or 0.</param>
    /// <param name="onlyGuaranteed">Whether to look away from a newer version and from extensions.</param>
    /// <exception cref="GlException">No context is current, it is older than OpenGL 4.3 and OpenGL ES 3.1, or an entry point is missing.</exception>
    public static GlApi Load(Func<string, nint> getProcAddress, bool onlyGuaranteed = false)
    {
        ArgumentNullException.ThrowIfNull(getProcAddress);
        var all = new GlEntryPoints(getProcAddress, GlVersion.Required, new HashSet<string>());
        var getString = (delegate* unmanaged<uint, byte*>)all.Require("glGetString");
        string text = Text(getString(GL_VERSION));
        if (text.Length == 0)
            throw new GlException("No OpenGL context is current on this thread. Make the host's context current, then attach.");
        if (!GlVersion.TryParse(text, out var version) || !version.Suffices)
            throw new GlException(
                $"OpenGL {GlVersion.Required} core or OpenGL {GlVersion.RequiredEmbedded} with compute shaders is needed; the current context is '{text}' on '{Text(getString(GL_RENDERER))}'. " +
                "Update the graphics driver or ask for such a context; where there is none (macOS), use the CPU network.");
        return onlyGuaranteed
            ? new GlApi(new GlEntryPoints(getProcAddress, version.IsEmbedded ? GlVersion.RequiredEmbedded : GlVersion.Required, new HashSet<string>()))
            : new GlApi(new GlEntryPoints(getProcAddress, version, ReadExtensions(all)));
    }

    /// <summary>The version of the context.</summary>
    public GlVersion Version => entries.Version;

    /// <summary>A string of the context, empty when there is none.</summary>
    public string String(uint name) => Text(GetString(name));

    /// <summary>One integer of the context's state.</summary>
    public int Integer(uint name)
    {
        int value = 0;
        GetIntegerv(name, &value);
        return value;
    }

    /// <summary>One integer of an indexed state.</summary>
    public int Integer(uint name, uint index)
    {
        int value = 0;
        GetIntegeri_v(name, index, &value);
        return value;
    }

    /// <summary>One 64-bit integer of the context's state.</summary>
    public long Integer64(uint name)
    {
        long value = 0;
        GetInteger64v(name, &value);
        return value;
    }

    /// <summary>The extensions that the context lists.</summary>
    public IReadOnlySet<string> Extensions => entries.Extensions;

    /// <summary>Whether the context lists an extension.</summary>
    public bool HasExtension(string extension) => entries.Extensions.Contains(extension);

    private static HashSet<string> ReadExtensions(GlEntryPoints entries)
    {
        var getIntegerv = (delegate* unmanaged<uint, int*, void>)entries.Require("glGetIntegerv");
        var getStringi = (delegate* unmanaged<uint, uint, byte*>)entries.Require("glGetStringi");
        int count;
        getIntegerv(GL_NUM_EXTENSIONS, &count);
        var extensions = new HashSet<string>(count, StringComparer.Ordinal);
        for (uint i = 0; i < count; i++)
            extensions.Add(Text(getStringi(GL_EXTENSIONS, i)));
        return extensions;
    }

    private static string Text(byte* text) => text == null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
