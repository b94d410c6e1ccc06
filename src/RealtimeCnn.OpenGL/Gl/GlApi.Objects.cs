namespace RealtimeCnn.OpenGL;

// Buffers, textures, samplers and framebuffers.
internal sealed unsafe partial class GlApi
{
    public readonly delegate* unmanaged<int, uint*, void> GenBuffers =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glGenBuffers");

    public readonly delegate* unmanaged<int, uint*, void> DeleteBuffers =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glDeleteBuffers");

    public readonly delegate* unmanaged<uint, uint, void> BindBuffer =
        (delegate* unmanaged<uint, uint, void>)entries.Require("glBindBuffer");

    public readonly delegate* unmanaged<uint, uint, uint, void> BindBufferBase =
        (delegate* unmanaged<uint, uint, uint, void>)entries.Require("glBindBufferBase");

    public readonly delegate* unmanaged<uint, uint, uint, nint, nint, void> BindBufferRange =
        (delegate* unmanaged<uint, uint, uint, nint, nint, void>)entries.Require("glBindBufferRange");

    public readonly delegate* unmanaged<uint, nint, void*, uint, void> BufferData =
        (delegate* unmanaged<uint, nint, void*, uint, void>)entries.Require("glBufferData");

    public readonly delegate* unmanaged<uint, nint, nint, void*, void> BufferSubData =
        (delegate* unmanaged<uint, nint, nint, void*, void>)entries.Require("glBufferSubData");

    /// <summary>Null in OpenGL ES, where memory is read by mapping it.</summary>
    public readonly delegate* unmanaged<uint, nint, nint, void*, void> GetBufferSubData =
        (delegate* unmanaged<uint, nint, nint, void*, void>)entries.OnDesktop("glGetBufferSubData");

    public readonly delegate* unmanaged<uint, uint, nint, nint, nint, void> CopyBufferSubData =
        (delegate* unmanaged<uint, uint, nint, nint, nint, void>)entries.Require("glCopyBufferSubData");

    /// <summary>Null in OpenGL ES, where memory is cleared by mapping it.</summary>
    public readonly delegate* unmanaged<uint, uint, nint, nint, uint, uint, void*, void> ClearBufferSubData =
        (delegate* unmanaged<uint, uint, nint, nint, uint, uint, void*, void>)entries.OnDesktop("glClearBufferSubData");

    public readonly delegate* unmanaged<uint, nint, nint, uint, void*> MapBufferRange =
        (delegate* unmanaged<uint, nint, nint, uint, void*>)entries.Require("glMapBufferRange");

    public readonly delegate* unmanaged<uint, byte> UnmapBuffer =
        (delegate* unmanaged<uint, byte>)entries.Require("glUnmapBuffer");

    public readonly delegate* unmanaged<int, uint*, void> GenTextures =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glGenTextures");

    public readonly delegate* unmanaged<int, uint*, void> DeleteTextures =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glDeleteTextures");

    public readonly delegate* unmanaged<uint, uint, void> BindTexture =
        (delegate* unmanaged<uint, uint, void>)entries.Require("glBindTexture");

    public readonly delegate* unmanaged<uint, void> ActiveTexture =
        (delegate* unmanaged<uint, void>)entries.Require("glActiveTexture");

    /// <summary>Null where there are no buffer textures.</summary>
    public readonly delegate* unmanaged<uint, uint, uint, nint, nint, void> TexBufferRange =
        (delegate* unmanaged<uint, uint, uint, nint, nint, void>)entries.TextureBuffer("glTexBufferRange");

    public readonly delegate* unmanaged<uint, int, uint, int, int, void> TexStorage2D =
        (delegate* unmanaged<uint, int, uint, int, int, void>)entries.Require("glTexStorage2D");

    public readonly delegate* unmanaged<uint, int, int, int, int, int, uint, uint, void*, void> TexSubImage2D =
        (delegate* unmanaged<uint, int, int, int, int, int, uint, uint, void*, void>)entries.Require("glTexSubImage2D");

    public readonly delegate* unmanaged<uint, uint, int, void> TexParameteri =
        (delegate* unmanaged<uint, uint, int, void>)entries.Require("glTexParameteri");

    public readonly delegate* unmanaged<uint, int, void> PixelStorei =
        (delegate* unmanaged<uint, int, void>)entries.Require("glPixelStorei");

    public readonly delegate* unmanaged<uint, uint, int, byte, int, uint, uint, void> BindImageTexture =
        (delegate* unmanaged<uint, uint, int, byte, int, uint, uint, void>)entries.Require("glBindImageTexture");

    public readonly delegate* unmanaged<int, uint*, void> GenSamplers =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glGenSamplers");

    public readonly delegate* unmanaged<int, uint*, void> DeleteSamplers =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glDeleteSamplers");

    public readonly delegate* unmanaged<uint, uint, void> BindSampler =
        (delegate* unmanaged<uint, uint, void>)entries.Require("glBindSampler");

    public readonly delegate* unmanaged<uint, uint, int, void> SamplerParameteri =
        (delegate* unmanaged<uint, uint, int, void>)entries.Require("glSamplerParameteri");

    public readonly delegate* unmanaged<int, uint*, void> GenFramebuffers =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glGenFramebuffers");

    public readonly delegate* unmanaged<int, uint*, void> DeleteFramebuffers =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glDeleteFramebuffers");

    public readonly delegate* unmanaged<uint, uint, void> BindFramebuffer =
        (delegate* unmanaged<uint, uint, void>)entries.Require("glBindFramebuffer");

    public readonly delegate* unmanaged<uint, uint, uint, uint, int, void> FramebufferTexture2D =
        (delegate* unmanaged<uint, uint, uint, uint, int, void>)entries.Require("glFramebufferTexture2D");

    public readonly delegate* unmanaged<uint, uint> CheckFramebufferStatus =
        (delegate* unmanaged<uint, uint>)entries.Require("glCheckFramebufferStatus");

    public readonly delegate* unmanaged<int, uint*, void> GenVertexArrays =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glGenVertexArrays");

    public readonly delegate* unmanaged<int, uint*, void> DeleteVertexArrays =
        (delegate* unmanaged<int, uint*, void>)entries.Require("glDeleteVertexArrays");

    public readonly delegate* unmanaged<uint, void> BindVertexArray =
        (delegate* unmanaged<uint, void>)entries.Require("glBindVertexArray");

    public readonly delegate* unmanaged<int, int, int, int, uint, uint, void*, void> ReadPixels =
        (delegate* unmanaged<int, int, int, int, uint, uint, void*, void>)entries.Require("glReadPixels");

    public readonly delegate* unmanaged<int, int, int, int, int, int, int, int, uint, uint, void> BlitFramebuffer =
        (delegate* unmanaged<int, int, int, int, int, int, int, int, uint, uint, void>)entries.Require("glBlitFramebuffer");

    /// <summary>Null where there is no KHR_debug.</summary>
    public readonly delegate* unmanaged<uint, uint, int, byte*, void> ObjectLabel =
        (delegate* unmanaged<uint, uint, int, byte*, void>)entries.Debug("glObjectLabel");

    // Null where memory cannot stay mapped.
    public readonly delegate* unmanaged<uint, nint, void*, uint, void> BufferStorage =
        (delegate* unmanaged<uint, nint, void*, uint, void>)entries.BufferStorage("glBufferStorage");
}
