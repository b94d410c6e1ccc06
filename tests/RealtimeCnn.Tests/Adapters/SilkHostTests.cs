using System.Runtime.InteropServices;
using System.Text;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Silk;
using RealtimeCnn.Tests.OpenGL;
using Silk.NET;
using Silk.NET.Core.Contexts;
using Silk.NET.Input;
using Silk.NET.Maths;
using Silk.NET.OpenGL;
using Silk.NET.Windowing;
using WindowOptions = RealtimeCnn.OpenGL.Hosts.WindowOptions;

namespace RealtimeCnn.Tests.Adapters;

/// <summary>The Silk.NET adapter, driven through the stubs; the OpenGL behind their window is real.</summary>
[Collection(GlTests.Name)]
public sealed class SilkHostTests(GlFixture gl)
{
    private static readonly unsafe delegate* unmanaged<byte*, nint> GetProcAddress =
        (delegate* unmanaged<byte*, nint>)NativeLibrary.GetExport(NativeLibrary.Load("libEGL.so.1"), "eglGetProcAddress");

    [Fact]
    public void A_device_attaches_to_a_borrowed_gl_and_leaves_it_alone() => gl.RunFresh(new(), _ =>
    {
        var context = new StubContext { Loader = Address };
        using (var device = SilkDevice.Attach(GL.GetApi(context)))
            Assert.NotEmpty(device.Info.Renderer);
        Assert.False(context.Disposed);
    });

    [Fact]
    public void A_device_attaches_to_a_window_a_view_and_a_context_and_leaves_them_alone() => gl.RunFresh(new(), _ =>
    {
        var window = Initialized();
        using (var device = SilkDevice.Attach(window))
            Assert.NotEmpty(device.Info.Renderer);
        using (var device = SilkDevice.Attach((IView)window))
            Assert.NotEmpty(device.Info.Renderer);
        using (var device = SilkDevice.Attach((IGLContext)window.Context))
            Assert.NotEmpty(device.Info.Renderer);
        Assert.False(window.Context.Disposed || window.Disposed || window.WasReset);
    });

