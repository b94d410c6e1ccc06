namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>Turns FFmpeg's log into one sentence that says what was wrong and what to do. Pure.</summary>
internal static class FfmpegErrors
{
    /// <summary>Whether the line says that a packet gave no picture.</summary>
    public static bool IsUndecodable(string line) =>
        line.Contains("Error while decoding stream", StringComparison.Ordinal)
        || line.Contains("Error submitting packet to decoder", StringComparison.Ordinal)
        || line.Contains("Decoding error:", StringComparison.Ordinal);

    /// <summary>Whether the line says that the next picture is damaged.</summary>
    public static bool IsDamaged(string line) => line.Contains("corrupt decoded frame", StringComparison.Ordinal);

    /// <summary>Why an input could not be read.</summary>
    /// <param name="name">The source, for people.</param>
    /// <param name="kind">What kind of input it is.</param>
    /// <param name="lines">The end of FFmpeg's log.</param>
    /// <param name="exitCode">FFmpeg's exit status; null when it did not end by itself.</param>
    public static string Explain(string name, InputKind kind, IReadOnlyList<string> lines, int? exitCode)
    {
        bool Says(string text) => lines.Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase));
        if (kind == InputKind.Camera)
        {
            if (Says("Device or resource busy") || Says("Could not run graph") || Says("already in use"))
                return $"{name} is in use by another program: close that program, or choose another camera.";
            if (Says("Permission denied"))
                return $"{name} may not be opened: add yourself to the group 'video' (sudo usermod -aG video $USER, then log in again).";
            if (Says("No such file or directory") || Says("Could not find video device") || Says("Video device not found") || Says("No such device") || Says("Invalid device index"))
                return $"{name} is not there: plug it in, or choose one that is listed.";
            if (Says("Could not set video options") || Says("Invalid argument") || Says("Selected framerate") || Says("not supported by the device"))
                return $"{name} does not offer the size, rate or format that was asked for ({LastWords(lines)}); list its formats and choose one of them.";
            if (Says("Unknown input format"))
                return $"{name}: this FFmpeg was built without camera support; install the full package.";
        }

        if (Says("Format not on whitelist"))
            return $"{name} is a playlist, or of a kind that is not read from a file because it may name other files; give a video such as MP4, MKV, WebM, MOV or AVI.";
        if (Says("Stream map '0:v:0' matches no streams") || Says("does not contain any stream"))
            return $"{name} has no video in it.";
        if (kind == InputKind.Url)
        {
            if (Says("Connection timed out") || Says("Operation timed out"))
                return $"{name} does not answer (time-out); check the address and that the camera is on.";
            if (Says("not on whitelist"))
                return $"{name} leads to an address of another kind, which is not followed ({LastWords(lines)}).";
            if (Says("Connection refused"))
                return $"{name}: nothing listens there (connection refused); check the address and that the camera is on.";
            if (Says("Failed to resolve hostname") || Says("Name or service not known"))
                return $"{name}: the host is not known; check the address.";
            if (Says("401 Unauthorized") || Says("403 Forbidden"))
                return $"{name}: the server refuses access; give user and password in the address.";
            if (Says("404 Not Found"))
                return $"{name}: the server has no such stream (404).";
            if (Says("Protocol not found"))
                return $"{name}: FFmpeg does not know this kind of address; http, https, rtsp and rtmp work.";
        }

        if (Says("Invalid data found when processing input") || Says("moov atom not found") || Says("could not find codec parameters"))
            return $"{name} is not a video or picture that FFmpeg can read ({LastWords(lines)}).";
        if (Says("Permission denied"))
            return $"{name} may not be read: permission denied.";
        return exitCode == 0 ? $"{name} ended." : $"{name}: FFmpeg gave up ({LastWords(lines)}).";
    }

    /// <summary>The last line that speaks of an error, else the last one.</summary>
    public static string LastWords(IReadOnlyList<string> lines)
    {
        string? last = lines.LastOrDefault(line =>
            line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("invalid", StringComparison.OrdinalIgnoreCase) || line.Contains("failed", StringComparison.OrdinalIgnoreCase))
            ?? lines.LastOrDefault(line => line.Length > 0);
        return last?.Trim().TrimEnd('.') ?? "it said nothing";
    }
}

/// <summary>The kinds of input that FFmpeg reads for us.</summary>
internal enum InputKind
{
    File,
    Url,
    Camera,
}
