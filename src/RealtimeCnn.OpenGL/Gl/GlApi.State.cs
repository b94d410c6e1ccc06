namespace RealtimeCnn.OpenGL;

// Queries, synchronisation and what the context reports about itself.
internal sealed unsafe partial class GlApi
{
    public readonly delegate* unmanaged<uint, byte*> GetString =
        (delegate* unmanaged<uint, byte*>)entries.Require("glGetString");

    public readonly delegate* unmanaged<uint, uint, byte*> GetStringi =
        (delegate* unmanaged<uint, uint, byte*>)entries.Require("glGetStringi");

    public readonly delegate* unmanaged<uint> GetError =
        (delegate* unmanaged<uint>)entries.Require("glGetError");

    /// <summary>Null where the driver has no robustness.</summary>
    public readonly delegate* unmanaged<uint> GetGraphicsResetStatus =
        (delegate* unmanaged<uint>)entries.ResetStatus("glGetGraphicsResetStatus");

    public readonly delegate* unmanaged<uint, byte*, void> GetBooleanv =
        (delegate* unmanaged<uint, byte*, void>)entries.Require("glGetBooleanv");

    public readonly delegate* unmanaged<uint, int*, void> GetIntegerv =
        (delegate* unmanaged<uint, int*, void>)entries.Require("glGetIntegerv");

    public readonly delegate* unmanaged<uint, long*, void> GetInteger64v =
        (delegate* unmanaged<uint, long*, void>)entries.Require("glGetInteger64v");

    public readonly delegate* unmanaged<uint, float*, void> GetFloatv =
        (delegate* unmanaged<uint, float*, void>)entries.Require("glGetFloatv");

    public readonly delegate* unmanaged<uint, uint, int*, void> GetIntegeri_v =
        (delegate* unmanaged<uint, uint, int*, void>)entries.Require("glGetIntegeri_v");

    public readonly delegate* unmanaged<uint, uint, long*, void> GetInteger64i_v =
        (delegate* unmanaged<uint, uint, long*, void>)entries.Require("glGetInteger64i_v");

    public readonly delegate* unmanaged<uint, uint, byte*, void> GetBooleani_v =
        (delegate* unmanaged<uint, uint, byte*, void>)entries.Require("glGetBooleani_v");

    /// <summary>Null where there is no KHR_debug.</summary>
    public readonly delegate* unmanaged<uint, void**, void> GetPointerv =
        (delegate* unmanaged<uint, void**, void>)entries.Debug("glGetPointerv");

    public readonly delegate* unmanaged<void> Finish =
        (delegate* unmanaged<void>)entries.Require("glFinish");

    public readonly delegate* unmanaged<void> Flush =
        (delegate* unmanaged<void>)entries.Require("glFlush");

    public readonly delegate* unmanaged<uint, uint, nint> FenceSync =
        (delegate* unmanaged<uint, uint, nint>)entries.Require("glFenceSync");

    public readonly delegate* unmanaged<nint, void> DeleteSync =
        (delegate* unmanaged<nint, void>)entries.Require("glDeleteSync");

    public readonly delegate* unmanaged<nint, uint, ulong, uint> ClientWaitSync =
        (delegate* unmanaged<nint, uint, ulong, uint>)entries.Require("glClientWaitSync");

    public readonly delegate* unmanaged<int, uint*, void> GenQueries =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glGenQueries");

    public readonly delegate* unmanaged<int, uint*, void> DeleteQueries =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glDeleteQueries");

    /// <summary>Null in OpenGL ES, which has no timestamps.</summary>
    public readonly delegate* unmanaged<uint, uint, void> QueryCounter =
        (delegate* unmanaged<uint, uint, void>)entries.Timestamp("glQueryCounter");

    public readonly delegate* unmanaged<uint, uint, int*, void> GetQueryObjectiv =
        (delegate* unmanaged<uint, uint, int*, void>)entries.Timestamp("glGetQueryObjectiv");

    public readonly delegate* unmanaged<uint, uint, ulong*, void> GetQueryObjectui64v =
        (delegate* unmanaged<uint, uint, ulong*, void>)entries.Timestamp("glGetQueryObjectui64v");

    /// <summary>Null where there is no KHR_debug.</summary>
    public readonly delegate* unmanaged<nint, void*, void> DebugMessageCallback =
        (delegate* unmanaged<nint, void*, void>)entries.Debug("glDebugMessageCallback");
}
