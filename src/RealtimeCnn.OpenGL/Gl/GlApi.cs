using System.Runtime.InteropServices;
using System.Text;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// OpenGL's entry points, found through the host's own loader, under OpenGL's own names without the <c>gl</c>. Raw
/// pointers with no checks: <see cref="GlDevice"/> and the types built on it are what other code uses.
/// </summary>
/// <param name="getProcAddress">Gives the address of an entry point of the current context, or 0.</param>
/// <exception cref="GlException">An entry point of OpenGL 4.3 is missing.</exception>
internal sealed unsafe partial class GlApi(Func<string, nint> getProcAddress)
{
    /// <summary>Loads the entry points of the context that is current on this thread.</summary>
    /// <exception cref="GlException">No context is current, it is older than OpenGL 4.3, or an entry point is missing.</exception>
    public static GlApi Load(Func<string, nint> getProcAddress)
    {
        ArgumentNullException.ThrowIfNull(getProcAddress);
        var getString = (delegate* unmanaged<uint, byte*>)Require(getProcAddress, "glGetString");
        var version = Text(getString(GL_VERSION));
        if (version.Length == 0)
            throw new GlException("No OpenGL context is current on this thread. Make the host's context current, then attach.");
        if (!GlVersion.TryParse(version, out var parsed) || parsed < GlVersion.Required)
            throw new GlException(
                $"OpenGL {GlVersion.Required} core with compute shaders is needed; the current context is '{version}' on '{Text(getString(GL_RENDERER))}'. " +
                "Update the graphics driver or ask for a 4.3 core context; where there is none (macOS, OpenGL ES), use the CPU network.");
        return new GlApi(getProcAddress);
    }

    /// <summary>The version of the context.</summary>
    public GlVersion Version => new(Integer(GL_MAJOR_VERSION), Integer(GL_MINOR_VERSION));

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

    /// <summary>Whether the context lists an extension.</summary>
    public bool HasExtension(string extension)
    {
        for (uint i = 0; i < Integer(GL_NUM_EXTENSIONS); i++)
        {
            if (Text(GetStringi(GL_EXTENSIONS, i)) == extension)
                return true;
        }

        return false;
    }

    private static nint Require(Func<string, nint> getProcAddress, string name)
    {
        nint address = getProcAddress(name);
        return address != 0
            ? address
            : throw new GlException($"The OpenGL driver has no entry point '{name}', which OpenGL {GlVersion.Required} core requires.");
    }

    private static nint First(Func<string, nint> getProcAddress, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (getProcAddress(name) is not 0 and nint address)
                return address;
        }

        return 0;
    }

    private static string Text(byte* text) => text == null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
