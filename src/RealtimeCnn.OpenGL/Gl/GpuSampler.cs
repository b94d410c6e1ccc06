using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// A sampler without mipmaps and clamped to the edge. Bound beside a texture, it overrides the texture's own settings and
/// whatever sampler a host left bound, under which the texture might count as incomplete.
/// </summary>
internal sealed unsafe class GpuSampler : GlObject
{
    private readonly uint _id;

    /// <param name="device">Where.</param>
    /// <param name="filter"><c>GL_NEAREST</c> or <c>GL_LINEAR</c>.</param>
    /// <param name="label">What it is for, as reports show it.</param>
    public GpuSampler(GlDevice device, uint filter, string label)
        : base(device, label)
    {
        uint id;
        device.Gl.GenSamplers(1, &id);
        _id = id;
        device.Objects.Add(new GlName(GlKind.Sampler, id), label);
        device.Gl.SamplerParameteri(id, GL_TEXTURE_MIN_FILTER, (int)filter);
        device.Gl.SamplerParameteri(id, GL_TEXTURE_MAG_FILTER, (int)filter);
        device.Gl.SamplerParameteri(id, GL_TEXTURE_WRAP_S, (int)GL_CLAMP_TO_EDGE);
        device.Gl.SamplerParameteri(id, GL_TEXTURE_WRAP_T, (int)GL_CLAMP_TO_EDGE);
    }

    /// <summary>Binds it to a texture unit.</summary>
    public void Bind(uint unit) => Device.Gl.BindSampler(unit, _id);

    private protected override void ReleaseNames(List<GlName> names) => names.Add(new GlName(GlKind.Sampler, _id));
}
