namespace RealtimeCnn.Images;

/// <summary>
/// Holds a source whose pictures can wait: a video file, a recording, photographs, a generated scene. A paused source
/// loses nothing: it goes on with the picture after the last one that was taken. Callable from any thread, before and
/// after the start.
/// </summary>
public interface IPlayback
{
    /// <summary>Whether pictures come only by <see cref="Advance"/>.</summary>
    bool IsPaused { get; }

    /// <summary>Holds the source: no picture can be taken, and none is read ahead of the one that waits.</summary>
    void Pause();

    /// <summary>Plays on, in the source's own time from now.</summary>
    void Play();

    /// <summary>Pauses, and lets exactly one picture more be taken: the next one. Steps that come faster than they are taken add up.</summary>
    void Advance();
}

/// <summary>
/// Photographs that are looked at one after another. Moves take effect with the next picture, which comes at once even
/// when the source is paused; behind the last one comes the first. Callable from any thread.
/// </summary>
public interface IPictureAlbum
{
    /// <summary>Pictures in the album, those that turn out to be damaged included; at least 1.</summary>
    int Count { get; }

    /// <summary>The one that was shown last, from 0.</summary>
    int Index { get; }

    /// <summary>Its file's name, without folders.</summary>
    string CurrentName { get; }

    /// <summary>Shows the next one that can be read.</summary>
    void ShowNext();

    /// <summary>Shows the one before that can be read.</summary>
    void ShowPrevious();
}
