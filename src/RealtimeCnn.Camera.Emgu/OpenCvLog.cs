using System.Runtime.InteropServices;

namespace RealtimeCnn.Camera.Emgu;

/// <summary>
/// Keeps OpenCV and the FFmpeg inside it from writing to standard error: what went wrong is the source's reason. They read
/// their settings from the native environment when they are loaded, so this comes first; a setting that is there already stays.
/// </summary>
internal static partial class OpenCvLog
{
    private static readonly Lazy<bool> Done = new(() =>
    {
        SetDefault("OPENCV_LOG_LEVEL", "SILENT");
        SetDefault("OPENCV_FFMPEG_LOGLEVEL", "-8"); // AV_LOG_QUIET
        return true;
    });

    /// <summary>Call it before anything of Emgu.CV is used.</summary>
    public static void Quiet() => _ = Done.Value;

    /// <summary>Sets a variable of the native environment, which the runtime's copy does not reach, unless it is set.</summary>
    internal static void SetDefault(string name, string value)
    {
        if (!OperatingSystem.IsWindows())
            _ = SetEnvironment(name, value, overwrite: 0);
        else if (Environment.GetEnvironmentVariable(name) is null)
            _ = PutEnvironment(name, value);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PutEnvironment(string name, string value);
}
