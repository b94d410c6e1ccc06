using System.Runtime.InteropServices;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.OpenGL.Embedded;

/// <summary>What a device in OpenGL ES is, what it lacks, and how contexts of it come about.</summary>
[Collection(EmbeddedGlTests.Name)]
public sealed unsafe class EmbeddedDeviceTests(EmbeddedGlFixture gl)
{
    [Fact]
    public void A_context_that_is_asked_for_is_of_OpenGL_ES_and_its_device_says_so() => gl.Run(device =>
    {
        Assert.Equal(GlClientApi.Embedded, device.Info.Version.Api);
        Assert.StartsWith("OpenGL ES 3.", device.Info.Driver, StringComparison.Ordinal);
        Assert.False(device.Info.TimersWork);
        var least = GlLimits.GuaranteedEmbedded;
        Assert.True(device.Limits.ComputeStorageBlocks >= least.ComputeStorageBlocks);
        Assert.True(device.Limits.GroupInvocations >= least.GroupInvocations);
        Assert.True(device.Limits.SharedBytes >= least.SharedBytes);
        Assert.True(device.Limits.TextureSize >= least.TextureSize);
        Assert.True(device.Limits.StorageBlockBytes >= least.StorageBlockBytes);
    });

    [Fact]
    public void The_desktop_s_is_the_first_choice_and_can_be_asked_for() => gl.Run(_ =>
    {
        foreach (GlClientApi? api in (GlClientApi?[])[null, GlClientApi.Desktop])
        {
            using var host = EglHost.Create(options: new() { Api = api });
            Assert.Equal(GlClientApi.Desktop, host.Device.Info.Version.Api);
        }
    });

    [Fact]
    public void A_device_with_no_more_than_is_guaranteed_says_so() => gl.RunFresh(new() { OnlyGuaranteed = true }, device =>
    {
        Assert.Equal(GlVersion.RequiredEmbedded, device.Info.Version);
        Assert.Equal(GlLimits.GuaranteedEmbedded, device.Limits);
        Assert.Equal(device.Limits.StorageBlockBytes, device.Limits.AlwaysReadableBytes);
        Assert.Equal(ReadPath.Buffer, device.Info.ReadPath);
        Assert.False(device.Info.HasPersistentMapping);
        Assert.False(device.CompilesInParallel);
    });

    [Theory]
    [InlineData(ReadPath.Texels)]
    [InlineData(ReadPath.Image)]
    public void A_way_of_reading_that_there_is_not_is_refused(ReadPath path)
    {
        var error = Assert.Throws<GlException>(() => gl.RunFresh(new() { ReadPath = path, OnlyGuaranteed = true }, _ => { }));
        Assert.Contains("has no buffer textures", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{path} was asked for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_beside_the_host_s_is_of_the_same_API() => gl.Run(device =>
    {
        using (var own = EglHost.CreateShared())
            Assert.Equal(GlClientApi.Embedded, own.Device.Info.Version.Api);
        var error = Assert.Throws<GlException>(() => EglHost.CreateShared(new() { Api = GlClientApi.Desktop }));
        Assert.Contains("OpenGL ES", error.Message, StringComparison.Ordinal);
        Assert.Equal(GlClientApi.Embedded, device.Info.Version.Api);
    });

    [Fact]
    public void A_guest_attaches_to_a_host_s_context() => gl.Run(device =>
    {
        using var guest = GlDevice.Attach(EglApi.TryLoad()!.Address);
        Assert.Equal(device.Info.Version, guest.Info.Version);
    });

    [Fact]
    public void A_context_that_is_too_old_is_told_what_is_needed() => gl.Run(_ =>
    {
        static nint Old(string name) => name == "glGetString" ? (nint)(delegate* unmanaged<uint, byte*>)&OldString : EglApi.TryLoad()!.Address(name);
        var error = Assert.Throws<GlException>(() => GlDevice.Attach(Old));
        Assert.Contains("OpenGL 4.3 core or OpenGL ES 3.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("'OpenGL ES 3.0 old'", error.Message, StringComparison.Ordinal);
    });

    /// <summary>With blending of each draw buffer alone, and of all together, as before ES 3.2.</summary>
    [Theory]
    [InlineData(null, true)]
    [InlineData(ReadPath.Buffer, false)]
    [InlineData(ReadPath.Texels, false)]
    [InlineData(ReadPath.Image, false)]
    public void A_frame_leaves_every_piece_of_the_hosts_state_as_it_was(ReadPath? path, bool onlyGuaranteed) =>
        gl.RunFresh(new() { ReadPath = path, OnlyGuaranteed = onlyGuaranteed }, GuestStateTests.AssertAFrameLeavesTheHostsState);

    [UnmanagedCallersOnly]
    private static byte* OldString(uint name)
    {
        fixed (byte* text = "OpenGL ES 3.0 old\0"u8)
            return text; // In the program's image, which does not move.
    }
}