    [Fact]
    public void A_window_that_is_not_initialised_is_refused_with_what_to_do() => gl.RunFresh(new(), _ =>
    {
        var window = new StubWindow(global::Silk.NET.Windowing.WindowOptions.Default, new StubContext { Loader = Address });
        Assert.Contains("Load event", Assert.Throws<GlException>(() => SilkDevice.Attach(window)).Message, StringComparison.Ordinal);
        Assert.Contains("Load event", Assert.Throws<GlException>(() => SilkHost.Attach(window)).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_context_that_is_not_current_is_refused_and_the_current_one_is_not_taken_for_it() => gl.RunFresh(new(), _ =>
    {
        var window = Initialized();
        window.Context.IsCurrent = false;
        foreach (var attach in (Func<GlDevice>[])[() => SilkDevice.Attach(window), () => SilkDevice.Attach((IGLContext)window.Context), () => SilkDevice.Attach(GL.GetApi((IGLContext)window.Context))])
            Assert.Contains("not current", Assert.Throws<GlException>(() => attach().Dispose()).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_host_over_a_programs_window_hears_its_keyboard_and_disposes_neither() => gl.RunFresh(new(), _ =>
    {
        var window = Initialized();
        using var input = (StubInput)window.CreateInput();
        List<ConsoleKey> pressed = [];
        using (var host = SilkHost.Attach(window, input))
        {
            host.KeyPressed += (_, press) => pressed.Add(press.Key);
            window.Post(() => window.Keyboard.Press(Key.Escape));
            host.PollEvents();
            Assert.Equal([ConsoleKey.Escape], pressed);
            Assert.Equal(new Size2d(window.Size.Y, window.Size.X), host.FramebufferSize);
        }

        Assert.Equal(1, window.InputsMade);
        Assert.False(input.Disposed || window.Disposed || window.WasReset || window.Keyboard.IsHeard || window.Mouse.IsHeard || window.IsDropHeard);
        Assert.False(window.IsClosing);
        window.Enlarge(new Vector2D<int>(9, 9), new Vector2D<int>(9, 9));
        window.DoEvents();
    });

    [Fact]
    public void A_host_without_an_input_context_makes_none() => gl.RunFresh(new(), _ =>
    {
        var window = Initialized();
        using (SilkHost.Attach(window))
            Assert.False(window.Keyboard.IsHeard);
        Assert.Equal(0, window.InputsMade);
    });

    [Fact]
    public void A_window_destroyed_under_its_host_is_an_error_that_says_so() => gl.RunFresh(new(), _ =>
    {
        var window = Initialized();
        var host = SilkHost.Attach(window);
        window.Reset();
        Assert.True(host.IsClosing);
        Assert.Contains("destroyed under its host", Assert.Throws<InvalidOperationException>(host.SwapBuffers).Message, StringComparison.Ordinal);
        Assert.Contains("destroyed under its host", Assert.Throws<InvalidOperationException>(host.Dispose).Message, StringComparison.Ordinal);
        window.Initialize();
        host.Dispose();
    });

    [Fact]
    public void Where_there_is_no_4_3_an_older_context_is_asked_for_and_refused_in_a_sentence() => gl.RunFresh(new(), _ =>
    {
        StubWindow? window = null;
        StubWindow.Factory = options => window = new StubWindow(options, new StubContext { Loader = OldAddress }) { Newest = new(3, 3) };
        var error = Assert.Throws<GlException>(() => SilkHost.Create(new WindowOptions(), null, new GlVersion(3, 3)));
        Assert.Contains("OpenGL 4.3", error.Message, StringComparison.Ordinal);
        Assert.Contains("'3.3 stub'", error.Message, StringComparison.Ordinal);
        Assert.True(window!.Disposed);
    });

    [Fact]
    public void Only_macos_is_asked_for_a_forward_compatible_context() => WithWindow((_, window) =>
        Assert.Equal(OperatingSystem.IsMacOS(), window.Options.API.Flags.HasFlag(ContextFlags.ForwardCompatible)));

    [Fact]
    public void A_gl_without_entry_points_is_refused() => gl.RunFresh(new(), _ =>
        Assert.Throws<GlException>(() => SilkDevice.Attach(GL.GetApi(_ => (nint)0))));

    [Fact]
    public void A_window_is_asked_for_4_3_core_without_automatic_swaps() => WithWindow((host, window) =>
    {
        Assert.Equal((4, 3, ContextProfile.Core), (window.Options.API.Version.MajorVersion, window.Options.API.Version.MinorVersion, window.Options.API.Profile));
        Assert.Equal(("taught", 300, 200, false), (window.Options.Title, window.Options.Size.X, window.Options.Size.Y, window.Options.ShouldSwapAutomatically));
        Assert.Equal(0, window.Context.Interval);
        Assert.Equal(new Size2d(200, 300), host.FramebufferSize);
        host.SetTitle("new");
        Assert.Equal("new", window.Title);
        host.SwapBuffers();
        Assert.Equal(1, window.Context.Swaps);
    });

    [Fact]
    public void A_resize_is_told_and_a_dense_monitor_has_a_scale() => WithWindow((host, window) =>
    {
        List<Size2d> told = [];
        host.FramebufferResized += (_, size) => told.Add(size);
        window.Enlarge(new Vector2D<int>(400, 300), new Vector2D<int>(800, 600));
        Assert.Empty(told);
        host.PollEvents();
        Assert.Equal([new Size2d(600, 800)], told);
        Assert.Equal(2, host.ContentScale);
        Assert.False(host.IsMinimized);
        window.Enlarge(new Vector2D<int>(0, 0), new Vector2D<int>(0, 0));
        host.PollEvents();
        Assert.True(host.IsMinimized);
        Assert.Equal(1, host.ContentScale);
    });

    [Fact]
    public void Keys_come_with_modifiers_and_repeats_and_unknown_ones_not_at_all() => WithWindow((host, window) =>
    {
        List<KeyPress> pressed = [];
        List<ConsoleKey> released = [];
        host.KeyPressed += (_, press) => pressed.Add(press);
        host.KeyReleased += (_, key) => released.Add(key);
        window.Post(() =>
        {
            window.Keyboard.Press(Key.Unknown);
            window.Keyboard.Release(Key.Unknown);
            window.Keyboard.Press(Key.Escape);
            window.Keyboard.Press(Key.ShiftRight);
            window.Keyboard.Press(Key.A);
            window.Keyboard.Press(Key.A);
            window.Keyboard.Release(Key.A);
            window.Keyboard.Release(Key.ShiftRight);
            window.Keyboard.Press(Key.A);
        });
        host.PollEvents();
        Assert.Equal(
            [
                new KeyPress(ConsoleKey.Escape, 0, false), new KeyPress(ConsoleKey.A, ConsoleModifiers.Shift, false),
                new KeyPress(ConsoleKey.A, ConsoleModifiers.Shift, true), new KeyPress(ConsoleKey.A, 0, false),
            ],
            pressed);
        Assert.Equal([ConsoleKey.A], released);
    });

    [Fact]
    public void The_mouse_comes_in_pixels_of_a_dense_monitor() => WithWindow((host, window) =>
    {
        List<PointerEvent> used = [];
        host.PointerUsed += (_, point) => used.Add(point);
        window.Enlarge(new Vector2D<int>(400, 300), new Vector2D<int>(800, 600));
        window.Post(() =>
        {
            window.Mouse.Move(10, 20);
            window.Mouse.Press(MouseButton.Left);
            window.Mouse.Press(MouseButton.Button4);
            window.Mouse.Release(MouseButton.Left);
            window.Mouse.Turn(-2);
        });
        host.PollEvents();
        Assert.Equal(
            [
                new PointerEvent(PointerAction.Moved, 20, 40), new PointerEvent(PointerAction.Pressed, 20, 40, PointerButton.Left),
                new PointerEvent(PointerAction.Released, 20, 40, PointerButton.Left), new PointerEvent(PointerAction.Scrolled, 20, 40, Wheel: -2),
            ],
            used);
    });

    [Fact]
    public void Files_that_are_dropped_are_told_and_the_window_fills_the_screen() => WithWindow((host, window) =>
    {
        List<string> dropped = [];
        host.FilesDropped += (_, paths) => dropped.AddRange(paths);
        window.Post(() => window.Drop("a.onnx", "b.onnx"));
        host.PollEvents();
        Assert.Equal(["a.onnx", "b.onnx"], dropped);
        host.IsFullscreen = true;
        Assert.Equal((true, WindowState.Fullscreen), (host.IsFullscreen, window.WindowState));
        host.IsFullscreen = false;
        Assert.Equal(WindowState.Normal, window.WindowState);
    });

    [Fact]
    public void Characters_come_whole() => WithWindow((host, window) =>
    {
        List<Rune> typed = [];
        host.CharacterTyped += (_, rune) => typed.Add(rune);
        window.Post(() => "aé😀".ToList().ForEach(window.Keyboard.Type));
        window.Post(() => window.Keyboard.Type('\uDC00'));
        host.PollEvents();
        Assert.Equal([.. "aé😀".EnumerateRunes()], typed);
    });

    [Fact]
    public void What_a_handler_throws_comes_out_of_the_poll_and_not_through_the_window_system() => WithWindow((host, window) =>
    {
        bool later = false;
        host.KeyPressed += (_, _) => throw new InvalidOperationException("handler");
        window.Post(() => window.Keyboard.Press(Key.Space));
        window.Post(() => later = true);
        Assert.Equal("handler", Assert.Throws<InvalidOperationException>(host.PollEvents).Message);
        Assert.True(later);
        host.PollEvents();
    });

    [Fact]
    public void A_wait_ends_with_an_event_or_with_its_time() => WithWindow((host, window) =>
    {
        host.WaitEvents(TimeSpan.FromMilliseconds(15));
        window.Post(() => window.Keyboard.Press(Key.Space));
        host.WaitEvents(TimeSpan.FromHours(1));
    });

    [Fact]
    public void Closing_is_told_and_a_window_that_is_gone_is_not_asked() => gl.RunFresh(new(), _ =>
    {
        var (host, window) = Open();
        Assert.False(host.IsClosing);
        host.Close();
        Assert.True(host.IsClosing);
        host.Dispose();
        host.Dispose();
        Assert.True(host.IsClosing);
        Assert.True(window.Disposed);
        Assert.Throws<ObjectDisposedException>(host.PollEvents);
        Assert.Throws<ObjectDisposedException>(() => host.Device.VerifyThread());
    });

    [Fact]
    public void No_display_is_one_clear_error() => gl.RunFresh(new(), _ =>
    {
        StubWindow.Factory = _ => throw new PlatformNotSupportedException("Couldn't find a suitable window platform.");
        var error = Assert.Throws<GlException>(() => SilkHost.Create(new WindowOptions(), null, GlVersion.Required));
        Assert.Contains("suitable window platform", error.Message, StringComparison.Ordinal);
        Assert.Contains("display", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_window_of_OpenGL_ES_is_asked_for_by_its_version() => gl.RunFresh(new(), _ =>
    {
        StubWindow? window = null;
        StubWindow.Factory = options => window = new StubWindow(options, new StubContext { Loader = Address });
        using var host = SilkHost.Create(new WindowOptions(), null, GlVersion.RequiredEmbedded);
        Assert.Equal(global::Silk.NET.Windowing.ContextAPI.OpenGLES, window!.API.API);
        Assert.Equal((3, 1), (window.API.Version.MajorVersion, window.API.Version.MinorVersion));
    });

    [Fact]
    public void A_context_that_will_not_do_closes_its_window_again() => gl.RunFresh(new(), _ =>
    {
        StubWindow? window = null;
        StubWindow.Factory = options => window = new StubWindow(options, new StubContext { Loader = _ => 0 });
        Assert.Throws<GlException>(() => SilkHost.Create(new WindowOptions(), null, GlVersion.Required));
        Assert.True(window!.Disposed);
    });

    [Fact]
    public void A_build_against_the_stubs_says_how_to_get_the_real_thing() =>
        Assert.Contains("-p:UseSilkNet=true", new SilkBackend().WhyUnavailable, StringComparison.Ordinal);

    private void WithWindow(Action<SilkHost, StubWindow> test) => gl.RunFresh(new(), _ =>
    {
        var (host, window) = Open();
        using (host)
            test(host, window);
    });

    private static (SilkHost Host, StubWindow Window) Open()
    {
        StubWindow? window = null;
        StubWindow.Factory = options => window = new StubWindow(options, new StubContext { Loader = Address });
        return (SilkHost.Create(new WindowOptions { Title = "taught", Size = new Size2d(200, 300), VerticalSync = false }, null, GlVersion.Required), window!);
    }

    private static StubWindow Initialized()
    {
        var window = new StubWindow(global::Silk.NET.Windowing.WindowOptions.Default, new StubContext { Loader = Address });
        window.Initialize();
        return window;
    }

    // The driver as it is, but for what it says its version is.
    private static unsafe nint OldAddress(string name) => name == "glGetString" ? (nint)(delegate* unmanaged<uint, byte*>)&OldString : Address(name);

    [UnmanagedCallersOnly]
    private static unsafe byte* OldString(uint name)
    {
        fixed (byte* text = "3.3 stub\0"u8) // Static data, which does not move.
            return text;
    }

    private static unsafe nint Address(string name)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(name + "\0"))
            return GetProcAddress(text);
    }
}
