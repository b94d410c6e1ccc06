namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>A window with an OpenGL 4.3 core or OpenGL ES 3.1 context, in which networks run.</summary>
public sealed class GlfwHost : GlfwWindow, IWindowHost
{
    private GlfwHost(GlfwApi glfw, nint window, WindowOptions windowOptions, GlDeviceOptions? options)
        : base(glfw, window, windowOptions.VerticalSync)
    {
        try
        {
            Device = GlDevice.AttachOwn(glfw.Address, options);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>The device in the window's context.</summary>
    public GlDevice Device { get; }

    /// <summary>Opens a window and attaches a device to its context: of OpenGL where the display has 4.3, else of OpenGL ES, or as <see cref="GlDeviceOptions.Api"/> says.</summary>
    /// <param name="window">How the window is made; null for the defaults.</param>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">There is no GLFW, no display or no such OpenGL; the message says which and what to do.</exception>
    public static GlfwHost Create(WindowOptions? window = null, GlDeviceOptions? options = null)
    {
        window ??= new WindowOptions();
        var (glfw, handle) = Open(window, GlVersion.Wanted(options?.Api), options?.DebugContext ?? false);
        return new GlfwHost(glfw, handle, window, options);
    }

    private protected override void DisposeContext() => Device.Dispose();
}
