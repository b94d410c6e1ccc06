namespace RealtimeCnn.OpenGL;

// Buffers, textures, samplers and framebuffers.
internal sealed unsafe partial class GlApi
{
    public readonly delegate* unmanaged<int, uint*, void> GenBuffers =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glGenBuffers");

    public readonly delegate* unmanaged<int, uint*, void> DeleteBuffers =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glDeleteBuffers");

    public readonly delegate* unmanaged<uint, uint, void> BindBuffer =
        (delegate* unmanaged<uint, uint, void>)Require(getProcAddress, "glBindBuffer");

    public readonly delegate* unmanaged<uint, uint, uint, void> BindBufferBase =
        (delegate* unmanaged<uint, uint, uint, void>)Require(getProcAddress, "glBindBufferBase");

    public readonly delegate* unmanaged<uint, uint, uint, nint, nint, void> BindBufferRange =
        (delegate* unmanaged<uint, uint, uint, nint, nint, void>)Require(getProcAddress, "glBindBufferRange");

    public readonly delegate* unmanaged<uint, nint, void*, uint, void> BufferData =
        (delegate* unmanaged<uint, nint, void*, uint, void>)Require(getProcAddress, "glBufferData");

    public readonly delegate* unmanaged<uint, nint, nint, void*, void> BufferSubData =
        (delegate* unmanaged<uint, nint, nint, void*, void>)Require(getProcAddress, "glBufferSubData");

    public readonly delegate* unmanaged<uint, nint, nint, void*, void> GetBufferSubData =
        (delegate* unmanaged<uint, nint, nint, void*, void>)Require(getProcAddress, "glGetBufferSubData");

    public readonly delegate* unmanaged<uint, uint, nint, nint, nint, void> CopyBufferSubData =
        (delegate* unmanaged<uint, uint, nint, nint, nint, void>)Require(getProcAddress, "glCopyBufferSubData");

    public readonly delegate* unmanaged<uint, uint, nint, nint, uint, uint, void*, void> ClearBufferSubData =
        (delegate* unmanaged<uint, uint, nint, nint, uint, uint, void*, void>)Require(getProcAddress, "glClearBufferSubData");

    public readonly delegate* unmanaged<uint, nint, nint, uint, void*> MapBufferRange =
        (delegate* unmanaged<uint, nint, nint, uint, void*>)Require(getProcAddress, "glMapBufferRange");

    public readonly delegate* unmanaged<uint, byte> UnmapBuffer =
        (delegate* unmanaged<uint, byte>)Require(getProcAddress, "glUnmapBuffer");

    public readonly delegate* unmanaged<int, uint*, void> GenTextures =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glGenTextures");

    public readonly delegate* unmanaged<int, uint*, void> DeleteTextures =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glDeleteTextures");

    public readonly delegate* unmanaged<uint, uint, void> BindTexture =
        (delegate* unmanaged<uint, uint, void>)Require(getProcAddress, "glBindTexture");

    public readonly delegate* unmanaged<uint, void> ActiveTexture =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glActiveTexture");

    public readonly delegate* unmanaged<uint, uint, uint, nint, nint, void> TexBufferRange =
        (delegate* unmanaged<uint, uint, uint, nint, nint, void>)Require(getProcAddress, "glTexBufferRange");

    public readonly delegate* unmanaged<uint, int, uint, int, int, void> TexStorage2D =
        (delegate* unmanaged<uint, int, uint, int, int, void>)Require(getProcAddress, "glTexStorage2D");

    public readonly delegate* unmanaged<uint, int, int, int, int, int, uint, uint, void*, void> TexSubImage2D =
        (delegate* unmanaged<uint, int, int, int, int, int, uint, uint, void*, void>)Require(getProcAddress, "glTexSubImage2D");

    public readonly delegate* unmanaged<uint, uint, int, void> TexParameteri =
        (delegate* unmanaged<uint, uint, int, void>)Require(getProcAddress, "glTexParameteri");

    public readonly delegate* unmanaged<uint, int, void> PixelStorei =
        (delegate* unmanaged<uint, int, void>)Require(getProcAddress, "glPixelStorei");

    public readonly delegate* unmanaged<uint, uint, int, byte, int, uint, uint, void> BindImageTexture =
        (delegate* unmanaged<uint, uint, int, byte, int, uint, uint, void>)Require(getProcAddress, "glBindImageTexture");

    public readonly delegate* unmanaged<int, uint*, void> GenSamplers =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glGenSamplers");

    public readonly delegate* unmanaged<int, uint*, void> DeleteSamplers =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glDeleteSamplers");

    public readonly delegate* unmanaged<uint, uint, void> BindSampler =
        (delegate* unmanaged<uint, uint, void>)Require(getProcAddress, "glBindSampler");

    public readonly delegate* unmanaged<uint, uint, int, void> SamplerParameteri =
        (delegate* unmanaged<uint, uint, int, void>)Require(getProcAddress, "glSamplerParameteri");

    public readonly delegate* unmanaged<int, uint*, void> GenFramebuffers =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glGenFramebuffers");

    public readonly delegate* unmanaged<int, uint*, void> DeleteFramebuffers =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glDeleteFramebuffers");

    public readonly delegate* unmanaged<uint, uint, void> BindFramebuffer =
        (delegate* unmanaged<uint, uint, void>)Require(getProcAddress, "glBindFramebuffer");

    public readonly delegate* unmanaged<uint, uint, uint, uint, int, void> FramebufferTexture2D =
        (delegate* unmanaged<uint, uint, uint, uint, int, void>)Require(getProcAddress, "glFramebufferTexture2D");

    public readonly delegate* unmanaged<uint, uint> CheckFramebufferStatus =
        (delegate* unmanaged<uint, uint>)Require(getProcAddress, "glCheckFramebufferStatus");

    public readonly delegate* unmanaged<int, uint*, void> GenVertexArrays =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glGenVertexArrays");

    public readonly delegate* unmanaged<int, uint*, void> DeleteVertexArrays =
        (delegate* unmanaged<int, uint*, void>)Require(getProcAddress, "glDeleteVertexArrays");

    public readonly delegate* unmanaged<uint, void> BindVertexArray =
        (delegate* unmanaged<uint, void>)Require(getProcAddress, "glBindVertexArray");

    public readonly delegate* unmanaged<int, int, int, int, uint, uint, void*, void> ReadPixels =
        (delegate* unmanaged<int, int, int, int, uint, uint, void*, void>)Require(getProcAddress, "glReadPixels");

    public readonly delegate* unmanaged<uint, uint, int, byte*, void> ObjectLabel =
        (delegate* unmanaged<uint, uint, int, byte*, void>)Require(getProcAddress, "glObjectLabel");

    // Core since OpenGL 4.4; null where the driver has neither that nor the extension.
    public readonly delegate* unmanaged<uint, nint, void*, uint, void> BufferStorage =
        (delegate* unmanaged<uint, nint, void*, uint, void>)getProcAddress("glBufferStorage");
}
