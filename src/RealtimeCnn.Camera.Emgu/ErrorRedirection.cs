using System.Runtime.InteropServices;
using Emgu.CV;

namespace RealtimeCnn.Camera.Emgu;

/// <summary>
/// While held, OpenCV's errors are noted instead of thrown. Emgu.CV's own handler throws a managed exception through
/// native frames, which ends the process on Linux. The handler is one for the whole process, so the host's is put back
/// when the last holder lets go.
/// </summary>
internal sealed class ErrorRedirection : IDisposable
{
    // Kept alive for ever: native code may hold its address longer than we know.
    private static readonly CvInvoke.CvErrorCallback Handler = Note;
    private static readonly Lock HandlerLock = new();
    private static int _holders;
    private static nint _hosts;

    [ThreadStatic]
    private static string? _last;

    private bool _released;

    private ErrorRedirection()
    {
    }

    /// <summary>What OpenCV said last on this thread, or null; asking forgets it.</summary>
    public static string? TakeLast()
    {
        string? last = _last;
        _last = null;
        return last;
    }

    /// <summary>Holds the handler until disposal; the first holder sets it, before OpenCV is used.</summary>
    public static ErrorRedirection Hold()
    {
        lock (HandlerLock)
        {
            if (_holders == 0)
                _hosts = CvInvoke.RedirectError(Handler, 0, 0);
            _holders++;
        }

        return new ErrorRedirection();
    }

    /// <summary>Lets go.</summary>
    public void Dispose()
    {
        lock (HandlerLock)
        {
            if (_released)
                return;
            _released = true;
            if (--_holders == 0)
                CvInvoke.RedirectError(_hosts, 0, 0);
        }
    }

    private static int Note(int status, nint function, nint message, nint file, int line, nint user)
    {
        _last = $"{Marshal.PtrToStringUTF8(message)} ({Marshal.PtrToStringUTF8(function)}, status {status})";
        return 0;
    }
}
