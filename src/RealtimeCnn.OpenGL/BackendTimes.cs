using System.Globalization;
using System.Text.Json;

namespace RealtimeCnn.OpenGL;

/// <summary>What a run of the same network took on the CPU path and with a device, each from inputs in memory to results in memory.</summary>
/// <param name="CpuMs">Least of some runs on the CPU path, in milliseconds.</param>
/// <param name="DeviceMs">The same with the device.</param>
/// <param name="Measured">The day.</param>
internal sealed record BackendTimes(double CpuMs, double DeviceMs, DateOnly Measured)
{
    /// <summary>Whether the device is the better place.</summary>
    public bool DeviceWins => DeviceMs < CpuMs;

    /// <summary>The measurement in one sentence.</summary>
    /// <param name="renderer">The device.</param>
    public string Describe(string renderer) =>
        string.Create(CultureInfo.InvariantCulture, $"{Digits(CpuMs)} ms on the CPU path, {Digits(DeviceMs)} ms with '{renderer}'; measured on {Measured:yyyy-MM-dd}.");

    /// <summary>As a file keeps it.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>What a file kept; null where it kept nothing that makes sense.</summary>
    public static BackendTimes? Parse(byte[]? bytes)
    {
        try
        {
            return bytes != null && JsonSerializer.Deserialize<BackendTimes>(bytes) is { CpuMs: > 0, DeviceMs: > 0 } times ? times : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Two or three digits that count.
    private static string Digits(double milliseconds) => milliseconds.ToString(milliseconds < 0.1 ? "0.000" : milliseconds < 1 ? "0.00" : milliseconds < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
