using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>What kind of device a driver's words tell, and that another kind can be asked for.</summary>
[Collection(GlTests.Name)]
public sealed class DeviceProfileTests(GlFixture gl)
{
    [Theory]
    [InlineData("Mesa/X.org", "llvmpipe (LLVM 15.0.6, 256 bits)", ProfileKind.Software)]
    [InlineData("Mesa", "zink Vulkan 1.3(llvmpipe (LLVM 15.0.6, 256 bits) (MESA_LLVMPIPE))", ProfileKind.Software)]
    [InlineData("Microsoft Corporation", "GDI Generic", ProfileKind.Software)]
    [InlineData("NVIDIA Corporation", "NVIDIA H200/PCIe/SSE2", ProfileKind.Discrete)]
    [InlineData("NVIDIA Corporation", "NVIDIA GeForce RTX 3060 Ti/PCIe/SSE2", ProfileKind.Discrete)]
    [InlineData("Microsoft Corporation", "D3D12 (NVIDIA GeForce RTX 4070)", ProfileKind.Discrete)]
    [InlineData("AMD", "AMD Radeon RX 6800 XT (radeonsi, navi21, LLVM 17.0.6, DRM 3.57)", ProfileKind.Discrete)]
    [InlineData("X.Org", "AMD Radeon (TM) RX 480 Graphics (polaris10, LLVM 15.0.6)", ProfileKind.Discrete)]
    [InlineData("ATI Technologies Inc.", "AMD Radeon RX Vega 64", ProfileKind.Discrete)]
    [InlineData("Intel", "Mesa Intel(R) Arc(tm) A770 Graphics (DG2)", ProfileKind.Discrete)]
    [InlineData("Intel", "Mesa Intel(R) Arc(tm) Graphics (MTL)", ProfileKind.Integrated)]
    [InlineData("Intel", "Mesa Intel(R) UHD Graphics 770 (ADL-S GT1)", ProfileKind.Integrated)]
    [InlineData("AMD", "AMD Radeon Graphics (radeonsi, renoir, LLVM 15.0.7)", ProfileKind.Integrated)]
    [InlineData("ATI Technologies Inc.", "AMD Radeon(TM) Vega 8 Graphics", ProfileKind.Integrated)]
    [InlineData("AMD", "AMD Radeon 780M (radeonsi, gfx1103_r1, LLVM 17.0.6)", ProfileKind.Integrated)]
    [InlineData("Mesa", "Apple M1 (G13G B1)", ProfileKind.Integrated)]
    [InlineData("Broadcom", "V3D 7.1", ProfileKind.Embedded)]
    [InlineData("ARM", "Mali-G610", ProfileKind.Embedded)]
    [InlineData("Qualcomm", "Adreno (TM) 740", ProfileKind.Embedded)]
    [InlineData("NVIDIA Corporation", "NVIDIA Tegra X1 (nvgpu)/integrated", ProfileKind.Embedded)]
    [InlineData("Maker", "a renderer nobody has heard of", ProfileKind.Integrated)]
    public void The_drivers_words_tell_the_kind(string vendor, string renderer, ProfileKind kind)
    {
        var profile = DeviceProfile.Of(vendor, renderer, GlVersion.Required, GlLimits.Guaranteed, subgroupSize: null);
        Assert.Equal((kind, GlLimits.Guaranteed, DeviceProfile.UsualSubgroup(kind)), (profile.Kind, profile.Limits, profile.SubgroupSize));
    }

    [Theory]
    [InlineData("Maker", "a renderer nobody has heard of", ProfileKind.Embedded)]
    [InlineData("Intel", "Mesa Intel(R) UHD Graphics 600", ProfileKind.Integrated)]
    [InlineData("NVIDIA Corporation", "NVIDIA GeForce RTX 3060 Ti/PCIe/SSE2", ProfileKind.Discrete)]
    public void In_OpenGL_ES_who_is_unknown_is_embedded(string vendor, string renderer, ProfileKind kind) =>
        Assert.Equal(kind, DeviceProfile.Of(vendor, renderer, GlVersion.RequiredEmbedded, GlLimits.GuaranteedEmbedded, 64).Kind);

    [Fact]
    public void What_the_driver_says_of_its_subgroups_counts() =>
        Assert.Equal(64, DeviceProfile.Of("AMD", "AMD Radeon RX 580", GlVersion.Required, GlLimits.Guaranteed, 64).SubgroupSize);

    [Fact]
    public void A_device_has_its_own_profile_or_the_one_that_was_asked_for()
    {
        bool isSoftware = gl.Run(own =>
        {
            Assert.Equal(own.Info.IsSoftware, own.Profile.Kind == ProfileKind.Software);
            return own.Info.IsSoftware;
        });
        gl.RunFresh(new() { Profile = ProfileKind.Discrete }, device =>
        {
            Assert.Equal(DeviceProfile.Of(ProfileKind.Discrete, device.Limits), device.Profile);
            Assert.Equal(isSoftware, device.Info.IsSoftware);
        });
    }
}
