using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.OpenGL;

public sealed class WindowHostsTests
{
    [Fact]
    public void None_opens_none()
    {
        var (host, reason) = WindowHosts.Open("none", new WindowOptions(), null, new Backend("silk", null));
        Assert.Null(host);
        Assert.Contains("no window", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_library_is_refused_with_the_known_ones() =>
        Assert.Contains("auto, glfw, none, silk", Assert.Throws<ArgumentException>(() => WindowHosts.Open("sdl", new WindowOptions(), null, new Backend("silk", null))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_named_adapter_is_taken_or_refused_but_never_replaced()
    {
        var ready = new Backend("silk", null);
        Assert.Equal("window through Library silk", WindowHosts.Open("silk", new WindowOptions(), null, ready).Reason);
        Assert.Equal(1, ready.Opened);
        Assert.Contains("is not built in", Assert.Throws<GlException>(() => WindowHosts.Open("silk", new WindowOptions(), null, new Backend("silk", "is not built in"))).Message, StringComparison.Ordinal);
        Assert.Contains("no display", Assert.Throws<GlException>(() => WindowHosts.Open("silk", new WindowOptions(), null, new Backend("silk", null, "no display"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_takes_the_first_adapter_that_opens() =>
        Assert.Equal("window through Library second", WindowHosts.Open("auto", new WindowOptions(), null, new Backend("first", null, "no native library"), new Backend("second", null)).Reason);

    [Fact]
    public void Auto_neither_tries_nor_mentions_what_is_not_built_in()
    {
        var shell = new Backend("shell", "is not built in") { IsBuiltIn = false };
        Assert.Equal("window through Library ready", WindowHosts.Open("auto", new WindowOptions(), null, shell, new Backend("ready", null)).Reason);
        Assert.Equal(0, shell.Opened);
    }

    private sealed class Backend(string name, string? whyUnavailable, string? failure = null) : IWindowBackend
    {
        public bool IsBuiltIn { get; init; } = true;

        public int Opened { get; private set; }

        public string Name => name;

        public string Title => $"Library {name}";

        public string? WhyUnavailable => whyUnavailable;

        public IWindowHost Open(WindowOptions window, GlDeviceOptions? options)
        {
            Opened++;
            return failure is null ? null! : throw new GlException(failure);
        }
    }
}
