using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>Another way to read webcams, videos and streams than FFmpeg, brought by an adapter's assembly.</summary>
public interface ICameraBackend
{
    /// <summary>The word that chooses it, such as <c>emgu</c>.</summary>
    string Name { get; }

    /// <summary>What it is, for people, such as <c>Emgu.CV</c>.</summary>
    string Title { get; }

    /// <summary>Whether this build has the library, rather than only the adapter to it.</summary>
    bool IsBuiltIn { get; }

    /// <summary>Null when it can be used here; else why not, to be read after the title: "has no native library on this machine".</summary>
    string? WhyUnavailable { get; }

    /// <summary>Makes a source, without starting it.</summary>
    /// <param name="source"><c>camera:…</c>, an address with <c>://</c>, or the path of a video.</param>
    /// <param name="options">What to ask of it, and patience; null for defaults.</param>
    /// <exception cref="CameraException">It cannot open one that is named like that, or cannot ask it for that.</exception>
    IFrameSource Open(string source, CameraOptions? options);
}

/// <summary>A source, and in one line why it is this one.</summary>
/// <param name="Source">The source, not started.</param>
/// <param name="Reason">For people: <c>camera:0 through FFmpeg: Emgu.CV has no native library on this machine</c>.</param>
public readonly record struct OpenedSource(IFrameSource Source, string Reason);
