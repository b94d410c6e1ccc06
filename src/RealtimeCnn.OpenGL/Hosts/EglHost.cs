using static RealtimeCnn.OpenGL.Hosts.EglApi;

namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>Which kind of device a headless context may be made on.</summary>
public enum DeviceKind
{
    /// <summary>A GPU where there is one, else the CPU.</summary>
    Any,

    /// <summary>A GPU only.</summary>
    Hardware,

    /// <summary>The CPU only (llvmpipe): the same everywhere, and slow.</summary>
    Software,
}

/// <summary>
/// An OpenGL context without any window or display server, through EGL. It is current on the thread that made it, and
/// has to be disposed there.
/// </summary>
public sealed unsafe class EglHost : IDisposable
{
    private readonly EglApi _egl;
    private readonly nint _display;
    private readonly nint _context;
    private bool _disposed;

    private EglHost(EglApi egl, nint display, nint context, string description, GlDeviceOptions? options)
    {
        (_egl, _display, _context, Description) = (egl, display, context, description);
        try
        {
            Device = GlDevice.Attach(egl.Address, options);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>The device in the context.</summary>
    public GlDevice Device { get; }

    /// <summary>Where the context was made: <c>EGL device 0</c>, or <c>EGL surfaceless platform</c>.</summary>
    public string Description { get; }

    /// <summary>
    /// Makes a context, on the first GPU that has one to give, else in software, and attaches a device to it.
    /// </summary>
    /// <param name="kind">Which kind of device will do.</param>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">No such context can be made; the message says what was tried and what to install.</exception>
    public static EglHost Create(DeviceKind kind = DeviceKind.Any, GlDeviceOptions? options = null)
    {
        var egl = TryLoad() ?? throw new GlException(
            "There is no EGL library (libEGL.so.1) on this machine, which headless OpenGL needs. On Debian or Ubuntu: apt-get install libegl1 libgl1-mesa-dri");
        var tried = new List<string>();
        var candidates = Candidates(egl);

        // A driverless GPU node is offered as hardware and rendered by the CPU, so what counts is the renderer's name.
        if (kind != DeviceKind.Software)
        {
            foreach (var candidate in candidates.Where(candidate => !candidate.Software))
            {
                if (TryOpen(egl, candidate, software => !software, tried, options) is { } host)
                    return host;
            }
        }

        if (kind != DeviceKind.Hardware)
        {
            foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Software))
            {
                if (TryOpen(egl, candidate, software => software || kind == DeviceKind.Any, tried, options) is { } host)
                    return host;
            }
        }

        throw new GlException(
            $"No headless OpenGL {GlVersion.Required} context could be made{(kind == DeviceKind.Any ? "" : $" in {kind.ToString().ToLowerInvariant()}")}. " +
            $"Tried: {(tried.Count == 0 ? "nothing, EGL offers no such device" : string.Join("; ", tried))}. " +
            "On Debian or Ubuntu, apt-get install libegl1 libgl1-mesa-dri gives a software driver; a GPU needs its vendor's driver with EGL.");
    }

    /// <summary>Makes the context current again on the thread it was made on, after another one was.</summary>
    /// <exception cref="InvalidOperationException">This is another thread.</exception>
    /// <exception cref="GlException">EGL refuses.</exception>
    public void MakeCurrent()
    {
        Device.VerifyThread();
        if (_egl.MakeCurrent(_display, 0, 0, _context) == 0)
            throw new GlException($"The headless context cannot be made current (EGL error 0x{_egl.GetError():X}).");
    }

    /// <summary>Disposes the device, then destroys the context.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        MakeCurrent();
        Device.Dispose();
        Release();
        _disposed = true;
    }

    private static List<Candidate> Candidates(EglApi egl)
    {
        var candidates = new List<Candidate>();
        var extensions = egl.DisplayExtensions(0);
        if (egl.GetPlatformDisplay == null)
            return candidates;
        if (extensions.Contains("EGL_EXT_platform_device") && egl.QueryDevices != null)
        {
            nint* devices = stackalloc nint[32];
            int count;
            if (egl.QueryDevices(32, devices, &count) == 0)
                count = 0;
            for (int i = 0; i < count; i++)
            {
                bool software = egl.DeviceExtensions(devices[i]).Contains("EGL_MESA_device_software");
                candidates.Add(new Candidate($"EGL device {i}", PlatformDevice, devices[i], software));
            }
        }

        if (extensions.Contains("EGL_MESA_platform_surfaceless"))
            candidates.Add(new Candidate("EGL surfaceless platform", PlatformSurfacelessMesa, 0, Software: false));
        return candidates;
    }

    private static EglHost? TryOpen(EglApi egl, Candidate candidate, Func<bool, bool> accepts, List<string> tried, GlDeviceOptions? options)
    {
        nint display = egl.GetPlatformDisplay(candidate.Platform, candidate.Device, null);
        int major, minor;
        if (display == 0 || egl.Initialize(display, &major, &minor) == 0)
            return Failed("no display");
        if (!egl.DisplayExtensions(display).Contains("EGL_KHR_surfaceless_context") || egl.BindApi(OpenGLApi) == 0)
            return Failed("no OpenGL without a surface");
        nint context = CreateCoreContext(egl, display, options?.DebugContext ?? false);
        if (context == 0)
            return Failed($"no OpenGL {GlVersion.Required} core context");
        if (egl.MakeCurrent(display, 0, 0, context) == 0)
            return Failed("the context cannot be made current");

        string renderer = GlApi.Load(egl.Address).String(GlEnum.GL_RENDERER);
        if (accepts(DeviceProbe.IsSoftware(renderer)))
            return new EglHost(egl, display, context, candidate.Description, options);
        egl.MakeCurrent(display, 0, 0, 0);
        egl.DestroyContext(display, context);
        tried.Add($"{candidate.Description} is '{renderer}'");
        return null;

        EglHost? Failed(string reason)
        {
            tried.Add($"{candidate.Description}: {reason} (EGL error 0x{egl.GetError():X})");
            return null;
        }
    }

    private static nint CreateCoreContext(EglApi egl, nint display, bool debug)
    {
        nint config = 0;
        if (!egl.DisplayExtensions(display).Contains("EGL_KHR_no_config_context"))
        {
            // The default surface type is a window, which a headless display has no config for.
            int* wanted = stackalloc int[] { SurfaceType, 0, RenderableType, OpenGLBit, None };
            int count;
            if (egl.ChooseConfig(display, wanted, &config, 1, &count) == 0 || count == 0)
                return 0;
        }

        int* attributes = stackalloc int[]
        {
            ContextMajorVersion, GlVersion.Required.Major, ContextMinorVersion, GlVersion.Required.Minor,
            ContextProfileMask, ContextCoreProfileBit, ContextFlags, debug ? ContextDebugBit : 0, None,
        };
        return egl.CreateContext(display, config, 0, attributes);
    }

    // The display is one per process and shared between hosts, so it is not terminated.
    private void Release()
    {
        _egl.MakeCurrent(_display, 0, 0, 0);
        _egl.DestroyContext(_display, _context);
        _egl.ReleaseThread();
    }

    private sealed record Candidate(string Description, int Platform, nint Device, bool Software);
}
