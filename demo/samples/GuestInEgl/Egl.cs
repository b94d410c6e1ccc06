using System.Runtime.InteropServices;

namespace RealtimeCnn.Samples.GuestInEgl;

/// <summary>The host's own context: the least of EGL that makes one of OpenGL ES 3.1, with a picture in memory in the place of a window.</summary>
internal static class Egl
{
    private const string Library = "libEGL.so.1";
    private const int None = 0x3038;

    /// <summary>Makes the context and makes it current on this thread.</summary>
    /// <returns>Display, surface and context.</returns>
    public static (nint Display, nint Surface, nint Context) Open(int width, int height)
    {
        // Mesa's platform without a display; else the system's own.
        nint display = GetPlatformDisplay(0x31DD, 0, 0);
        if ((display == 0 || Initialize(display, 0, 0) == 0) && ((display = GetDisplay(0)) == 0 || Initialize(display, 0, 0) == 0))
            throw new InvalidOperationException("EGL finds no display; install a driver with OpenGL ES.");
        // EGL_SURFACE_TYPE: a pbuffer; EGL_RENDERABLE_TYPE: OpenGL ES 3; 8 bits for each colour.
        int[] wanted = [0x3033, 0x0001, 0x3040, 0x0040, 0x3024, 8, 0x3023, 8, 0x3022, 8, 0x3021, 8, None];
        const uint OpenGLES = 0x30A0;
        if (BindApi(OpenGLES) == 0 || ChooseConfig(display, wanted, out nint config, 1, out int configs) == 0 || configs == 0)
            throw new InvalidOperationException("EGL has no configuration for OpenGL ES 3.");
        nint surface = CreatePbufferSurface(display, config, [0x3057, width, 0x3056, height, None]);
        nint context = CreateContext(display, config, 0, [0x3098, 3, 0x30FB, 1, None]); // major, minor
        if (surface == 0 || context == 0 || MakeCurrent(display, surface, surface, context) == 0)
            throw new InvalidOperationException("EGL makes no context of OpenGL ES 3.1 here.");
        return (display, surface, context);
    }

    public static void Close((nint Display, nint Surface, nint Context) opened)
    {
        _ = MakeCurrent(opened.Display, 0, 0, 0);
        DestroyContext(opened.Display, opened.Context);
        DestroySurface(opened.Display, opened.Surface);
        Terminate(opened.Display);
    }

    [DllImport(Library, EntryPoint = "eglGetProcAddress")]
    public static extern nint GetProcAddress([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport(Library, EntryPoint = "eglGetPlatformDisplay")]
    private static extern nint GetPlatformDisplay(int platform, nint native, nint attributes);

    [DllImport(Library, EntryPoint = "eglGetDisplay")]
    private static extern nint GetDisplay(nint native);

    [DllImport(Library, EntryPoint = "eglInitialize")]
    private static extern uint Initialize(nint display, nint major, nint minor);

    [DllImport(Library, EntryPoint = "eglTerminate")]
    private static extern void Terminate(nint display);

    [DllImport(Library, EntryPoint = "eglBindAPI")]
    private static extern uint BindApi(uint api);

    [DllImport(Library, EntryPoint = "eglChooseConfig")]
    private static extern uint ChooseConfig(nint display, int[] wanted, out nint config, int most, out int count);

    [DllImport(Library, EntryPoint = "eglCreatePbufferSurface")]
    private static extern nint CreatePbufferSurface(nint display, nint config, int[] attributes);

    [DllImport(Library, EntryPoint = "eglDestroySurface")]
    private static extern void DestroySurface(nint display, nint surface);

    [DllImport(Library, EntryPoint = "eglCreateContext")]
    private static extern nint CreateContext(nint display, nint config, nint share, int[] attributes);

    [DllImport(Library, EntryPoint = "eglDestroyContext")]
    private static extern void DestroyContext(nint display, nint context);

    [DllImport(Library, EntryPoint = "eglMakeCurrent")]
    private static extern uint MakeCurrent(nint display, nint draw, nint read, nint context);
}
