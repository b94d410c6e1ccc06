using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(WindowTests.Name)]
public class GlfwHostTests(DisplayFixture display)
{
    // Kinds of X11's events.
    private const int ButtonPress = 4, ButtonRelease = 5, MotionNotify = 6;

    private static readonly WindowOptions Small = new() { Size = new(120, 160), VerticalSync = false };

    [Fact]
    public void A_window_draws_swaps_and_closes_without_errors() => InWindow((host, _) =>
    {
        Assert.True(host.Device.Info.Version >= GlVersion.Required);
        Assert.False(host.IsClosing);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal([0, 255, 0, 255], ClearAndRead(host, green: 1));
            host.SwapBuffers();
            host.PollEvents();
        }

        host.Close();
        Assert.True(host.IsClosing);
    });

    [Fact]
    public void A_resized_window_says_its_new_size() => InWindow((host, _) =>
    {
        var sizes = new List<Size2d>();
        host.FramebufferResized += (_, size) => sizes.Add(size);
        host.SetSize(new(200, 300));
        Until(host, () => host.FramebufferSize == new Size2d(200, 300));
        Assert.Equal(new Size2d(200, 300), sizes[^1]);
        Assert.False(host.IsMinimized);
        Assert.True(host.ContentScale > 0);
        ClearAndRead(host, green: 1);
        host.SwapBuffers();
    });

    [Fact]
    public void Keys_and_the_close_button_arrive() => InWindow((host, x11) =>
    {
        var keys = new List<KeyPress>();
        var released = new List<ConsoleKey>();
        host.KeyPressed += (_, press) => keys.Add(press);
        host.KeyReleased += (_, key) => released.Add(key);
        x11.SendKey(XKeysymEscape, 0);
        x11.SendKey('k', 1);
        Until(host, () => released.Count >= 2);
        Assert.Equal([ConsoleKey.Escape, ConsoleKey.K], released);
        Assert.Equal(new KeyPress(ConsoleKey.Escape, 0, false), keys[0]);
        Assert.Equal(new KeyPress(ConsoleKey.K, ConsoleModifiers.Shift, false), keys[1]);

        x11.SendClose();
        Until(host, () => host.IsClosing);
    });

    [Fact]
    public void The_mouse_arrives_in_pixels_of_the_framebuffer() => InWindow((host, x11) =>
    {
        var used = new List<PointerEvent>();
        host.PointerUsed += (_, point) => used.Add(point);
        x11.SendPointer(MotionNotify, 30, 40);
        x11.SendPointer(ButtonPress, 30, 40, button: 3);
        x11.SendPointer(MotionNotify, 50, 60);
        x11.SendPointer(ButtonRelease, 50, 60, button: 3);
        x11.SendPointer(ButtonPress, 50, 60, button: 4);
        Until(host, () => used.Count >= 5);
        Assert.Equal(
            [
                new PointerEvent(PointerAction.Moved, 30, 40), new PointerEvent(PointerAction.Pressed, 30, 40, PointerButton.Right), new PointerEvent(PointerAction.Moved, 50, 60),
                new PointerEvent(PointerAction.Released, 50, 60, PointerButton.Right), new PointerEvent(PointerAction.Scrolled, 50, 60, Wheel: 1),
            ],
            used);
    });

    [Fact]
    public void A_window_fills_the_monitor_and_comes_back() => InWindow((host, _) =>
    {
        Assert.False(host.IsFullscreen);
        host.IsFullscreen = true;
        Assert.True(host.IsFullscreen);
        Until(host, () => host.FramebufferSize.Width > 300);
        host.IsFullscreen = false;
        Assert.False(host.IsFullscreen);
        Until(host, () => host.FramebufferSize == new Size2d(120, 160));
    });

    [Fact]
    public void What_a_handler_throws_comes_out_of_PollEvents() => InWindow((host, x11) =>
    {
        host.KeyPressed += (_, _) => throw new InvalidDataException("from the handler");
        x11.SendKey(XKeysymEscape, 0);
        var exception = Assert.Throws<InvalidDataException>(() => Until(host, () => false));
        Assert.Equal("from the handler", exception.Message);
        host.PollEvents();
    });

    [Fact]
    public void Two_windows_live_side_by_side_and_a_third_after_them() => InWindow((first, _) =>
    {
        using (var second = GlfwHost.Create(Small))
        {
            Assert.Equal([0, 128, 0, 255], ClearAndRead(second, green: 0.502f));
            first.MakeCurrent();
            Assert.Equal([0, 255, 0, 255], ClearAndRead(first, green: 1));
        }

        first.MakeCurrent();
        Assert.Equal([0, 255, 0, 255], ClearAndRead(first, green: 1));
    });

    [Fact]
    public void A_window_of_the_programs_own_outlives_a_host_that_shares_its_glfw() => DisplayFixture.OnThread(() =>
    {
        _ = display.Display;
        Assert.Equal(1, glfwInit());
        using (GlfwHost.Create(Small))
            Assert.Equal(NoError, glfwGetError(0));
        double time = glfwGetTime();
        Assert.Equal(NoError, glfwGetError(0));
        Assert.True(time > 0);
    });

    [Fact]
    public unsafe void A_failure_to_open_is_not_told_to_the_programs_error_callback() => DisplayFixture.OnThread(() =>
    {
        _ = display.Display;
        Assert.Equal(1, glfwInit());
        nint programs = (nint)(delegate* unmanaged<int, byte*, void>)&CountError;
        nint before = glfwSetErrorCallback(programs);
        Assert.True(GlfwWindow.Offers(GlVersion.Required));
        Assert.False(GlfwWindow.Offers(new GlVersion(4, 9)));
        Assert.True(GlfwWindow.Offers(GlVersion.RequiredEmbedded));
        Assert.False(GlfwWindow.Offers(new GlVersion(3, 9, GlClientApi.Embedded)));
        Assert.Equal(programs, glfwSetErrorCallback(before));
        Assert.Equal(0, _errors);
    });

    [Fact]
    public void A_window_is_of_OpenGL_ES_where_that_is_asked_for() => DisplayFixture.OnThread(() =>
    {
        _ = display.Display;
        var messages = new CollectingLogger();
        using var host = GlfwHost.Create(Small, new() { Api = GlClientApi.Embedded, DebugContext = true, Logger = messages });
        Assert.Equal(GlClientApi.Embedded, host.Device.Info.Version.Api);
        byte[] green = ClearAndRead(host, 1);
        Assert.Equal(255, green[1]);
        host.SwapBuffers();
        host.Device.ThrowOnError("finish a test without errors");
        Assert.DoesNotContain(messages.Entries, message => message.Level == LogLevel.Error);
    });

    [Fact]
    public void Another_thread_may_close_but_not_draw() => InWindow((host, _) =>
    {
        Exception? refused = null;
        var thread = new Thread(() =>
        {
            refused = Record.Exception(host.SwapBuffers);
            host.Close();
        });
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(refused);
        Assert.True(host.IsClosing);
    });

    [Theory]
    [InlineData((int)'A', ConsoleKey.A)]
    [InlineData((int)'Z', ConsoleKey.Z)]
    [InlineData((int)'7', ConsoleKey.D7)]
    [InlineData(290, ConsoleKey.F1)]
    [InlineData(301, ConsoleKey.F12)]
    [InlineData(263, ConsoleKey.LeftArrow)]
    [InlineData(32, ConsoleKey.Spacebar)]
    [InlineData(329, ConsoleKey.NumPad9)]
    public void Keys_have_the_names_of_dotnet(int glfw, ConsoleKey key) => Assert.Equal(key, GlfwKeys.From(glfw));

    [Theory]
    [InlineData(-1)]
    [InlineData(161)]
    public void Keys_without_a_name_are_left_out(int glfw) => Assert.Null(GlfwKeys.From(glfw));

    private const int XKeysymEscape = 0xFF1B;
    private const int NoError = 0;
    private static int _errors;

    private void InWindow(Action<GlfwHost, X11Window> test) => DisplayFixture.OnThread(() =>
    {
        var messages = new CollectingLogger();
        using var host = GlfwHost.Create(Small, new() { DebugContext = true, Logger = messages });
        using var x11 = new X11Window(display.Display, host.Handle);
        test(host, x11);
        host.MakeCurrent();
        host.Device.ThrowOnError("finish a test without errors");
        Assert.DoesNotContain(messages.Entries, message => message.Level == LogLevel.Error);
    });

    private static void Until(GlfwHost host, Func<bool> condition)
    {
        var time = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), "the event did not arrive within 20 s");
            host.WaitEvents(TimeSpan.FromMilliseconds(20));
        }
    }

    private static unsafe byte[] ClearAndRead(GlfwHost host, float green)
    {
        var gl = host.Device.Gl;
        var pixel = new byte[4];
        gl.Viewport(0, 0, host.FramebufferSize.Width, host.FramebufferSize.Height);
        gl.ClearColor(0, green, 0, 1);
        gl.Clear(GL_COLOR_BUFFER_BIT);
        fixed (byte* pointer = pixel)
            gl.ReadPixels(host.FramebufferSize.Width / 2, host.FramebufferSize.Height / 2, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, pointer);
        return pixel;
    }

    [UnmanagedCallersOnly]
    private static unsafe void CountError(int code, byte* text) => _errors++;

    [DllImport("libglfw.so.3")]
    private static extern int glfwInit();

    [DllImport("libglfw.so.3")]
    private static extern int glfwGetError(nint description);

    [DllImport("libglfw.so.3")]
    private static extern double glfwGetTime();

    [DllImport("libglfw.so.3")]
    private static extern nint glfwSetErrorCallback(nint callback);

    /// <summary>Sends a window what a keyboard and a window manager would, over a connection of its own.</summary>
    private sealed unsafe class X11Window : IDisposable
    {
        private readonly nint _display;
        private readonly nint _window;

        public X11Window(string display, nint glfwWindow)
        {
            _display = XOpenDisplay(display);
            Assert.NotEqual(0, _display);
            _window = glfwGetX11Window(glfwWindow);
        }

        public void SendKey(nint keysym, uint modifiers)
        {
            foreach (int type in (int[])[2, 3]) // KeyPress, KeyRelease
            {
                var key = new XKeyEvent
                {
                    Type = type, Display = _display, Window = _window, Root = XDefaultRootWindow(_display), State = modifiers,
                    KeyCode = XKeysymToKeycode(_display, keysym), SameScreen = 1, Time = 100,
                };
                Send(type == 2 ? 1 : 2, &key);
            }
        }

        // A button has the layout of a key; a motion has no button.
        public void SendPointer(int type, int x, int y, uint button = 0)
        {
            var pointer = new XKeyEvent { Type = type, Display = _display, Window = _window, Root = XDefaultRootWindow(_display), X = x, Y = y, KeyCode = button, SameScreen = 1, Time = 100 };
            Send(type switch { ButtonPress => 1 << 2, ButtonRelease => 1 << 3, _ => 1 << 6 }, &pointer);
        }

        public void SendClose()
        {
            var message = new XClientMessageEvent
            {
                Type = 33, Display = _display, Window = _window, MessageType = Atom("WM_PROTOCOLS"), Format = 32, Data0 = Atom("WM_DELETE_WINDOW"),
            };
            Send(0, &message);
        }

        public void Dispose() => XCloseDisplay(_display);

        private void Send(nint mask, void* message)
        {
            Assert.NotEqual(0, XSendEvent(_display, _window, 0, mask, message));
            XSync(_display, 0);
        }

        private nint Atom(string name)
        {
            fixed (byte* text = Encoding.ASCII.GetBytes(name + "\0"))
                return XInternAtom(_display, text, 0);
        }

        [DllImport("libX11.so.6")]
        private static extern nint XOpenDisplay([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

        [DllImport("libX11.so.6")]
        private static extern void XCloseDisplay(nint display);

        [DllImport("libX11.so.6")]
        private static extern nint XDefaultRootWindow(nint display);

        [DllImport("libX11.so.6")]
        private static extern byte XKeysymToKeycode(nint display, nint keysym);

        [DllImport("libX11.so.6")]
        private static extern nint XInternAtom(nint display, byte* name, int onlyIfExists);

        [DllImport("libX11.so.6")]
        private static extern int XSendEvent(nint display, nint window, int propagate, nint mask, void* message);

        [DllImport("libX11.so.6")]
        private static extern void XSync(nint display, int discard);

        [DllImport("libglfw.so.3")]
        private static extern nint glfwGetX11Window(nint window);

        [StructLayout(LayoutKind.Sequential, Size = 192)]
        private struct XKeyEvent
        {
            public int Type;
            public nuint Serial;
            public int SendEvent;
            public nint Display, Window, Root, Subwindow;
            public nuint Time;
            public int X, Y, XRoot, YRoot;
            public uint State, KeyCode;
            public int SameScreen;
        }

        [StructLayout(LayoutKind.Sequential, Size = 192)]
        private struct XClientMessageEvent
        {
            public int Type;
            public nuint Serial;
            public int SendEvent;
            public nint Display, Window, MessageType;
            public int Format;
            public nint Data0;
        }
    }
}
