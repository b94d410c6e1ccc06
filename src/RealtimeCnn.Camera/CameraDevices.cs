using System.Globalization;
using RealtimeCnn.Camera.Ffmpeg;

namespace RealtimeCnn.Camera;

/// <summary>One way in which a camera can deliver.</summary>
/// <param name="InputFormat">Format in FFmpeg's words, for <see cref="CameraOptions.InputFormat"/>; empty where the system does not tell.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="SlowestRate">Fewest pictures per second; null where the system does not tell.</param>
/// <param name="FastestRate">Most pictures per second; null where the system does not tell.</param>
public sealed record CameraFormat(string InputFormat, int Width, int Height, double? SlowestRate = null, double? FastestRate = null);

/// <summary>A camera of this machine.</summary>
/// <param name="Number">The number in <c>camera:0</c>.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Address">What the system opens: <c>/dev/video0</c>, a DirectShow name, an AVFoundation index.</param>
/// <param name="Formats">How it can deliver; empty where it does not say.</param>
public sealed record CameraDevice(int Number, string Name, string Address, IReadOnlyList<CameraFormat> Formats);

/// <summary>The cameras of this machine.</summary>
public static class CameraDevices
{
    private const string LinuxCameras = "/sys/class/video4linux";

    /// <summary>Lists them, with their formats.</summary>
    /// <param name="program">The <c>ffmpeg</c> program; null for the usual one.</param>
    /// <exception cref="CameraException">FFmpeg is missing, or a driver hangs.</exception>
    public static IReadOnlyList<CameraDevice> List(string? program = null)
    {
        string ffmpeg = FfmpegTool.Find(program).Path;
        return [.. Find(ffmpeg).Select(camera => camera with { Formats = FormatsOf(ffmpeg, camera.Address) }).Where(HasPictures)];
    }

    /// <summary>What the system opens for the camera that a user names.</summary>
    /// <param name="tool">FFmpeg, which knows the cameras.</param>
    /// <param name="camera">A number, a name or an address.</param>
    /// <exception cref="CameraException">There is no such camera; the message lists those that are there.</exception>
    internal static string Resolve(FfmpegTool tool, string camera)
    {
        if (OperatingSystem.IsLinux() && camera.StartsWith('/'))
            return File.Exists(camera) ? camera : throw Absent(camera, Find(tool.Path));
        return Resolve(camera, Find(tool.Path));
    }

    internal static string Resolve(string camera, IReadOnlyList<CameraDevice> present)
    {
        bool isNumber = int.TryParse(camera, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        var found = present.FirstOrDefault(device => isNumber ? device.Number == number : device.Name == camera || device.Address == camera);
        return found?.Address ?? throw Absent(camera, present);
    }

    private static CameraException Absent(string camera, IReadOnlyList<CameraDevice> present) => new(present.Count == 0
        ? $"camera:{camera} is not there, and neither is any other camera: plug one in, or give a video, a picture or 'pattern' instead."
        : $"camera:{camera} is not there. There is {string.Join(", ", present.Select(device => $"camera:{device.Number} ({device.Name})"))}.");

    // A Linux driver also lists nodes for metadata, which have no formats.
    private static bool HasPictures(CameraDevice device) => !OperatingSystem.IsLinux() || device.Formats.Count > 0;

    private static IReadOnlyList<CameraDevice> Find(string ffmpeg) => FfmpegArguments.ThisPlatform switch
    {
        CameraPlatform.Windows => DeviceListing.DirectShowDevices(FfmpegTool.Ask(ffmpeg, FfmpegArguments.ListDevices(CameraPlatform.Windows))),
        CameraPlatform.MacOS => DeviceListing.AVFoundationDevices(FfmpegTool.Ask(ffmpeg, FfmpegArguments.ListDevices(CameraPlatform.MacOS))),
        _ => LinuxDevices(LinuxCameras),
    };

    internal static IReadOnlyList<CameraDevice> LinuxDevices(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.EnumerateFileSystemEntries(folder, "video*")
            .Select(entry => (Entry: entry, Digits: Path.GetFileName(entry)["video".Length..]))
            .Where(node => int.TryParse(node.Digits, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(node => new CameraDevice(
                int.Parse(node.Digits, CultureInfo.InvariantCulture), File.ReadAllText(Path.Combine(node.Entry, "name")).Trim(), $"/dev/video{node.Digits}", []))
            .OrderBy(device => device.Number)];
    }

    private static IReadOnlyList<CameraFormat> FormatsOf(string ffmpeg, string address)
    {
        var platform = FfmpegArguments.ThisPlatform;
        string[] lines = FfmpegTool.Ask(ffmpeg, FfmpegArguments.ListFormats(platform, address));
        return platform switch
        {
            CameraPlatform.Windows => DeviceListing.DirectShowFormats(lines),
            CameraPlatform.MacOS => DeviceListing.AVFoundationFormats(lines),
            _ => DeviceListing.V4l2Formats(lines),
        };
    }
}
