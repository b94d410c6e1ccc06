using System.Globalization;
using RealtimeCnn.Camera.Ffmpeg;

namespace RealtimeCnn.Camera;

/// <summary>The cameras of this machine.</summary>
public static class CameraDevices
{
    internal static string Resolve(FfmpegTool tool, string device)
    {
        ArgumentNullException.ThrowIfNull(tool);
        if (!int.TryParse(device, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return device;
        string path = $"/dev/video{index}";
        return File.Exists(path) ? path : throw new CameraException($"camera:{index} is not there ({path}).");
    }
}
