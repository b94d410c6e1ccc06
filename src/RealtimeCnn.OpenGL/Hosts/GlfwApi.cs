using System.Runtime.InteropServices;
using System.Text;

namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>
/// The part of GLFW 3.3 that a window with an OpenGL context needs, loaded from the system's library. The program may use the
/// same library (Silk.NET does), so that its state is not ours: it is never terminated, which would destroy the program's windows.
/// </summary>
internal sealed unsafe class GlfwApi
{
    public const int Visible = 0x00020004;
    public const int Iconified = 0x00020002;
    public const int ClientApi = 0x00022001;
    public const int OpenGLApi = 0x00030001;
    public const int OpenGLESApi = 0x00030002;
    public const int ContextVersionMajor = 0x00022002;
    public const int ContextVersionMinor = 0x00022003;
    public const int OpenGLForwardCompatible = 0x00022006;
    public const int OpenGLDebugContext = 0x00022007;
    public const int OpenGLProfile = 0x00022008;
    public const int OpenGLCoreProfile = 0x00032001;
    public const int ScaleToMonitor = 0x0002200C;
    public const int DepthBits = 0x00021005;
    public const int StencilBits = 0x00021006;
    public const int DontCare = -1;
    public const int Press = 1;
    public const int Repeat = 2;
    public const int ApiUnavailable = 0x00010006;
    public const int VersionUnavailable = 0x00010007;

    public readonly delegate* unmanaged<int> Init;
    public readonly delegate* unmanaged<byte**, int> GetError;
    public readonly delegate* unmanaged<nint, nint> SetErrorCallback;
    public readonly delegate* unmanaged<void> DefaultWindowHints;
    public readonly delegate* unmanaged<int, int, void> WindowHint;
    public readonly delegate* unmanaged<int, int, byte*, nint, nint, nint> CreateWindow;
    public readonly delegate* unmanaged<nint, void> DestroyWindow;
    public readonly delegate* unmanaged<nint, void> MakeContextCurrent;
    public readonly delegate* unmanaged<nint> GetCurrentContext;
    public readonly delegate* unmanaged<byte*, nint> GetProcAddress;
    public readonly delegate* unmanaged<int, void> SwapInterval;
    public readonly delegate* unmanaged<nint, void> SwapBuffers;
    public readonly delegate* unmanaged<void> PollEvents;
    public readonly delegate* unmanaged<double, void> WaitEventsTimeout;
    public readonly delegate* unmanaged<void> PostEmptyEvent;
    public readonly delegate* unmanaged<nint, int> WindowShouldClose;
    public readonly delegate* unmanaged<nint, int, void> SetWindowShouldClose;
    public readonly delegate* unmanaged<nint, byte*, void> SetWindowTitle;
    public readonly delegate* unmanaged<nint, int, int, void> SetWindowSize;
    public readonly delegate* unmanaged<nint, int*, int*, void> GetFramebufferSize;
    public readonly delegate* unmanaged<nint, float*, float*, void> GetWindowContentScale;
    public readonly delegate* unmanaged<nint, int, int> GetWindowAttrib;
    public readonly delegate* unmanaged<nint, void> IconifyWindow;
    public readonly delegate* unmanaged<nint, void> RestoreWindow;
    public readonly delegate* unmanaged<nint, nint, void> SetWindowUserPointer;
    public readonly delegate* unmanaged<nint, nint> GetWindowUserPointer;
    public readonly delegate* unmanaged<nint, nint, nint> SetFramebufferSizeCallback;
    public readonly delegate* unmanaged<nint, nint, nint> SetKeyCallback;
    public readonly delegate* unmanaged<nint, nint, nint> SetCharCallback;
    public readonly delegate* unmanaged<nint, nint, nint> SetCursorPosCallback;
    public readonly delegate* unmanaged<nint, nint, nint> SetCursorEnterCallback;
    public readonly delegate* unmanaged<nint, nint, nint> SetMouseButtonCallback;
    public readonly delegate* unmanaged<nint, nint, nint> SetScrollCallback;
    public readonly delegate* unmanaged<nint, nint, nint> SetDropCallback;
    public readonly delegate* unmanaged<nint, int*, int*, void> GetWindowSize;
    public readonly delegate* unmanaged<nint, int*, int*, void> GetWindowPos;
    public readonly delegate* unmanaged<int*, nint> GetMonitors;
    public readonly delegate* unmanaged<nint, int*, int*, void> GetMonitorPos;
    public readonly delegate* unmanaged<nint, nint> GetVideoMode;
    public readonly delegate* unmanaged<nint, nint> GetWindowMonitor;
    public readonly delegate* unmanaged<nint, nint, int, int, int, int, int, void> SetWindowMonitor;

    private static readonly string[] LibraryNames = ["libglfw.so.3", "glfw3.dll", "libglfw.3.dylib", "glfw"];

