namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>Opens a host of a device where the CPU path would do as well.</summary>
public static class DeviceHosts
{
    /// <summary>Opens a host, or says in one sentence why it is the CPU instead.</summary>
    /// <typeparam name="THost">What has the device: a window, a context in memory, a screen.</typeparam>
    /// <param name="open">Opens it.</param>
    /// <param name="device">What its device is.</param>
    /// <param name="mayFail">Whether the CPU will do where there is no device; else its error is thrown.</param>
    /// <param name="mayBeSoftware">Whether OpenGL in software is taken, which the CPU path outruns; else such a host is closed again.</param>
    /// <param name="reasonForCpu">Why there is no host; null where there is one.</param>
    /// <returns>The host, which the caller disposes, or null.</returns>
    /// <exception cref="GlException">There is no device, and it may not fail.</exception>
    public static THost? TryOpen<THost>(Func<THost> open, Func<THost, GlDeviceInfo> device, bool mayFail, bool mayBeSoftware, out string? reasonForCpu)
        where THost : class, IDisposable
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(device);
        THost host;
        try
        {
            host = open();
        }
        catch (GlException problem) when (mayFail)
        {
            reasonForCpu = problem.Message;
            return null;
        }

        reasonForCpu = mayBeSoftware ? null : device(host).ReasonForCpu;
        if (reasonForCpu == null)
            return host;
        host.Dispose();
        return null;
    }
}
