using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>A framebuffer that draws into one texture.</summary>
internal sealed unsafe class GpuFramebuffer : GlObject
{
    /// <exception cref="GlException">The driver cannot draw into the texture's format.</exception>
    public GpuFramebuffer(GpuTexture texture)
        : base(texture.Device, texture.Label)
    {
        var gl = Device.Gl;
        uint id;
        gl.GenFramebuffers(1, &id);
        Id = id;
        Device.Objects.Add(new GlName(GlKind.Framebuffer, id), Label);
        gl.BindFramebuffer(GL_FRAMEBUFFER, id);
        gl.FramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture.Id, 0);
        uint status = gl.CheckFramebufferStatus(GL_FRAMEBUFFER);
        gl.BindFramebuffer(GL_FRAMEBUFFER, 0);
        if (status == GL_FRAMEBUFFER_COMPLETE)
            return;
        Dispose();
        throw new GlException($"OpenGL cannot draw into texture '{Label}' of {texture.Width}×{texture.Height} texels (framebuffer status 0x{status:X}).");
    }

    /// <summary>The OpenGL name.</summary>
    public uint Id { get; }

    private protected override void ReleaseNames(List<GlName> names)
    {
        if (Id != 0)
            names.Add(new GlName(GlKind.Framebuffer, Id));
    }
}
