namespace RealtimeCnn.OpenGL;

// Queries, synchronisation and what the context reports about itself.
internal sealed unsafe partial class GlApi
{
    public readonly delegate* unmanaged<uint, byte*> GetString =
        (delegate* unmanaged<uint, byte*>)Require(getProcAddress, "glGetString");

    public readonly delegate* unmanaged<uint, uint, byte*> GetStringi =
        (delegate* unmanaged<uint, uint, byte*>)Require(getProcAddress, "glGetStringi");

    public readonly delegate* unmanaged<uint> GetError =
        (delegate* unmanaged<uint>)Require(getProcAddress, "glGetError");

    /// <summary>Null where the driver has no robustness (before OpenGL 4.5 an extension).</summary>
    public readonly delegate* unmanaged<uint> GetGraphicsResetStatus =
        (delegate* unmanaged<uint>)First(getProcAddress, "glGetGraphicsResetStatus", "glGetGraphicsResetStatusARB", "glGetGraphicsResetStatusKHR");

    public readonly delegate* unmanaged<uint, byte*, void> GetBooleanv =
        (delegate* unmanaged<uint, byte*, void>)Require(getProcAddress, "glGetBooleanv");

    public readonly delegate* unmanaged<uint, int*, void> GetIntegerv =
        (delegate* unmanaged<uint, int*, void>)Require(getProcAddress, "glGetIntegerv");

    public readonly delegate* unmanaged<uint, long*, void> GetInteger64v =
        (delegate* unmanaged<uint, long*, void>)Require(getProcAddress, "glGetInteger64v");

    public readonly delegate* unmanaged<uint, float*, void> GetFloatv =
        (delegate* unmanaged<uint, float*, void>)Require(getProcAddress, "glGetFloatv");

    public readonly delegate* unmanaged<uint, uint, int*, void> GetIntegeri_v =
        (delegate* unmanaged<uint, uint, int*, void>)Require(getProcAddress, "glGetIntegeri_v");

    public readonly delegate* unmanaged<uint, uint, long*, void> GetInteger64i_v =
        (delegate* unmanaged<uint, uint, long*, void>)Require(getProcAddress, "glGetInteger64i_v");

    public readonly delegate* unmanaged<uint, uint, byte*, void> GetBooleani_v =
        (delegate* unmanaged<uint, uint, byte*, void>)Require(getProcAddress, "glGetBooleani_v");

    public readonly delegate* unmanaged<uint, void**, void> GetPointerv =
        (delegate* unmanaged<uint, void**, void>)Require(getProcAddress, "glGetPointerv");

    public readonly delegate* unmanaged<void> Finish =
        (delegate* unmanaged<void>)Require(getProcAddress, "glFinish");

    public readonly delegate* unmanaged<void> Flush =
        (delegate* unmanaged<void>)Require(getProcAddress, "glFlush");

    public readonly delegate* unmanaged<uint, uint, nint> FenceSync =
        (delegate* unmanaged<uint, uint, nint>)Require(getProcAddress, "glFenceSync");

    public readonly delegate* unmanaged<nint, void> DeleteSync =
        (delegate* unmanaged<nint, void>)Require(getProcAddress, "glDeleteSync");

    public readonly delegate* unmanaged<nint, uint, ulong, uint> ClientWaitSync =
        (delegate* unmanaged<nint, uint, ulong, uint>)Require(getProcAddress, "glClientWaitSync");

    public readonly delegate* unmanaged<int, uint*, void> GenQueries =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glGenQueries");

    public readonly delegate* unmanaged<int, uint*, void> DeleteQueries =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glDeleteQueries");

    public readonly delegate* unmanaged<uint, uint, void> QueryCounter =
        (delegate* unmanaged<uint, uint, void>)Require(getProcAddress, "glQueryCounter");

    public readonly delegate* unmanaged<uint, uint, int*, void> GetQueryObjectiv =
        (delegate* unmanaged<uint, uint, int*, void>)Require(getProcAddress, "glGetQueryObjectiv");

    public readonly delegate* unmanaged<uint, uint, ulong*, void> GetQueryObjectui64v =
        (delegate* unmanaged<uint, uint, ulong*, void>)Require(getProcAddress, "glGetQueryObjectui64v");

    public readonly delegate* unmanaged<nint, void*, void> DebugMessageCallback =
        (delegate* unmanaged<nint, void*, void>)Require(getProcAddress, "glDebugMessageCallback");
}
