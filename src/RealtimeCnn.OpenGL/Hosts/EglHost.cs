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
/// An OpenGL or OpenGL ES context without any window or display server, through EGL. It is current on the thread that made it, and
/// has to be disposed there.
/// </summary>
public sealed unsafe class EglHost : IDisposable
{
    private readonly EglApi _egl;
    private readonly nint _display;
    private readonly nint _context;
    private HostContext _host;
    private bool _disposed;

    private EglHost(EglApi egl, nint display, nint context, string description, GlDeviceOptions? options)
    {
        (_egl, _display, _context, Description) = (egl, display, context, description);
        try
        {
            Device = GlDevice.AttachOwn(egl.Address, options);
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
    /// Makes a context, on the first GPU that has one to give, else in software, and attaches a device to it: of OpenGL where the GPU
    /// has 4.3, else of OpenGL ES, or as <see cref="GlDeviceOptions.Api"/> says.
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
            $"No headless {Names(GlVersion.Wanted(options?.Api))} context could be made{(kind == DeviceKind.Any ? "" : $" in {kind.ToString().ToLowerInvariant()}")}. " +
            $"Tried: {(tried.Count == 0 ? "nothing, EGL offers no such device" : string.Join("; ", tried))}. " +
            "On Debian or Ubuntu, apt-get install libegl1 libgl1-mesa-dri gives a software driver; a GPU needs its vendor's driver with EGL.");
    }

    /// <summary>
    /// Makes a context of our own beside the EGL context that is current on this thread, sharing its textures and buffers,
    /// so that nothing of the host's state is ever touched; it is of the same API. Afterwards the host's context is current again; put
    /// <see cref="Enter"/> and <see cref="Exit"/> around every use of the device.
    /// </summary>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">No EGL context is current, its display gives no context to share with it, or another API is asked for.</exception>
    public static EglHost CreateShared(GlDeviceOptions? options = null)
    {
        var egl = TryLoad();
        nint shared = egl is null ? 0 : egl.GetCurrentContext();
        if (shared == 0)
        {
            throw new GlException(
                "No EGL context is current on this thread to share with. A host on GLX or WGL makes a second, sharing context with its own toolkit and attaches a device there.");
        }

        nint display = egl!.GetCurrentDisplay();
        var host = new HostContext(shared, egl.GetCurrentSurface(EglApi.Draw), egl.GetCurrentSurface(EglApi.Read));
        int client;
        var version = egl.QueryContext(display, shared, ContextClientType, &client) != 0 && client == (int)OpenGLESApi ? GlVersion.RequiredEmbedded : GlVersion.Required;
        if (!GlVersion.Wanted(options?.Api).Contains(version))
            throw new GlException($"The host's context is one of {(version.IsEmbedded ? "OpenGL ES" : "desktop OpenGL")}, with which no other kind shares. Leave {nameof(GlDeviceOptions)}.{nameof(GlDeviceOptions.Api)} out.");
        nint context = CreateContext(egl, display, version, options?.DebugContext ?? false, shared);
        if (context == 0 || egl.MakeCurrent(display, 0, 0, context) == 0)
            throw new GlException($"The host's display gives no {Names([version])} context that shares with the host's (EGL error 0x{egl.GetError():X}).");
        try
        {
            return new EglHost(egl, display, context, "EGL context shared with the host", options);
        }
        finally
        {
            egl.MakeCurrent(display, host.Draw, host.Read, host.Context);
        }
    }

    /// <summary>Makes the own context current, and remembers the host's.</summary>
    public void Enter()
    {
        _host = new HostContext(_egl.GetCurrentContext(), _egl.GetCurrentSurface(EglApi.Draw), _egl.GetCurrentSurface(EglApi.Read));
        MakeCurrent();
    }

    /// <summary>Hands our commands to the GPU, and makes the host's context current again.</summary>
    /// <exception cref="GlException">EGL refuses.</exception>
    public void Exit()
    {
        Device.VerifyThread();
        Device.Gl.Flush(); // Objects changed in one context are seen in another once the commands are on their way.
        if (_egl.MakeCurrent(_display, _host.Draw, _host.Read, _host.Context) == 0)
            throw new GlException($"The host's context cannot be made current again (EGL error 0x{_egl.GetError():X}).");
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

    /// <summary>Disposes the device, then destroys the context. A context that was current before is so again.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        Enter();
        Device.Dispose();
        Release();
        _disposed = true;
        if (_host.Context != 0 && _host.Context != _context)
            _egl.MakeCurrent(_display, _host.Draw, _host.Read, _host.Context);
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
        if (!egl.DisplayExtensions(display).Contains("EGL_KHR_surfaceless_context"))
            return Failed("no contexts without a surface");
        foreach (var version in GlVersion.Wanted(options?.Api))
        {
            nint context = CreateContext(egl, display, version, options?.DebugContext ?? false);
            if (context == 0 || egl.MakeCurrent(display, 0, 0, context) == 0)
            {
                Failed($"no {Names([version])} context");
                if (context != 0)
                    egl.DestroyContext(display, context);
                continue;
            }

            string renderer = GlApi.Load(egl.Address).String(GlEnum.GL_RENDERER);
            if (accepts(DeviceProfile.IsSoftwareName(renderer)))
                return new EglHost(egl, display, context, candidate.Description, options);
            egl.MakeCurrent(display, 0, 0, 0);
            egl.DestroyContext(display, context);
            tried.Add($"{candidate.Description} is '{renderer}'");
            break;
        }

        return null;

        EglHost? Failed(string reason)
        {
            tried.Add($"{candidate.Description}: {reason} (EGL error 0x{egl.GetError():X})");
            return null;
        }
    }

    private static string Names(IReadOnlyList<GlVersion> versions) => string.Join(" or ", versions.Select(version => $"OpenGL {version}"));

    private static nint CreateContext(EglApi egl, nint display, GlVersion version, bool debug, nint shared = 0)
    {
        if (egl.BindApi(version.IsEmbedded ? OpenGLESApi : OpenGLApi) == 0)
            return 0;
        nint config = 0;
        if (!egl.DisplayExtensions(display).Contains("EGL_KHR_no_config_context"))
        {
            // The default surface type is a window, which a headless display has no config for.
            int* wanted = stackalloc int[] { SurfaceType, 0, RenderableType, version.IsEmbedded ? OpenGLES3Bit : OpenGLBit, None };
            int count;
            if (egl.ChooseConfig(display, wanted, &config, 1, &count) == 0 || count == 0)
                return 0;
        }

        // OpenGL ES has no profiles, and ends the list before them.
        int* attributes = stackalloc int[]
        {
            ContextMajorVersion, version.Major, ContextMinorVersion, version.Minor, ContextFlags, debug ? ContextDebugBit : 0,
            version.IsEmbedded ? None : ContextProfileMask, ContextCoreProfileBit, None,
        };
        return egl.CreateContext(display, config, shared, attributes);
    }

    // The display is one per process and shared between hosts, so it is not terminated.
    private void Release()
    {
        _egl.MakeCurrent(_display, 0, 0, 0);
        _egl.DestroyContext(_display, _context);
    }

    private readonly record struct HostContext(nint Context, nint Draw, nint Read);

    private sealed record Candidate(string Description, int Platform, nint Device, bool Software);
}
