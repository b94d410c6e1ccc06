using System.Runtime.InteropServices;

namespace Emgu.CV;

/// <summary>The error handler of OpenCV, which is one for the whole process.</summary>
public static class CvInvoke
{
    public static readonly CvErrorCallback CvErrorHandlerIgnoreError = (_, _, _, _, _, _) => 0;

    public static readonly CvErrorCallback CvErrorHandlerThrowException = (_, _, _, _, _, _) => throw new InvalidOperationException("OpenCV error");

    private static readonly Lock HandlerLock = new();
    private static IntPtr _handler = Marshal.GetFunctionPointerForDelegate(CvErrorHandlerThrowException);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int CvErrorCallback(int status, IntPtr funcName, IntPtr errMsg, IntPtr fileName, int line, IntPtr userData);

    public static IntPtr RedirectError(CvErrorCallback errorHandler, IntPtr userdata, IntPtr prevUserdata) =>
        RedirectError(Marshal.GetFunctionPointerForDelegate(errorHandler), userdata, prevUserdata);

    public static IntPtr RedirectError(IntPtr errorHandler, IntPtr userdata, IntPtr prevUserdata)
    {
        lock (HandlerLock)
        {
            var previous = _handler;
            _handler = errorHandler;
            return previous;
        }
    }
}
