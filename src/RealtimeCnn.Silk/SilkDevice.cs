using RealtimeCnn.OpenGL;
using Silk.NET.Core.Contexts;
using Silk.NET.OpenGL;

namespace RealtimeCnn.Silk;

/// <summary>Makes a device of a context that belongs to a program that uses Silk.NET.</summary>
public static class SilkDevice
{
    /// <summary>Makes a device of the context behind <paramref name="gl"/>, which must be current on this thread.</summary>
    /// <param name="gl">The program's GL. It is borrowed: disposing the device leaves it as it is.</param>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">No context is current, it is older than OpenGL 4.3 core, or its driver fails the probe.</exception>
    public static GlDevice Attach(GL gl, GlDeviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gl);
        return Attach(gl.Context, options);
    }

    // GetProcAddress throws for names that a driver does not have; asking for them is part of the probe.
    internal static GlDevice Attach(INativeContext context, GlDeviceOptions? options) =>
        GlDevice.Attach(name => context.TryGetProcAddress(name, out nint address) ? address : 0, options);
}
