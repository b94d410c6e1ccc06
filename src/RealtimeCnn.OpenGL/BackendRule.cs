using System.Globalization;

namespace RealtimeCnn.OpenGL;

/// <summary>Which backend a graph gets, and why: pure, so that it is tried without a device.</summary>
internal static class BackendRule
{
    /// <summary>Least share of the work that makes a device worth the crossings between it and the CPU.</summary>
    public const double LeastGpuShare = 0.5;

    /// <summary>Why it is the CPU whatever the graph; null where the graph decides.</summary>
    /// <param name="asked"><c>auto</c>, <c>cpu</c> or <c>gpu</c>.</param>
    /// <param name="device">The device; null where there is none.</param>
    /// <exception cref="ArgumentException">There is no such backend, or the GPU is asked for without a device.</exception>
    public static string? WithoutGraph(string asked, GlDeviceInfo? device) => (asked, device) switch
    {
        ("cpu", _) => "it was asked for.",
        ("auto", null) => "there is no OpenGL device.",
        ("auto", _) => device.ReasonForCpu,
        ("gpu", null) => throw new ArgumentException("The backend 'gpu' needs an OpenGL device; none was given.", nameof(device)),
        ("gpu", _) => null,
        _ => throw new ArgumentException($"'{asked}' is no backend; there are auto, cpu and gpu.", nameof(asked)),
    };

    /// <summary>What a graph runs on, <c>cpu</c>, <c>gpu</c> or <c>mixed</c>, where there is a device for it.</summary>
    /// <param name="asked"><c>auto</c> or <c>gpu</c>.</param>
    /// <param name="cpuOps">The layers that the device does not compute, each once.</param>
    /// <param name="gpuShare">Share of the work that it computes, in [0, 1].</param>
    public static (string Backend, string Reason) ForGraph(string asked, IReadOnlyList<string> cpuOps, double gpuShare)
    {
        if (cpuOps.Count == 0)
            return ("gpu", "every layer has a shader.");
        string left = $"no shader computes {string.Join(", ", cpuOps)}";
        string share = gpuShare.ToString("0 %", CultureInfo.InvariantCulture);
        return asked == "auto" && gpuShare < LeastGpuShare
            ? ("cpu", $"{left}, and only {share} of the work would be the GPU's.")
            : ("mixed", $"{left}; {share} of the work is the GPU's.");
    }
}
