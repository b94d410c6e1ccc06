using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public unsafe class GuestStateTests(GlFixture gl)
{
    [Theory]
    [InlineData(ReadPath.Buffer, true)]
    [InlineData(ReadPath.Texels, true)]
    [InlineData(ReadPath.Image, true)]
    [InlineData(ReadPath.Buffer, false)]
    public void A_frame_leaves_every_piece_of_the_hosts_state_as_it_was(ReadPath path, bool persistent) =>
        gl.RunFresh(new() { ReadPath = path, PersistentMapping = persistent }, AssertAFrameLeavesTheHostsState);

    /// <summary>Computes and draws as a guest of a host whose every piece of state is odd.</summary>
    internal static void AssertAFrameLeavesTheHostsState(GlDevice device)
    {
        MakeOdd(device.Gl);
        var before = GlSnapshot.Take(device.Gl);
        var guest = new GuestState(device);
        guest.Save();
        RunFrames(device);
        var during = GlSnapshot.Take(device.Gl);
        guest.Restore();
        Assert.Empty(GlSnapshot.Differences(before, GlSnapshot.Take(device.Gl)));

        // The frames did change the state: otherwise nothing was shown.
        string[] changed = GlSnapshot.Differences(before, during);
        string blending = device.Gl.Enablei == null ? "blending 0" : "blending 3";
        foreach (string name in (string[])["program", "storage 0", "uniform 0", "unit 0", "copy write buffer", "unpack buffer", "unpack alignment", "enabled: scissor test", "draw framebuffer", "viewport", "vertex array", blending, "draw buffer 0"])
            Assert.Contains(changed, line => line.StartsWith(name, StringComparison.Ordinal));
        var path = device.Info.ReadPath;
        if (path != ReadPath.Buffer)
            Assert.Contains(changed, line => line.StartsWith(path == ReadPath.Texels ? "unit 1" : "image 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu")]
    public void A_whole_camera_network_leaves_every_piece_of_the_hosts_state_as_it_was(string backend) => gl.RunFresh(new(), device =>
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Conv2d(3, 4, 3), builder.Input("x", new Shape(1, 3, 16, 16))));
        using var pool = new FramePool();
        using var target = new OffscreenTarget(device, 8, 8);
        MakeOdd(device.Gl);
        var before = GlSnapshot.Take(device.Gl);
        void AssertUnchanged() => Assert.Empty(GlSnapshot.Differences(before, GlSnapshot.Take(device.Gl)));
        using (var network = new CameraNetwork(graph, new() { Preprocessing = new() { Size = 16 }, Backend = backend, Textures = [new(graph.Outputs[0].Name)] }))
        {
            network.Initialize(device);
            AssertUnchanged();
            int drawn = 0;
            for (int i = 0; i < 1000 && drawn < 3; i++)
            {
                var format = new FrameFormat(20, 10, PixelFormat.Rgb);
                network.Submit(new Frame(pool.TryRent(format.Bytes)!, format, FrameClock.Now, i));
                network.Update(1 / 60.0);
                AssertUnchanged();
                device.Finish();
                drawn += network.Draw(target.Framebuffer, new Size2d(8, 8), (canvas, where, _) => canvas.Text("hello", where.X, where.Y, 8, RealtimeCnn.Drawing.Color.White)) ? 1 : 0;
                AssertUnchanged();
            }

            Assert.Equal(3, drawn);
        }

        AssertUnchanged();
    });

    [Fact]
    public void A_program_that_the_host_deleted_while_it_was_used_is_no_error() => gl.RunFresh(new(), device =>
    {
        var library = new ShaderLibrary([], _ => "#version 430 core\nlayout(local_size_x = 1) in;\nvoid main() { }\n");
        var hosts = ShaderProgram.Compute(device, library, "host.comp", []);
        using var ours = ShaderProgram.Compute(device, library, "ours.comp", []);
        hosts.Use();
        hosts.Dispose();
        var guest = new GuestState(device, GlStateGroups.Program);
        guest.Save();
        ours.Use();
        guest.Restore();
        device.ThrowOnError("restore");
        Assert.Equal(0, device.Gl.Integer(GL_CURRENT_PROGRAM));
    });

    [Fact]
    public void Attaching_a_device_leaves_the_hosts_state_as_it_was() => gl.Run(device =>
    {
        using var host = EglHost.Create();
        MakeOdd(host.Device.Gl);
        var before = GlSnapshot.Take(host.Device.Gl);
        using (GlDevice.Attach(EglApi.TryLoad()!.Address))
            Assert.Empty(GlSnapshot.Differences(before, GlSnapshot.Take(host.Device.Gl)));
    });

    [Fact]
    public void A_declared_set_restores_that_set_and_nothing_else() => gl.RunFresh(new(), device =>
    {
        MakeOdd(device.Gl);
        var before = GlSnapshot.Take(device.Gl);
        var guest = new GuestState(device, GlStateGroups.Program | GlStateGroups.Transfers);
        guest.Save();
        RunFrames(device);
        guest.Restore();
        string[] changed = GlSnapshot.Differences(before, GlSnapshot.Take(device.Gl));
        Assert.DoesNotContain(changed, line => line.StartsWith("program", StringComparison.Ordinal) || line.StartsWith("unpack", StringComparison.Ordinal));
        Assert.Contains(changed, line => line.StartsWith("viewport", StringComparison.Ordinal));
        Assert.Contains(changed, line => line.StartsWith("storage 0", StringComparison.Ordinal));
    });

    [Fact]
    public void Restoring_without_saving_is_refused() => gl.Run(device =>
    {
        var guest = new GuestState(device);
        Assert.Throws<InvalidOperationException>(guest.Restore);
    });

    [Fact]
    public void Saving_and_restoring_allocates_nothing() => gl.Run(device =>
    {
        var guest = new GuestState(device);
        long before = 0;
        for (int i = 0; i < 60; i++)
        {
            if (i == 50)
                before = GC.GetAllocatedBytesForCurrentThread();
            guest.Save();
            guest.Restore();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    });

    [Fact]
    public void A_context_of_our_own_touches_nothing_and_reads_the_hosts_textures() => gl.Run(_ =>
    {
        using var host = EglHost.Create();
        MakeOdd(host.Device.Gl);
        using var picture = new GpuTexture(host.Device, 4, 4, GL_RGBA8, "the host's picture");
        var pixels = new byte[4 * 4 * 4];
        new Random(5).NextBytes(pixels);
        using var bytes = GpuBuffer.Create<byte>(host.Device, pixels, "the host's pixels");
        picture.CopyFrom(bytes.Id, GL_RGBA);
        MakeOdd(host.Device.Gl);
        var before = GlSnapshot.Take(host.Device.Gl);

        using (var own = EglHost.CreateShared())
        {
            Assert.Empty(GlSnapshot.Differences(before, GlSnapshot.Take(host.Device.Gl)));
            host.Device.Gl.Flush();
            own.Enter();
            RunFrames(own.Device);
            using var converter = new GpuImageToTensor(own.Device, new() { Size = 4 });
            using var output = new GpuBuffer(own.Device, 4 * 4 * 16, "input");
            converter.Run(FrameTexture.FromHost(picture.Id, 4, 4, TimeSpan.Zero, bottomUp: false), output);
            var actual = new float[4 * 4 * 4];
            output.Read(actual.AsSpan());
            for (int i = 0; i < 16; i++)
                Assert.Equal(pixels[i * 4] / 255f, actual[i * 4], 1e-6f);
            converter.Dispose();
            output.Dispose();
            own.Exit();
            Assert.Empty(GlSnapshot.Differences(before, GlSnapshot.Take(host.Device.Gl)));
        }

        Assert.Empty(GlSnapshot.Differences(before, GlSnapshot.Take(host.Device.Gl)));
    });

    [Fact]
    public void Without_a_hosts_context_there_is_nothing_to_share_with()
    {
        var exception = Assert.Throws<GlException>(() => EglHost.CreateShared());
        Assert.Contains("No EGL context is current", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>What a plugin does in a frame: upload, convert, compute, read back, draw.</summary>
    private static void RunFrames(GlDevice device)
    {
        var format = new FrameFormat(16, 8, PixelFormat.Yuyv);
        using var uploader = new FrameUploader(device);
        using var converter = new GpuImageToTensor(device, new() { Size = 8 });
        using var input = new GpuBuffer(device, 8 * 8 * 16, "input");
        using var reader = new ResultReader(device, 64);
        using var timer = new GpuTimer(device, "frame");
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Conv2d(3, 5, 3), builder.Input("x", new Shape(1, 3, 8, 8))));
        using var network = new GpuNetwork(device, graph);
        using var tensor = new Tensor(new Shape(1, 3, 8, 8));
        var result = new byte[64];
        for (int i = 0; i < 3; i++)
        {
            using var frame = GpuImageToTensorTests.MakeFrame(new byte[format.Bytes], format, default, uploader);
            var texture = uploader.TryUpload(frame)!;
            timer.Begin();
            converter.Run(texture, input);
            network.Run(tensor);
            timer.End();
            reader.TryRequest([new(input, 0, 64)], i);
            reader.TryRead(result.AsSpan(), out _);
            Draw(device);
            texture.Release();
        }

        device.CollectGarbage();
    }

    // Everything that an overlay may set, to values of its own.
    private static void Draw(GlDevice device)
    {
        var gl = device.Gl;
        const string Vertex = "#version 430 core\nvoid main() { gl_Position = vec4(gl_VertexID & 1, gl_VertexID >> 1, 0, 1); }\n";
        const string Fragment = "#version 430 core\nout vec4 color;\nvoid main() { color = vec4(1); }\n";
        var library = new ShaderLibrary([], path => path == "v" ? Vertex : Fragment);
        using var program = ShaderProgram.Draw(device, library, "v", "f", []);
        uint array, framebuffer;
        gl.GenVertexArrays(1, &array);
        gl.GenFramebuffers(1, &framebuffer);
        using var target = new GpuTexture(device, 8, 8, GL_RGBA8, "target");
        gl.BindFramebuffer(GL_FRAMEBUFFER, framebuffer);
        gl.FramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, target.Id, 0);
        gl.BindVertexArray(array);
        gl.BindBuffer(GL_ARRAY_BUFFER, 0);
        foreach (uint capability in Capabilities(gl))
            gl.Disable(capability);
        if (!gl.Version.IsEmbedded)
        {
            gl.Enable(GL_FRAMEBUFFER_SRGB);
            gl.Enable(GL_MULTISAMPLE);
            gl.PolygonMode(GL_FRONT_AND_BACK, GL_FILL);
        }

        gl.Enable(GL_BLEND);
        gl.BlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ZERO);
        gl.BlendEquationSeparate(GL_FUNC_ADD, GL_FUNC_ADD);
        gl.ColorMask(1, 1, 1, 1);
        gl.DepthMask(0);
        gl.Viewport(0, 0, 8, 8);
        gl.Scissor(0, 0, 8, 8);
        gl.ClearColor(0, 0, 0, 1);
        gl.Clear(GL_COLOR_BUFFER_BIT);
        program.Use();
        gl.DrawArrays(GL_TRIANGLES, 0, 3);
        gl.DeleteFramebuffers(1, &framebuffer);
        gl.DeleteVertexArrays(1, &array);
    }

    private static uint[] Capabilities(GlApi gl)
    {
        uint[] everywhere = [GL_CULL_FACE, GL_DEPTH_TEST, GL_STENCIL_TEST, GL_SCISSOR_TEST, GL_RASTERIZER_DISCARD, GL_SAMPLE_ALPHA_TO_COVERAGE];
        return gl.Version.IsEmbedded ? everywhere : [.. everywhere, GL_COLOR_LOGIC_OP, GL_PRIMITIVE_RESTART, GL_DEPTH_CLAMP];
    }

    /// <summary>Sets every piece of state to something that nobody would.</summary>
    internal static void MakeOdd(GlApi gl)
    {
        uint* names = stackalloc uint[16];
        gl.GenBuffers(12, names);
        for (uint i = 0; i < 12; i++)
        {
            gl.BindBuffer(GL_ARRAY_BUFFER, names[i]);
            gl.BufferData(GL_ARRAY_BUFFER, 8192, null, GL_STATIC_DRAW);
        }

        for (uint i = 0; i < 8; i++)
        {
            gl.BindBufferRange(GL_SHADER_STORAGE_BUFFER, i, names[i], (nint)(256 * i), 64);
            if (i == 3)
                gl.BindBufferBase(GL_UNIFORM_BUFFER, i, names[7 - i]);
            else
                gl.BindBufferRange(GL_UNIFORM_BUFFER, i, names[7 - i], 512, 128);
        }

        gl.BindBuffer(GL_SHADER_STORAGE_BUFFER, names[8]);
        gl.BindBuffer(GL_UNIFORM_BUFFER, names[9]);
        gl.BindBuffer(GL_COPY_READ_BUFFER, names[9]);
        gl.BindBuffer(GL_COPY_WRITE_BUFFER, names[10]);
        gl.BindBuffer(GL_ARRAY_BUFFER, names[1]);
        gl.BindBuffer(GL_DRAW_INDIRECT_BUFFER, names[2]);

        for (uint i = 0; i < 8; i++)
        {
            uint texture, bufferTexture, sampler;
            gl.GenTextures(1, &texture);
            gl.GenTextures(1, &bufferTexture);
            gl.GenSamplers(1, &sampler);
            gl.ActiveTexture(GL_TEXTURE0 + i);
            gl.BindTexture(GL_TEXTURE_2D, texture);
            gl.TexStorage2D(GL_TEXTURE_2D, 2, GL_R32F, 4, 4);
            if (gl.TexBufferRange != null)
            {
                gl.BindTexture(GL_TEXTURE_BUFFER, bufferTexture);
                gl.TexBufferRange(GL_TEXTURE_BUFFER, GL_R32F, names[11], 0, 256);
            }

            gl.BindSampler(i, sampler);
            gl.BindImageTexture(i, texture, 1, 0, 0, GL_READ_WRITE, GL_R32F);
        }

        gl.ActiveTexture(GL_TEXTURE0 + 5);
        gl.BindBuffer(GL_PIXEL_PACK_BUFFER, names[10]);
        gl.BindBuffer(GL_PIXEL_UNPACK_BUFFER, names[11]);
        foreach (uint store in gl.Version.IsEmbedded ? (uint[])[] : [GL_UNPACK_SWAP_BYTES, GL_UNPACK_LSB_FIRST, GL_PACK_SWAP_BYTES, GL_PACK_LSB_FIRST])
            gl.PixelStorei(store, 1);
        foreach (uint store in (uint[])[GL_UNPACK_ROW_LENGTH, GL_UNPACK_SKIP_ROWS, GL_UNPACK_SKIP_PIXELS, GL_PACK_ROW_LENGTH, GL_PACK_SKIP_ROWS, GL_PACK_SKIP_PIXELS])
            gl.PixelStorei(store, 7);
        gl.PixelStorei(GL_UNPACK_ALIGNMENT, 2);
        gl.PixelStorei(GL_PACK_ALIGNMENT, 8);

        uint array, framebuffer, target;
        gl.GenVertexArrays(1, &array);
        gl.BindVertexArray(array);
        gl.GenTextures(1, &target);
        gl.ActiveTexture(GL_TEXTURE0 + 9);
        gl.BindTexture(GL_TEXTURE_2D, target);
        gl.TexStorage2D(GL_TEXTURE_2D, 1, GL_RGBA8, 64, 64);
        gl.GenFramebuffers(1, &framebuffer);
        gl.BindFramebuffer(GL_FRAMEBUFFER, framebuffer);
        gl.FramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, target, 0);
        foreach (uint capability in Capabilities(gl))
            gl.Enable(capability);
        if (!gl.Version.IsEmbedded)
        {
            gl.Disable(GL_MULTISAMPLE);
            gl.PolygonMode(GL_FRONT_AND_BACK, GL_LINE);
        }

        gl.ColorMask(1, 0, 1, 0);
        gl.BlendFuncSeparate(GL_DST_COLOR, GL_ONE, GL_ZERO, GL_SRC_ALPHA);
        gl.BlendEquationSeparate(GL_FUNC_SUBTRACT, GL_FUNC_ADD);
        for (uint i = 0; i < 8 && gl.Enablei != null; i++)
        {
            if (i % 2 == 1)
                gl.Enablei(GL_BLEND, i);
            gl.BlendFuncSeparatei(i, GL_DST_COLOR, GL_ONE, GL_ZERO, i % 2 == 0 ? GL_SRC_ALPHA : GL_ONE);
            gl.BlendEquationSeparatei(i, GL_FUNC_SUBTRACT, GL_FUNC_ADD);
            gl.ColorMaski(i, 1, 0, (byte)(i % 2), 0);
        }

        gl.DepthMask(1);
        gl.Viewport(3, 5, 17, 19);
        gl.Scissor(2, 4, 6, 8);
        gl.ClearColor(0.1f, 0.2f, 0.3f, 0.4f);
    }
}
