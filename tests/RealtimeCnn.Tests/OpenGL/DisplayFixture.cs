using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Tests that open windows.</summary>
[CollectionDefinition(Name)]
public sealed class WindowTests : ICollectionFixture<DisplayFixture>
{
    public const string Name = "window";
}

/// <summary>A display to open windows on: the one there is, else an Xvfb of its own, ended with the run.</summary>
public sealed class DisplayFixture : IDisposable
{
    private readonly Process? _server;

    public DisplayFixture()
    {
        Display = Environment.GetEnvironmentVariable("DISPLAY") ?? "";
        if (!OperatingSystem.IsLinux() || Display.Length > 0 || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 })
            return;
        var start = new ProcessStartInfo("Xvfb", "-displayfd 1 -screen 0 1280x1024x24 -nolisten tcp -noreset")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        try
        {
            _server = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException("Window tests need a display or Xvfb: apt-get install xvfb libglfw3", exception);
        }

        _server.BeginErrorReadLine();
        string? number = _server.StandardOutput.ReadLine();
        if (string.IsNullOrEmpty(number))
            throw new InvalidOperationException("Xvfb ended without opening a display.");
        Display = $":{number.Trim()}";

        // The runtime keeps its own copy of the environment; GLFW reads the native one.
        Assert.Equal(0, SetEnvironment("DISPLAY", Display, 1));
    }

    /// <summary>Name of the X display, such as <c>:99</c>.</summary>
    public string Display { get; }

    public void Dispose()
    {
        _server?.Kill();
        _server?.WaitForExit();
        _server?.Dispose();
    }

    /// <summary>Runs work on a thread of its own, as a program's main thread would.</summary>
    public static void OnThread(Action work)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })
        { Name = "window" };
        thread.Start();
        thread.Join();
        if (failure is not null)
            throw new InvalidOperationException(failure.Message, failure);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
