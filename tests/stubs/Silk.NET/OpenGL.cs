using Silk.NET.Core.Contexts;
using Silk.NET.Core.Native;

namespace Silk.NET.OpenGL;

public partial class GL(INativeContext ctx) : NativeAPI(ctx)
{
    public static GL GetApi(INativeContext ctx) => new(ctx);

    public static GL GetApi(IGLContext ctx) => new(ctx);

    public static GL GetApi(IGLContextSource contextSource) => new(contextSource.GLContext!);

    public static GL GetApi(Func<string, nint> getProcAddress) => new(new StubContext { Loader = getProcAddress });
}

public static class GLExtensions
{
    public static GL CreateOpenGL(this IGLContextSource src) => GL.GetApi(src);
}

/// <summary>Has the name of ours.</summary>
public enum PixelFormat
{
    Rgb = 0x1907,
    Rgba = 0x1908,
}

/// <summary>Has the name that others use for theirs.</summary>
public readonly struct Buffer(uint handle)
{
    public uint Handle => handle;
}
