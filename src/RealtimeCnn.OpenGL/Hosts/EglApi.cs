using System.Runtime.InteropServices;
using System.Text;

namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>The part of EGL that makes contexts without windows, loaded from the system's library.</summary>
internal sealed unsafe class EglApi
{
    public const int PlatformDevice = 0x313F;
    public const int PlatformSurfacelessMesa = 0x31DD;
    public const uint OpenGLApi = 0x30A2;
    public const uint OpenGLESApi = 0x30A0;
    public const int ContextClientType = 0x3097;
    public const int Extensions = 0x3055;
    public const int None = 0x3038;
    public const int SurfaceType = 0x3033;
    public const int RenderableType = 0x3040;
    public const int OpenGLBit = 0x0008;
    public const int OpenGLES3Bit = 0x0040;
    public const int ContextMajorVersion = 0x3098;
    public const int ContextMinorVersion = 0x30FB;
    public const int ContextProfileMask = 0x30FD;
    public const int ContextCoreProfileBit = 1;
    public const int Draw = 0x3059;
    public const int Read = 0x305A;
    public const int ContextFlags = 0x30FC;
    public const int ContextDebugBit = 1;

    public readonly delegate* unmanaged<byte*, nint> GetProcAddress;
    public readonly delegate* unmanaged<nint, int, byte*> QueryString;
    public readonly delegate* unmanaged<nint, int*, int*, uint> Initialize;
    public readonly delegate* unmanaged<nint, uint> Terminate;
    public readonly delegate* unmanaged<uint, uint> BindApi;
    public readonly delegate* unmanaged<nint, int*, nint*, int, int*, uint> ChooseConfig;
    public readonly delegate* unmanaged<nint, nint, nint, int*, nint> CreateContext;
    public readonly delegate* unmanaged<nint, nint, uint> DestroyContext;
    public readonly delegate* unmanaged<nint, nint, int, int*, uint> QueryContext;
    public readonly delegate* unmanaged<nint, nint, nint, nint, uint> MakeCurrent;
    public readonly delegate* unmanaged<nint> GetCurrentContext;
    public readonly delegate* unmanaged<nint> GetCurrentDisplay;
    public readonly delegate* unmanaged<int, nint> GetCurrentSurface;
    public readonly delegate* unmanaged<int> GetError;
    public readonly delegate* unmanaged<int, nint, int*, nint> GetPlatformDisplay;
    public readonly delegate* unmanaged<int, nint*, int*, uint> QueryDevices;
    public readonly delegate* unmanaged<nint, int, byte*> QueryDeviceString;

    private EglApi(nint library)
    {
        GetProcAddress = (delegate* unmanaged<byte*, nint>)NativeLibrary.GetExport(library, "eglGetProcAddress");
        QueryString = (delegate* unmanaged<nint, int, byte*>)NativeLibrary.GetExport(library, "eglQueryString");
        Initialize = (delegate* unmanaged<nint, int*, int*, uint>)NativeLibrary.GetExport(library, "eglInitialize");
        Terminate = (delegate* unmanaged<nint, uint>)NativeLibrary.GetExport(library, "eglTerminate");
        BindApi = (delegate* unmanaged<uint, uint>)NativeLibrary.GetExport(library, "eglBindAPI");
        ChooseConfig = (delegate* unmanaged<nint, int*, nint*, int, int*, uint>)NativeLibrary.GetExport(library, "eglChooseConfig");
        CreateContext = (delegate* unmanaged<nint, nint, nint, int*, nint>)NativeLibrary.GetExport(library, "eglCreateContext");
        DestroyContext = (delegate* unmanaged<nint, nint, uint>)NativeLibrary.GetExport(library, "eglDestroyContext");
        QueryContext = (delegate* unmanaged<nint, nint, int, int*, uint>)NativeLibrary.GetExport(library, "eglQueryContext");
        MakeCurrent = (delegate* unmanaged<nint, nint, nint, nint, uint>)NativeLibrary.GetExport(library, "eglMakeCurrent");
        GetCurrentContext = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "eglGetCurrentContext");
        GetCurrentDisplay = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "eglGetCurrentDisplay");
        GetCurrentSurface = (delegate* unmanaged<int, nint>)NativeLibrary.GetExport(library, "eglGetCurrentSurface");
        GetError = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "eglGetError");
        GetPlatformDisplay = (delegate* unmanaged<int, nint, int*, nint>)Address("eglGetPlatformDisplayEXT");
        QueryDevices = (delegate* unmanaged<int, nint*, int*, uint>)Address("eglQueryDevicesEXT");
        QueryDeviceString = (delegate* unmanaged<nint, int, byte*>)Address("eglQueryDeviceStringEXT");
    }

    /// <summary>Loads libEGL, or returns null where the system has none.</summary>
    public static EglApi? TryLoad() => NativeLibrary.TryLoad("libEGL.so.1", out nint library) ? new EglApi(library) : null;

    /// <summary>Address of an EGL or OpenGL entry point, or 0.</summary>
    public nint Address(string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + "\0"))
            return GetProcAddress(text);
    }

    /// <summary>Extensions of a display, or of the library when <paramref name="display"/> is 0.</summary>
    public string[] DisplayExtensions(nint display) => Words(QueryString(display, Extensions));

    /// <summary>Extensions of a device.</summary>
    public string[] DeviceExtensions(nint device) => QueryDeviceString == null ? [] : Words(QueryDeviceString(device, Extensions));

    private static string[] Words(byte* text) => text == null
        ? []
        : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
