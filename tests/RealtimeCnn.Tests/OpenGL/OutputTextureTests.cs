using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Live;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Outputs that a host gets as textures show what the same outputs say in memory, wherever they are computed.</summary>
[Collection(GlTests.Name)]
public unsafe class OutputTextureTests(GlFixture gl)
{
    private const int Width = 45, Height = 31;
    private static readonly SegmentationHead Classes = new(), Foreground = new() { AreLogits = false, Threshold = 0.4f };
    private static readonly PictureHead Colors = new(-0.5f, 1.5f);
    private static readonly OutputTexture[] Textures =
    [
        new("scores"), new("scores") { Head = Classes }, new("likely") { Head = Foreground, Size = new(20, 50) }, new("picture") { Head = Colors },
        new("likely"), new("vector"), new("rows"), new("likely") { Head = new PictureHead() },
    ];

    [Theory]
    [InlineData(FitMode.Stretch, Rotation.None, false)]
    [InlineData(FitMode.Letterbox, Rotation.Clockwise90, false)]
    [InlineData(FitMode.Crop, Rotation.None, true)]
    public void Textures_show_what_the_numbers_say(FitMode fit, Rotation rotation, bool mirrored) => gl.Run(device =>
    {
        using var graph = ManyOutputs();
        using var onCpu = new CpuNetwork(graph);
        using var onGpu = new GpuNetwork(device, graph);
        using var inHalves = new GpuNetwork(device, graph, new NetworkOptions { Halves = HalfStorage.All });
        using var inParts = new MixedNetwork(device, graph);
        using var pipeline = new GpuPipeline(device);
        var options = new LiveOptions { Preprocessing = new() { Size = new(12, 16), Fit = fit }, Textures = Textures, KeepsOutputs = true };
        (INetwork, LiveOptions)[] uses = [(onGpu, options), (onGpu, options with { Drawn = ["picture"] }), (onGpu, options with { BudgetMs = 0.001 }), (inHalves, options), (inHalves, options with { Drawn = ["picture"] }), (onCpu, options), (inParts, options)];
        foreach (var (network, use) in uses)
        {
            pipeline.Use(network, use);
            var result = Ask(device, pipeline, new FrameGeometry(rotation, mirrored));
            Verify(device, result, use.Drawn.Count > 0);
        }
    });

