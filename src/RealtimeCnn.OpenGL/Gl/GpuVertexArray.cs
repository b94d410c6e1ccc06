namespace RealtimeCnn.OpenGL;

/// <summary>A vertex array, without which core profiles draw nothing; it has the attributes that are set while it is bound.</summary>
internal sealed unsafe class GpuVertexArray : GlObject
{
    public GpuVertexArray(GlDevice device, string label)
        : base(device, label)
    {
        uint id;
        device.Gl.GenVertexArrays(1, &id);
        Id = id;
        device.Objects.Add(new GlName(GlKind.VertexArray, id), label);
    }

    /// <summary>The OpenGL name.</summary>
    public uint Id { get; }

    private protected override void ReleaseNames(List<GlName> names) => names.Add(new GlName(GlKind.VertexArray, Id));
}
