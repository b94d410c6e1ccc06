namespace RealtimeCnn.OpenGL;

/// <summary>Which device this is, and what a short probe at its creation found out.</summary>
/// <param name="Vendor">Driver's maker, as the driver says.</param>
/// <param name="Renderer">Device, as the driver says.</param>
/// <param name="Driver">Version string of the driver.</param>
/// <param name="Version">Version of the context, of OpenGL or OpenGL ES.</param>
/// <param name="IsSoftware">Whether the CPU does the drawing (llvmpipe and its like).</param>
/// <param name="HasPersistentMapping">Whether buffers can stay mapped while the GPU uses them (OpenGL 4.4, or an extension).</param>
/// <param name="TimersWork">Whether GPU timestamps around a dispatch agreed with the clock of the CPU; never on software, whose timestamps come late.</param>
/// <param name="ReadPath">How shaders read tensors here.</param>
public sealed record GlDeviceInfo(
    string Vendor, string Renderer, string Driver, GlVersion Version, bool IsSoftware, bool HasPersistentMapping, bool TimersWork, ReadPath ReadPath)
{
    /// <summary>In one sentence, why networks had better run on the CPU path than on this device; null where they had not.</summary>
    public string? ReasonForCpu => IsSoftware ? $"'{Renderer}' is OpenGL in software, several times slower than the CPU path." : null;
}
