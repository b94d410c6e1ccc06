using System.Runtime.InteropServices;

namespace RealtimeCnn.Samples.GuestInGlfw;

/// <summary>The host's own window: the least of GLFW that opens an OpenGL 4.3 core context.</summary>
internal static class Glfw
{
    private const string Library = "libglfw.so.3"; // glfw3.dll on Windows

    public static nint Open(int width, int height, string title)
    {
        if (Init() == 0)
            throw new InvalidOperationException("GLFW finds no display; run this on a desktop, or under xvfb-run.");
        WindowHint(0x22002, 4); // GLFW_CONTEXT_VERSION_MAJOR
        WindowHint(0x22003, 3); // GLFW_CONTEXT_VERSION_MINOR
        WindowHint(0x22008, 0x32001); // GLFW_OPENGL_PROFILE: core
        nint window = CreateWindow(width, height, title, 0, 0);
        if (window == 0)
            throw new InvalidOperationException("GLFW opens no window with OpenGL 4.3 here.");
        MakeContextCurrent(window);
        return window;
    }

    public static bool ShouldClose(nint window) => WindowShouldClose(window) != 0;

    public static Size2d FramebufferSize(nint window)
    {
        GetFramebufferSize(window, out int width, out int height);
        return new Size2d(Math.Max(height, 1), Math.Max(width, 1));
    }

    public static void SwapAndPoll(nint window)
    {
        SwapBuffers(window);
        PollEvents();
    }

    public static void Close(nint window)
    {
        DestroyWindow(window);
        Terminate();
    }

    [DllImport(Library, EntryPoint = "glfwGetProcAddress")]
    public static extern nint GetProcAddress([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport(Library, EntryPoint = "glfwInit")]
    private static extern int Init();

    [DllImport(Library, EntryPoint = "glfwTerminate")]
    private static extern void Terminate();

    [DllImport(Library, EntryPoint = "glfwWindowHint")]
    private static extern void WindowHint(int hint, int value);

    [DllImport(Library, EntryPoint = "glfwCreateWindow")]
    private static extern nint CreateWindow(int width, int height, [MarshalAs(UnmanagedType.LPUTF8Str)] string title, nint monitor, nint share);

    [DllImport(Library, EntryPoint = "glfwDestroyWindow")]
    private static extern void DestroyWindow(nint window);

    [DllImport(Library, EntryPoint = "glfwMakeContextCurrent")]
    private static extern void MakeContextCurrent(nint window);

    [DllImport(Library, EntryPoint = "glfwGetFramebufferSize")]
    private static extern void GetFramebufferSize(nint window, out int width, out int height);

    [DllImport(Library, EntryPoint = "glfwWindowShouldClose")]
    private static extern int WindowShouldClose(nint window);

    [DllImport(Library, EntryPoint = "glfwSwapBuffers")]
    private static extern void SwapBuffers(nint window);

    [DllImport(Library, EntryPoint = "glfwPollEvents")]
    private static extern void PollEvents();
}
