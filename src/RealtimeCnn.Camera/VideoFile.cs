namespace RealtimeCnn.Camera;

/// <summary>Names of video files.</summary>
public static class VideoFile
{
    private static readonly string[] Extensions =
        [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".flv", ".wmv", ".ogv", ".3gp", ".mjpeg", ".gif"];

    /// <summary>Whether a file's name says that it is a video.</summary>
    /// <param name="path">A file's name.</param>
    public static bool HasVideoExtension(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
