using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>A mark in the stream of GPU commands that can be asked, without waiting, whether it was reached.</summary>
internal struct GpuFence
{
    private nint _sync;
    private bool _flushed;

    /// <summary>Whether a mark is set that was not yet seen to be reached.</summary>
    public readonly bool IsPending => _sync != 0;

    /// <summary>Sets the mark behind all commands so far.</summary>
    /// <exception cref="GlException">The context is gone: without one, all other calls do silently nothing.</exception>
    public unsafe void Set(GlApi gl)
    {
        Clear(gl);
        (_sync, _flushed) = (gl.FenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0), false);
        if (_sync == 0)
            throw new GlException($"OpenGL set no fence: {GlDevice.NoContext}");
    }

    /// <summary>Whether everything before the mark is done. Never waits.</summary>
    /// <exception cref="GlException">The driver lost the fence.</exception>
    public unsafe bool Poll(GlApi gl)
    {
        if (_sync == 0)
            return true;

        // Without a flush a fence may never be reached by a program that only polls; once is enough.
        uint status = gl.ClientWaitSync(_sync, _flushed ? 0 : GL_SYNC_FLUSH_COMMANDS_BIT, 0);
        _flushed = true;
        if (status == GL_TIMEOUT_EXPIRED)
            return false;
        if (status == GL_WAIT_FAILED)
            throw new GlException($"OpenGL lost a fence: {GlDevice.NoContext}");
        Clear(gl);
        return true;
    }

    /// <summary>Forgets the mark.</summary>
    public unsafe void Clear(GlApi gl)
    {
        if (_sync != 0)
            gl.DeleteSync(_sync);
        _sync = 0;
    }
}
