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
        Assert.Equal(ReadPath.Buffer, device.Info.ReadPath);
        Assert.False(device.Info.TimersWork);
        Assert.Equal(0, device.Limits.TextureBufferTexels);
        Assert.Equal(device.Limits.StorageBlockBytes, device.Limits.AlwaysReadableBytes);
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
    public void Memory_is_zero_and_keeps_what_is_written() => gl.Run(device =>
    {
        foreach (int bytes in (int[])[1, 3, 16, 4099])
        {
            using var buffer = new GpuBuffer(device, bytes, "bytes");
            byte[] actual = [.. Enumerable.Repeat((byte)7, bytes)];
            buffer.Read(actual.AsSpan());
            Assert.All(actual, value => Assert.Equal(0, value));
            buffer.Upload<byte>([42], bytes - 1);
            buffer.Read(actual.AsSpan(bytes - 1), bytes - 1);
            Assert.Equal(42, actual[^1]);
            buffer.Read(Span<byte>.Empty);
        }
    });

    [Theory]
    [InlineData(ReadPath.Texels)]
    [InlineData(ReadPath.Image)]
    public void A_way_of_reading_that_there_is_not_is_refused(ReadPath path)
    {
        var error = Assert.Throws<GlException>(() => gl.RunFresh(new() { ReadPath = path }, _ => { }));
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

    /// <summary>Blending of each draw buffer alone, and of all together, as before ES 3.2.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frame_leaves_every_piece_of_the_hosts_state_as_it_was(bool onlyGuaranteed) =>
        gl.RunFresh(new() { OnlyGuaranteed = onlyGuaranteed }, GuestStateTests.AssertAFrameLeavesTheHostsState);

    [UnmanagedCallersOnly]
    private static byte* OldString(uint name)
    {
        fixed (byte* text = "OpenGL ES 3.0 old\0"u8)
            return text; // In the program's image, which does not move.
    }
}
