using RealtimeCnn.OpenGL;
using Silk.NET.Core.Contexts;
using Silk.NET.OpenGL;
using Silk.NET.Windowing;

namespace RealtimeCnn.Silk;

/// <summary>
/// Makes a device of a context that belongs to a program that uses Silk.NET. The context must be current on this thread, and is
/// borrowed: disposing the device leaves it as it is. Dispose the device before the context goes, in a window's
/// <see cref="IView.Closing"/> at the latest.
/// </summary>
public static class SilkDevice
{
    /// <summary>Makes a device of the context behind <paramref name="gl"/>.</summary>
    /// <param name="gl">The program's GL.</param>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">No context or another one is current, it is older than OpenGL 4.3 core, or its driver fails the probe.</exception>
    public static GlDevice Attach(GL gl, GlDeviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gl);
        return Attach(gl.Context, options);
    }

    /// <summary>Makes a device of the context of a window or a view, which must be initialised: in its <see cref="IView.Load"/> at the earliest.</summary>
    /// <param name="source">The program's <see cref="IWindow"/> or <see cref="IView"/>, or whatever else has a context.</param>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">There is no OpenGL context, or it is not the current one, is older than OpenGL 4.3 core, or its driver fails the probe.</exception>
    public static GlDevice Attach(IGLContextSource source, GlDeviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Attach(ContextOf(source), options);
    }

    /// <summary>Makes a device of a context.</summary>
    /// <param name="context">The program's context.</param>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">It is not the current one, is older than OpenGL 4.3 core, or its driver fails the probe.</exception>
    public static GlDevice Attach(IGLContext context, GlDeviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Attach((INativeContext)context, options);
    }

    internal static IGLContext ContextOf(IGLContextSource source)
    {
        // Silk.NET aborts the process when it is asked about a window that has no handle.
        if (source is IView { Handle: 0 })
            throw new GlException("The Silk.NET window is not initialised: attach in its Load event, or after Initialize().");
        return source.GLContext ?? throw new GlException("The Silk.NET window has no OpenGL context: make it with a GraphicsAPI of ContextAPI.OpenGL, version 4.3 core or later, or of ContextAPI.OpenGLES, 3.1 or later.");
    }

    private static GlDevice Attach(INativeContext context, GlDeviceOptions? options)
    {
        if (context is IGLContext { IsCurrent: false })
            throw new GlException("The Silk.NET context is not current on this thread: call its MakeCurrent(), then attach.");

        // GetProcAddress throws for names that a driver does not have; asking for them is part of the probe.
        return GlDevice.Attach(name => context.TryGetProcAddress(name, out nint address) ? address : 0, options);
    }
}