    /// <summary>Channels behind the last one are zero, whatever lies behind the tensor in the memory that a shader sees.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public void Lanes_behind_the_last_channel_are_zero(int channels) => gl.Run(device =>
    {
        var shape = new Shape(1, channels, 3, 5);
        float[] memory = [.. Enumerable.Range(1, 16 * 15).Select(i => (float)i)];
        using var buffer = GpuBuffer.Create<float>(device, memory, "more than the tensor");
        using var view = new GpuBufferView(buffer, 0, buffer.Bytes);
        var kernel = TextureKernel.Of(new OutputTexture("x"), shape, Layout.Plain);
        var texture = new ResultTexture(device, "x", kernel.InternalFormat);
        texture.Resize(kernel.FixedSize!.Value);
        try
        {
            var program = kernel.Program(device);
            program.Use();
            kernel.SetUniforms(device.Gl, default);
            view.Bind(1);
            device.Gl.BindImageTexture(0, texture.Id, 0, 0, 0, GL_WRITE_ONLY, texture.InternalFormat);
            program.Dispatch(new Extent3d(texture.Width, texture.Height, 1));
            device.Gl.MemoryBarrier(GL_TEXTURE_FETCH_BARRIER_BIT);
            float[] texels = Read(device, texture);
            for (int i = 0; i < texels.Length; i++)
            {
                int channel = (i / 4 / 15 * 4) + (i % 4), place = i / 4 % 15;
                float none = channels == 1 && i % 4 == 3 ? 1 : 0;
                Assert.Equal(channel < channels ? memory[(channel * 15) + place] : none, texels[i]);
            }
        }
        finally
        {
            texture.Free();
        }
    });

    [Fact]
    public void A_result_keeps_its_textures_while_later_pictures_are_computed() => gl.Run(device =>
    {
        using var graph = ManyOutputs();
        using var network = new GpuNetwork(device, graph);
        using var pipeline = new GpuPipeline(device, inFlight: 2);
        pipeline.Use(network, new LiveOptions { Preprocessing = new() { Size = new(12, 16) }, Textures = [new("picture")] });
        var result = Ask(device, pipeline, default, seed: 1);
        Assert.DoesNotContain(result.Outputs, output => output.Shape == new Shape(1, 3, 12, 16));
        float[] before = Read(device, result.OutputTexture());
        for (int seed = 2; seed < 4; seed++)
        {
            using var frame = Picture(default, seed);
            Assert.True(pipeline.TrySubmit(frame));
        }

        pipeline.Finish();
        Assert.Equal(before, Read(device, result.OutputTexture("picture")));
        Assert.True(pipeline.TryTake(out var later));
        Assert.NotEqual(before, Read(device, later.OutputTexture("picture")));
        Assert.NotEqual(result.OutputTexture().Id, later.OutputTexture().Id);
    });

    [Fact]
    public void Textures_are_made_ready_with_their_network() => gl.RunFresh(new(), device =>
    {
        using var graph = ManyOutputs();
        using var onGpu = new GpuNetwork(device, graph);
        using var onCpu = new CpuNetwork(graph);
        using var pipeline = new GpuPipeline(device);
        foreach (var network in new INetwork[] { onCpu, onGpu })
        {
            var options = new LiveOptions { Preprocessing = new() { Size = new(12, 16) }, Textures = Textures };
            using var build = pipeline.Prepare(network, options);
            double progress = 0;
            while (!build.Advance(TimeSpan.Zero))
            {
                Assert.InRange(build.Progress, progress, 1);
                progress = build.Progress;
            }

            var counts = device.ProgramCounts;
            Assert.True(counts.Compiled > 3, $"{counts.Compiled} programs");
            pipeline.Use(network, options);
            Assert.Equal(counts, device.ProgramCounts);
        }
    });

    [Fact]
    public void A_mask_follows_the_size_of_the_picture_and_leaves_no_texture_behind() => gl.Run(device =>
    {
        using var graph = ManyOutputs();
        using var network = new GpuNetwork(device, graph);
        using var pipeline = new GpuPipeline(device, inFlight: 1);
        var options = new LiveOptions { Preprocessing = new() { Size = new(12, 16) }, Textures = [new("scores") { Head = Classes }] };
        int alive = 0;
        for (int round = 0; round < 8; round++)
        {
            if (round % 4 == 0)
                pipeline.Use(network, options);
            var size = round % 2 == 0 ? new Size2d(20, 30) : new Size2d(33, 11);
            using var pool = new FramePool(1);
            var format = new FrameFormat(size.Width, size.Height, PixelFormat.Rgb);
            using var frame = new Frame(pool.TryRent(format.Bytes)!, format, default, round);
            Assert.True(pipeline.TrySubmit(frame));
            pipeline.Finish();
            Assert.True(pipeline.TryTake(out var result));
            Assert.Equal((size.Width, size.Height), (result.OutputTexture().Width, result.OutputTexture().Height));
            if (round == 3)
                alive = device.Objects.Alive;
        }

        Assert.Equal(alive, device.Objects.Alive);
    });

    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu")]
    public void A_steady_loop_allocates_nothing_and_never_waits_for_the_GPU(string backend)
    {
        using var graph = ManyOutputs();
        using var pool = new FramePool(4);
        gl.Run(device =>
        {
            using var network = new CameraNetwork(graph, new() { Preprocessing = new() { Size = new(12, 16) }, Textures = Textures, Backend = backend });
            network.Initialize(device);
            long allocated = 1, blocking = 0, names = 0;

            // Until all of it is compiled to the end; the first turns allocate.
            for (int part = 0; part < 30 && (part < 2 || allocated > 0 || names == 0); part++)
            {
                (allocated, blocking, names) = (0, device.BlockingCalls, 0);
                for (int turn = 0; turn < 20; turn++)
                {
                    var format = new FrameFormat(Width, Height, PixelFormat.Rgb);
                    var frame = new Frame(pool.TryRent(format.Bytes)!, format, default, turn);
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    network.Submit(frame);
                    for (int wait = 0; wait < (backend == "cpu" ? 500 : 1); wait++)
                    {
                        network.Update(0.01);
                        if (network.TryGetLatest(out var result))
                        {
                            names += result.OutputTexture("scores").Id + result.OutputTexture(3).Id;
                            break;
                        }

                        if (backend == "cpu")
                            Thread.Sleep(1);
                    }

                    allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                }
            }

            Assert.Equal((0, blocking), (allocated, device.BlockingCalls));
            Assert.True(names > 0, "no result came");
        });
    }

    [Fact]
    public void What_cannot_be_a_texture_is_refused_with_what_to_do() => gl.Run(device =>
    {
        using var graph = ManyOutputs();
        using var onGpu = new GpuNetwork(device, graph);
        using var onCpu = new CpuNetwork(graph);
        using var pipeline = new GpuPipeline(device);
        using var memory = new CpuPipeline();
        var options = new LiveOptions { Preprocessing = new() { Size = new(12, 16) } };
        foreach (var network in new INetwork[] { onGpu, onCpu })
        {
            Refuse<ArgumentException>("which has scores, likely", new OutputTexture("mask"));
            Refuse<ArgumentException>("of the family 'centres'", new OutputTexture("scores") { Head = new CentreHead() });
            Refuse<ArgumentException>("a mask alone has a size", new OutputTexture("picture") { Size = new(4, 4) });
            Refuse<ArgumentException>("class 7", new OutputTexture("scores") { Head = new SegmentationHead { Background = 7 } });
            Refuse<ArgumentException>("A picture is an output", new OutputTexture("scores") { Head = new PictureHead() });
            Refuse<ArgumentException>("Black and white", new OutputTexture("picture") { Head = new PictureHead(1, 1) });
            Refuse<GlException>("A mask can be smaller", new OutputTexture("scores") { Head = Classes, Size = new(4, device.Limits.TextureSize + 1) });

            void Refuse<TException>(string message, OutputTexture texture)
                where TException : Exception =>
                Assert.Contains(message, Assert.Throws<TException>(() => pipeline.Use(network, options with { Textures = [texture] })).Message, StringComparison.Ordinal);
        }

        Assert.Contains("has none", Assert.Throws<NotSupportedException>(() => memory.Use(onCpu, options with { Textures = [new("scores")] })).Message, StringComparison.Ordinal);
        pipeline.Use(onGpu, options);
        Assert.Contains("LiveOptions.Textures", Assert.Throws<InvalidOperationException>(() => Ask(device, pipeline, default).OutputTexture()).Message, StringComparison.Ordinal);
        pipeline.Use(onGpu, options with { Textures = [new("scores")] });
        var result = Ask(device, pipeline, default);
        Assert.Contains("scores", Assert.Throws<KeyNotFoundException>(() => result.OutputTexture("likely")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => result.OutputTexture(1));
    });

    private static void Verify(GlDevice device, LiveResult result, bool pictureIsDrawn)
    {
        Tensor scores = result["scores"], likely = result["likely"];
        var size = result.Mapping.Upright;

        // Channels in fours, one four below the other.
        var texture = result.OutputTexture("scores");
        Assert.Equal((16, 24, GL_RGBA32F), (texture.Width, texture.Height, texture.InternalFormat));
        float[] texels = Read(device, texture);
        for (int i = 0; i < texels.Length; i++)
        {
            int channel = (i / 4 / (16 * 12) * 4) + (i % 4), place = i / 4 % (16 * 12);
            Assert.Equal(channel < 6 ? scores.Span[(channel * 16 * 12) + place] : 0, texels[i], 1e-6f);
        }

        VerifyMask(device, result.OutputTexture(1), scores, result.Mapping, Classes, size);
        VerifyMask(device, result.OutputTexture(2), likely, result.Mapping, Foreground, new(20, 50));
        if (!pictureIsDrawn)
            VerifyPicture(device, result.OutputTexture(3), result["picture"], Colors);
        VerifyNumbers(device, result.OutputTexture(4), likely, 16, 12);
        VerifyNumbers(device, result.OutputTexture(5), result["vector"], 6, 1);
        VerifyNumbers(device, result.OutputTexture(6), result["rows"], 16, 6 * 12);
        VerifyPicture(device, result.OutputTexture(7), likely, new PictureHead());
    }

    private static void VerifyNumbers(GlDevice device, ResultTexture texture, Tensor numbers, int width, int height)
    {
        Assert.Equal((width, height, GL_R32F), (texture.Width, texture.Height, texture.InternalFormat));
        float[] texels = Read(device, texture);
        for (int i = 0; i < numbers.Shape.Count; i++)
            Assert.Equal(numbers.Span[i], texels[4 * i], 1e-6f);
    }

    private static void VerifyPicture(GlDevice device, ResultTexture texture, Tensor output, PictureHead head)
    {
        Assert.Equal((16, 12, GL_RGBA8), (texture.Width, texture.Height, texture.InternalFormat));
        float[] texels = Read(device, texture);
        byte[] expected = new byte[16 * 12 * 3];
        head.Write(output, expected);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], texels[(i / 3 * 4) + (i % 3)] * 255, 1.001f);
        Assert.All(texels.Where((_, i) => i % 4 == 3), alpha => Assert.Equal(1, alpha));
        Assert.InRange(expected.Distinct().Count(), 20, 256);
    }

    private static void VerifyMask(GlDevice device, ResultTexture texture, Tensor scores, PictureMapping mapping, SegmentationHead head, Size2d size)
    {
        Assert.Equal((size.Width, size.Height, GL_RGBA8), (texture.Width, texture.Height, texture.InternalFormat));
        float[] texels = Read(device, texture);
        var mask = new SegmentationMask(head);
        mask.Read(scores, mapping, size);
        var sampler = new ScoreSampler();
        sampler.Begin(head, scores.Shape);
        var window = SegmentationHead.WindowOf(mapping);
        int wrong = 0;
        for (int y = 0; y < size.Height; y++)
        {
            bool isSeen = sampler.Row(scores.Span, ((y + 0.5f) / size.Height * window.ScaleY) + window.OffsetY);
            for (int x = 0; x < size.Width; x++)
            {
                int at = ((y * size.Width) + x) * 4;
                wrong += mask.Classes[at / 4] == MathF.Round(texels[at] * 255) ? 0 : 1;
                float foreground = isSeen ? sampler.ForegroundAt(((x + 0.5f) / size.Width * window.ScaleX) + window.OffsetX) : 0;
                Assert.Equal(Math.Clamp(foreground, 0, 1), texels[at + 1], 0.6f / 255);
                Assert.Equal((0, 1), (texels[at + 2], texels[at + 3]));
            }
        }

        // Where two classes are as likely as each other the last bit decides.
        Assert.True(wrong <= size.Width * size.Height / 200, $"{wrong} of {size} texels differ");
        Assert.True(mask.Classes.ToArray().Distinct().Count() >= 2, "the mask has one class");
    }

    /// <summary>A texture as a host's shader sees it, without a barrier of the host's.</summary>
    private static float[] Read(GlDevice device, ResultTexture texture)
    {
        const string Source = """
            #version 430 core
            layout(local_size_x = 1) in;
            layout(binding = 3) uniform highp sampler2D image;
            layout(std430, binding = 0) writeonly buffer Output { vec4 y[]; };
            void main()
            {
                ivec2 at = ivec2(gl_GlobalInvocationID.xy);
                y[at.y * textureSize(image, 0).x + at.x] = texelFetch(image, at, 0);
            }

            """;
        using var program = ShaderProgram.Compute(device, new ShaderLibrary([], _ => Source), "host.comp", []);
        using var sampler = new GpuSampler(device, GL_NEAREST, "host");
        using var buffer = new GpuBuffer(device, texture.Width * texture.Height * 16L, "host");
        program.Use();
        device.Gl.ActiveTexture(GL_TEXTURE0 + 3);
        device.Gl.BindTexture(GL_TEXTURE_2D, texture.Id);
        sampler.Bind(3);
        buffer.BindStorage(0, 0, buffer.Bytes);
        program.Dispatch(new Extent3d(texture.Width, texture.Height, 1));
        var texels = new float[texture.Width * texture.Height * 4];
        buffer.Read(texels.AsSpan());
        device.Gl.BindSampler(3, 0);
        return texels;
    }

    private static LiveResult Ask(GlDevice device, GpuPipeline pipeline, FrameGeometry geometry, int seed = 1)
    {
        using var frame = Picture(geometry, seed);
        pipeline.BeginFrame();
        Assert.True(pipeline.TrySubmit(frame));
        pipeline.Finish();
        Assert.True(pipeline.TryTake(out var result));
        device.ThrowOnError("make textures");
        return result;
    }

    // Blotches, which networks of single pixels tell apart.
    private static Frame Picture(FrameGeometry geometry, int seed)
    {
        byte[] pixels = new byte[Width * Height * 3];
        var random = new Random(seed);
        byte[] blotches = new byte[6 * 5 * 3];
        random.NextBytes(blotches);
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = blotches[((i / 3 / Width / 7 * 6) + (i / 3 % Width / 8)) * 3 + (i % 3)];
        return GpuImageToTensorTests.MakeFrame(pixels, new FrameFormat(Width, Height, PixelFormat.Rgb), geometry);
    }

    /// <summary>Scores, probabilities of the foreground, a picture, numbers without places, and rows.</summary>
    private static Graph ManyOutputs()
    {
        var builder = new GraphBuilder(4);
        var input = builder.Start(new Shape(1, 3, 12, 16), "x");
        var scores = input.Conv2d(6, kernel: 1, name: "scores");
        var graph = builder.Build(
            scores, input.Conv2d(1, kernel: 1).Then(new Sigmoid(), "likely"), input.Conv2d(3, kernel: 1, name: "picture"), scores.GlobalAveragePool().Then(new Flatten(), "vector"),
            scores.Then(new Reshape([1, 6 * 12, 16]), "rows"));
        foreach (var node in graph.Nodes.Where(node => node.Layer is ConvolutionLayer))
        {
            // Strong, and undecided about gray.
            float[] weights = [.. node.Parameters[0].Values.ToArray().Select(weight => weight * 4)];
            node.Parameters[0].Write(weights);
            node.Parameters[1].Write([.. weights.Chunk(3).Select(own => -own.Sum() / 2)]);
        }

        return graph;
    }
}