    private GlfwApi(nint library)
    {
        Init = (delegate* unmanaged<int>)Export("glfwInit");
        GetError = (delegate* unmanaged<byte**, int>)Export("glfwGetError");
        SetErrorCallback = (delegate* unmanaged<nint, nint>)Export("glfwSetErrorCallback");
        DefaultWindowHints = (delegate* unmanaged<void>)Export("glfwDefaultWindowHints");
        WindowHint = (delegate* unmanaged<int, int, void>)Export("glfwWindowHint");
        CreateWindow = (delegate* unmanaged<int, int, byte*, nint, nint, nint>)Export("glfwCreateWindow");
        DestroyWindow = (delegate* unmanaged<nint, void>)Export("glfwDestroyWindow");
        MakeContextCurrent = (delegate* unmanaged<nint, void>)Export("glfwMakeContextCurrent");
        GetCurrentContext = (delegate* unmanaged<nint>)Export("glfwGetCurrentContext");
        GetProcAddress = (delegate* unmanaged<byte*, nint>)Export("glfwGetProcAddress");
        SwapInterval = (delegate* unmanaged<int, void>)Export("glfwSwapInterval");
        SwapBuffers = (delegate* unmanaged<nint, void>)Export("glfwSwapBuffers");
        PollEvents = (delegate* unmanaged<void>)Export("glfwPollEvents");
        WaitEventsTimeout = (delegate* unmanaged<double, void>)Export("glfwWaitEventsTimeout");
        PostEmptyEvent = (delegate* unmanaged<void>)Export("glfwPostEmptyEvent");
        WindowShouldClose = (delegate* unmanaged<nint, int>)Export("glfwWindowShouldClose");
        SetWindowShouldClose = (delegate* unmanaged<nint, int, void>)Export("glfwSetWindowShouldClose");
        SetWindowTitle = (delegate* unmanaged<nint, byte*, void>)Export("glfwSetWindowTitle");
        SetWindowSize = (delegate* unmanaged<nint, int, int, void>)Export("glfwSetWindowSize");
        GetFramebufferSize = (delegate* unmanaged<nint, int*, int*, void>)Export("glfwGetFramebufferSize");
        GetWindowContentScale = (delegate* unmanaged<nint, float*, float*, void>)Export("glfwGetWindowContentScale");
        GetWindowAttrib = (delegate* unmanaged<nint, int, int>)Export("glfwGetWindowAttrib");
        IconifyWindow = (delegate* unmanaged<nint, void>)Export("glfwIconifyWindow");
        RestoreWindow = (delegate* unmanaged<nint, void>)Export("glfwRestoreWindow");
        SetWindowUserPointer = (delegate* unmanaged<nint, nint, void>)Export("glfwSetWindowUserPointer");
        GetWindowUserPointer = (delegate* unmanaged<nint, nint>)Export("glfwGetWindowUserPointer");
        SetFramebufferSizeCallback = (delegate* unmanaged<nint, nint, nint>)Export("glfwSetFramebufferSizeCallback");
        SetKeyCallback = (delegate* unmanaged<nint, nint, nint>)Export("glfwSetKeyCallback");
        SetCharCallback = (delegate* unmanaged<nint, nint, nint>)Export("glfwSetCharCallback");
        SetCursorPosCallback = (delegate* unmanaged<nint, nint, nint>)Export("glfwSetCursorPosCallback");
        SetCursorEnterCallback = (delegate* unmanaged<nint, nint, nint>)Export("glfwSetCursorEnterCallback");
        SetMouseButtonCallback = (delegate* unmanaged<nint, nint, nint>)Export("glfwSetMouseButtonCallback");
        SetScrollCallback = (delegate* unmanaged<nint, nint, nint>)Export("glfwSetScrollCallback");
        SetDropCallback = (delegate* unmanaged<nint, nint, nint>)Export("glfwSetDropCallback");
        GetWindowSize = (delegate* unmanaged<nint, int*, int*, void>)Export("glfwGetWindowSize");
        GetWindowPos = (delegate* unmanaged<nint, int*, int*, void>)Export("glfwGetWindowPos");
        GetMonitors = (delegate* unmanaged<int*, nint>)Export("glfwGetMonitors");
        GetMonitorPos = (delegate* unmanaged<nint, int*, int*, void>)Export("glfwGetMonitorPos");
        GetVideoMode = (delegate* unmanaged<nint, nint>)Export("glfwGetVideoMode");
        GetWindowMonitor = (delegate* unmanaged<nint, nint>)Export("glfwGetWindowMonitor");
        SetWindowMonitor = (delegate* unmanaged<nint, nint, int, int, int, int, int, void>)Export("glfwSetWindowMonitor");

        nint Export(string name) => NativeLibrary.TryGetExport(library, name, out nint address)
            ? address
            : throw new GlException($"The GLFW library of this machine has no '{name}'; GLFW 3.3 or later is needed.");
    }

    /// <summary>The library, loaded once; null where the system has none.</summary>
    public static GlfwApi? Instance { get; } = TryLoad();

    /// <summary>What went wrong last on this thread: code and description.</summary>
    public (int Code, string Text) LastError()
    {
        byte* text;
        int code = GetError(&text);
        return (code, text == null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)));
    }

    /// <summary>Address of an OpenGL entry point of the current context, or 0.</summary>
    public nint Address(string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + "\0"))
            return GetProcAddress(text);
    }

    private static GlfwApi? TryLoad()
    {
        foreach (string name in LibraryNames)
        {
            if (NativeLibrary.TryLoad(name, typeof(GlfwApi).Assembly, null, out nint library))
                return new GlfwApi(library);
        }

        return null;
    }
}
