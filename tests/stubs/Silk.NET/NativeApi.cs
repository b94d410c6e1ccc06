using Silk.NET.Core.Contexts;

namespace Silk.NET.Core.Native;

public abstract class NativeAPI(INativeContext ctx) : IDisposable
{
    public INativeContext Context { get; } = ctx;

    public void Dispose()
    {
        Context.Dispose();
        GC.SuppressFinalize(this);
    }
}
