using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public class GlDeviceTests(GlFixture gl)
{
    [Fact]
    public void Info_and_limits_are_those_of_a_usable_device() => gl.Run(device =>
    {
        Assert.True(device.Info.Version >= GlVersion.Required);
        Assert.NotEmpty(device.Info.Renderer);
        Assert.Equal(device.Info.Renderer.Contains("llvmpipe", StringComparison.Ordinal), device.Info.IsSoftware);
        var limits = device.Limits;
        // What OpenGL 4.3 guarantees (table 23.69 and its neighbours).
        Assert.True(limits.StorageBlockBytes >= 1 << 24);
        Assert.True(limits.ComputeStorageBlocks >= 8);
        Assert.True(limits.GroupCount is { X: >= 65535, Y: >= 65535, Z: >= 65535 });
        Assert.True(limits.GroupSize is { X: >= 1024, Y: >= 1024, Z: >= 64 });
        Assert.True(limits.GroupInvocations >= 1024);
        Assert.True(limits.SharedBytes >= 32 * 1024);
        Assert.True(limits.UniformBlockBytes >= 16 * 1024);
        Assert.True(limits.TextureBufferTexels >= 65536);
        Assert.True(limits.ComputeTextureUnits >= 16);
        Assert.True(limits.ComputeImages >= 8);
        Assert.True(limits.TextureSize >= 16384);
        Assert.InRange(limits.TensorAlignment, 16, 4096);
        Assert.Equal(0, limits.TensorAlignment % limits.StorageAlignment);
        Assert.Equal(0, limits.TensorAlignment % limits.TextureBufferAlignment);
    });

    [Theory]
    [InlineData(ReadPath.Buffer)]
    [InlineData(ReadPath.Texels)]
    [InlineData(ReadPath.Image)]
    public void A_read_path_that_was_asked_for_is_the_one_used(ReadPath path) =>
        Assert.Equal(path, gl.RunFresh(new() { ReadPath = path }, device => device.Info.ReadPath));

    [Fact]
    public void Calls_from_another_thread_are_refused_and_say_why()
    {
        var device = gl.Run(device => device);
        var exception = Assert.Throws<InvalidOperationException>(() => new GpuBuffer(device, 4, "elsewhere"));
        Assert.Contains("belongs to thread", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(device.CollectGarbage);
        Assert.Throws<InvalidOperationException>(device.Dispose);
    }

    [Fact]
    public void An_object_disposed_on_another_thread_is_deleted_on_the_gl_thread()
    {
        var (buffer, before) = gl.Run(device =>
        {
            int before = device.Objects.Alive;
            return (new GpuBuffer(device, 64, "traveller"), before);
        });
        buffer.Dispose();
        gl.Run(device =>
        {
            device.CollectGarbage();
            Assert.Equal(before, device.Objects.Alive);
        });
    }

    [Fact]
    public void A_forgotten_object_is_reported_and_freed()
    {
        var messages = new CollectingLogger();
        gl.RunFresh(new() { Logger = messages }, device =>
        {
            int before = device.Objects.Alive;
            Forget(device);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            device.CollectGarbage();
            Assert.Equal(before, device.Objects.Alive);
        });
        Assert.Contains(messages.Entries, message => message.Level == LogLevel.Warning && message.Text.Contains("Buffer 'forgotten'", StringComparison.Ordinal));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(GlDevice device) => _ = new GpuBuffer(device, 64, "forgotten");

    [Fact]
    public void Disposal_names_what_was_left()
    {
        var messages = new CollectingLogger();
        GpuBuffer? kept = null;
        var device = gl.RunFresh(new() { Logger = messages }, device =>
        {
            kept = new GpuBuffer(device, 64, "left behind");
            return device;
        });
        Assert.Equal(["Buffer 'left behind'"], device.Leaks);
        Assert.Contains(messages.Entries, message => message.Text.Contains("'left behind' was not disposed", StringComparison.Ordinal));
        Assert.Throws<ObjectDisposedException>(device.VerifyThread);
        kept!.Dispose();
    }

    [Fact]
    public void A_clean_device_leaves_nothing()
    {
        var device = gl.RunFresh(new(), device =>
        {
            using var buffer = new GpuBuffer(device, 64, "tidy");
            return device;
        });
        Assert.Empty(device.Leaks);
    }

    [Fact]
    public void A_bad_call_is_an_error_message_that_fails_the_test_which_made_it()
    {
        var exception = Assert.ThrowsAny<Exception>(() => gl.Run(BindNonsense));
        Assert.Contains("invalid enum", exception.Message, StringComparison.Ordinal);

        var messages = new CollectingLogger();
        Assert.ThrowsAny<Exception>(() => gl.RunFresh(new() { Logger = messages }, BindNonsense));
        Assert.Contains(messages.Entries, message => message.Level == LogLevel.Error);

        static unsafe void BindNonsense(GlDevice device) => device.Gl.BindBuffer(GL_FLOAT, 0);
    }

    [Fact]
    public void Finish_and_reads_count_as_blocking() => gl.Run(device =>
    {
        using var buffer = new GpuBuffer(device, 16, "counted");
        long before = device.BlockingCalls;
        buffer.Upload<float>([1, 2, 3, 4]);
        Assert.Equal(before, device.BlockingCalls);
        buffer.Read(new float[4].AsSpan());
        device.Finish();
        Assert.Equal(before + 2, device.BlockingCalls);
    });

    [Fact]
    public unsafe void A_context_that_went_away_names_itself() => gl.Run(_ =>
    {
        var egl = EglApi.TryLoad()!;
        using var host = EglHost.Create();
        using var uploader = new FrameUploader(host.Device);
        var format = new FrameFormat(4, 4, PixelFormat.Gray);
        using var frame = GpuImageToTensorTests.MakeFrame(new byte[16], format, default);
        uploader.TryUpload(frame)!.Release();

        Assert.NotEqual(0u, egl.MakeCurrent(egl.GetCurrentDisplay(), 0, 0, 0));
        Assert.Contains("context is not current", Assert.Throws<GlException>(() => uploader.TryUpload(frame)).Message, StringComparison.Ordinal);
        Assert.Contains("context is not current", Assert.Throws<GlException>(() => new GpuBuffer(host.Device, 4, "orphan")).Message, StringComparison.Ordinal);
        host.MakeCurrent();
        uploader.TryUpload(frame)!.Release();
    });

    [Fact]
    public void A_missing_entry_point_is_named()
    {
        nint WithoutDispatch(string name) => name == "glDispatchCompute" ? 0 : EglApi.TryLoad()!.Address(name);
        var exception = gl.Run(_ => Assert.Throws<GlException>(() => GlDevice.Attach(WithoutDispatch)));
        Assert.Contains("'glDispatchCompute'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_without_a_context_is_told_so()
    {
        var exception = Assert.Throws<GlException>(() => GlDevice.Attach(EglApi.TryLoad()!.Address));
        Assert.Contains("No OpenGL context is current", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4.5 (Core Profile) Mesa 22.3.6", 4, 5)]
    [InlineData("4.3.0 NVIDIA 550.54", 4, 3)]
    [InlineData("4.1 Metal - 83", 4, 1)]
    public void Versions_are_read_from_what_drivers_say(string text, int major, int minor)
    {
        Assert.True(GlVersion.TryParse(text, out var version));
        Assert.Equal(new GlVersion(major, minor), version);
        Assert.Equal(minor < 3, version < GlVersion.Required);
    }

    [Theory]
    [InlineData("OpenGL ES 3.2 Mesa 22.3.6", 3, 2, true)]
    [InlineData("OpenGL ES 3.1 v1.r38p1-01eac0", 3, 1, true)]
    [InlineData("OpenGL ES 3.0 V@415.0", 3, 0, false)]
    public void Embedded_versions_are_of_their_own(string text, int major, int minor, bool suffices)
    {
        Assert.True(GlVersion.TryParse(text, out var version));
        Assert.Equal(new GlVersion(major, minor, GlClientApi.Embedded), version);
        Assert.Equal(suffices, version.Suffices);
        Assert.True(version < new GlVersion(3, 0), "Every version of the desktop counts as newer.");
        Assert.Equal($"ES {major}.{minor}", version.ToString());
    }

    [Theory]
    [InlineData(4, 3, GlClientApi.Desktop, "", "glObjectLabel glEnablei glPolygonMode glTexBufferRange - -")]
    [InlineData(4, 3, GlClientApi.Desktop, "GL_ARB_buffer_storage GL_ARB_robustness", "glObjectLabel glEnablei glPolygonMode glTexBufferRange glBufferStorage glGetGraphicsResetStatusARB")]
    [InlineData(4, 5, GlClientApi.Desktop, "", "glObjectLabel glEnablei glPolygonMode glTexBufferRange glBufferStorage glGetGraphicsResetStatus")]
    [InlineData(3, 1, GlClientApi.Embedded, "", "- - - - - -")]
    [InlineData(3, 1, GlClientApi.Embedded, "GL_KHR_debug GL_EXT_draw_buffers_indexed GL_EXT_buffer_storage GL_KHR_robustness GL_EXT_texture_buffer", "glObjectLabelKHR glEnableiEXT - glTexBufferRangeEXT glBufferStorageEXT glGetGraphicsResetStatusKHR")]
    [InlineData(3, 1, GlClientApi.Embedded, "GL_OES_draw_buffers_indexed GL_EXT_robustness", "- glEnableiOES - - - glGetGraphicsResetStatusEXT")]
    [InlineData(3, 2, GlClientApi.Embedded, "", "glObjectLabel glEnablei - - - glGetGraphicsResetStatus")]
    public void Entry_points_follow_from_version_and_extensions_never_from_addresses(int major, int minor, GlClientApi api, string extensions, string expected)
    {
        var asked = new List<string>();
        nint Address(string name)
        {
            asked.Add(name);
            return asked.Count;
        }

        var entries = new GlEntryPoints(Address, new GlVersion(major, minor, api), extensions.Split(' ').ToHashSet());
        nint[] addresses = [entries.Debug("glObjectLabel"), entries.Indexed("glEnablei"), entries.OnDesktop("glPolygonMode"), entries.TextureBuffer("glTexBufferRange"), entries.BufferStorage("glBufferStorage"), entries.ResetStatus("glGetGraphicsResetStatus")];
        Assert.Equal(expected, string.Join(' ', addresses.Select(address => address == 0 ? "-" : asked[(int)address - 1])));
    }

    [Fact]
    public void Software_can_be_asked_for_and_is_named()
    {
        bool software = gl.Run(_ =>
        {
            using var host = EglHost.Create(DeviceKind.Software);
            return host.Device.Info.IsSoftware;
        });
        Assert.True(software);
    }
}
