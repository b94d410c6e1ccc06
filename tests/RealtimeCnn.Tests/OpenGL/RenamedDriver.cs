using System.Runtime.InteropServices;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>This machine's driver, which says that it is another one. On the thread of the tests' devices only.</summary>
internal static unsafe class RenamedDriver
{
    private static readonly Dictionary<uint, nint> Names = [];
    private static delegate* unmanaged<uint, byte*> _getString;

    /// <summary>A device in the context that is current.</summary>
    /// <param name="renderer">What the device is called; null for its own name.</param>
    /// <param name="version">What the driver's version is called; null for its own.</param>
    /// <param name="options">Choices for the device.</param>
    public static GlDevice Attach(string? renderer = null, string? version = null, GlDeviceOptions? options = null)
    {
        var load = EglApi.TryLoad()!;
        _getString = (delegate* unmanaged<uint, byte*>)load.Address("glGetString");
        Names.Clear();
        foreach (var (name, text) in new[] { (GlEnum.GL_RENDERER, renderer), (GlEnum.GL_VERSION, version) })
        {
            if (text != null)
                Names[name] = Marshal.StringToCoTaskMemUTF8(text);
        }

        return GlDevice.Attach(name => name == "glGetString" ? (nint)(delegate* unmanaged<uint, byte*>)&GetString : load.Address(name), options);
    }

    [UnmanagedCallersOnly]
    private static byte* GetString(uint name) => Names.TryGetValue(name, out nint text) ? (byte*)text : _getString(name);
}
