using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Lost contexts, listeners that throw, names of any length, networks that are gone: errors that say so, and no zeros.</summary>
[Collection(GlTests.Name)]
public sealed unsafe class GlMisfortuneTests(GlFixture gl)
{
    private static uint _resetStatus;

    [Fact]
    public void A_network_whose_context_went_away_throws_instead_of_giving_zeros() => gl.Run(_ =>
    {
        var egl = EglApi.TryLoad()!;
        using var host = EglHost.Create();
        using var graph = Doubled(out var input);
        using var network = new GpuNetwork(host.Device, graph);
        network.Run(input);
        Assert.NotEqual(0u, egl.MakeCurrent(egl.GetCurrentDisplay(), 0, 0, 0));
        var error = Assert.Throws<GlException>(() => network.Run(input));
        Assert.Contains("context is not current", error.Message, StringComparison.Ordinal);
        host.MakeCurrent();
        network.Run(input);
        input.Dispose();
    });

    [Fact]
    public void A_driver_reset_is_noticed_by_a_network_and_by_results_on_their_way() => gl.Run(_ =>
    {
        using var host = EglHost.Create();
        using var device = GlDevice.Attach(WithReset);
        using var graph = Doubled(out var input);
        using var network = new GpuNetwork(device, graph);
        using var buffer = new GpuBuffer(device, 16, "result");
        using var reader = new ResultReader(device, 16);
        try
        {
            network.Run(input);
            Assert.True(reader.TryRequest([new ResultRange(buffer, 0, 16)], 1));
            device.Finish();
            _resetStatus = 0x8254;
            var error = Assert.Throws<GlException>(() => network.Run(input));
            Assert.Contains("because of another program", error.Message, StringComparison.Ordinal);
            Assert.Throws<GlException>(() => buffer.Read(new float[4].AsSpan()));
            Assert.Throws<GlException>(() => reader.TryRead(new float[4].AsSpan(), out long _));
        }
        finally
        {
            _resetStatus = 0;
        }

        Assert.True(reader.TryRead(new float[4].AsSpan(), out long _));
        input.Dispose();

        static nint WithReset(string name) => name == "glGetGraphicsResetStatus" ? (nint)(delegate* unmanaged<uint>)&ResetStatus : EglApi.TryLoad()!.Address(name);
    });

    [Fact]
    public void What_a_listener_throws_inside_the_driver_comes_out_of_the_next_call() => gl.Run(_ =>
    {
        bool isAngry = false;
        using var host = EglHost.Create(options: new() { DebugContext = true, Logger = new CollectingLogger { OnEntry = Listen } });
        isAngry = true;
        host.Device.Gl.BindBuffer(GL_FLOAT, 0);
        isAngry = false;
        var exception = Assert.Throws<InvalidDataException>(host.Device.VerifyThread);
        Assert.StartsWith("OpenGL: ", exception.Message, StringComparison.Ordinal);
        host.Device.VerifyThread();
        Assert.Throws<GlException>(() => host.Device.ThrowOnError("go on"));

        void Listen(LogEntry entry)
        {
            if (isAngry)
                throw new InvalidDataException(entry.Text);
        }
    });

    [Fact]
    public void A_guest_gets_no_debug_messages_unless_it_asks() => gl.Run(_ =>
    {
        using var host = EglHost.Create(options: new() { DebugMessages = false, DebugContext = true });
        Assert.Equal(0, Count(new()));
        Assert.Equal(1, Count(new() { DebugMessages = true }));

        int Count(GlDeviceOptions options)
        {
            var logger = new CollectingLogger();
            using var device = GlDevice.Attach(EglApi.TryLoad()!.Address, options with { Logger = logger });
            device.Gl.BindBuffer(GL_FLOAT, 0);
            while (device.Gl.GetError() != GL_NO_ERROR)
            {
            }

            return logger.Entries.Count(entry => entry.Level == LogLevel.Error);
        }
    });

    [Theory]
    [InlineData("n")]
    [InlineData("ü")]
    [InlineData("層")]
    [InlineData("🙂")]
    public void A_name_may_be_of_any_length(string letter)
    {
        string name = "x" + string.Concat(Enumerable.Repeat(letter, 1000));
        var builder = new GraphBuilder(seed: 3);
        using var graph = builder.Build(builder.Add(new Conv2d(3, 4, 3), builder.Input("x", new Shape(1, 3, 5, 5)), name: name));
        using var input = new Tensor(new Shape(1, 3, 5, 5));
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph);
            network.Run(input);
        });
    }

    [Theory]
    [InlineData("short", 255, "short")]
    [InlineData("abcdefgh", 8, "abcdefgh")]
    [InlineData("abcdefghi", 8, "abcde…")]
    [InlineData("abcdüü", 7, "abcd…")]
    [InlineData("ab🙂🙂", 8, "ab…")]
    [InlineData("ab🙂🙂", 9, "ab🙂…")]
    public void Labels_are_cut_between_characters(string label, int most, string expected)
    {
        byte[] text = RealtimeCnn.OpenGL.GlObjects.Label(label, most);
        Assert.Equal(expected, Encoding.UTF8.GetString(text));
        Assert.True(text.Length <= most);
    }

    [Fact]
    public void What_was_disposed_says_so() => gl.Run(device =>
    {
        using var graph = Doubled(out var input);
        var network = new GpuNetwork(device, graph);
        network.Run(input);
        network.Dispose();
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => network.Run(input));
        Assert.Throws<ObjectDisposedException>(() => network.Read("double"));

        var mixed = new MixedNetwork(device, graph);
        mixed.Run(input);
        mixed.Dispose();
        mixed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mixed.Run(input));

        using var uploader = new FrameUploader(device);
        using var frame = GpuImageToTensorTests.MakeFrame(new byte[16], new FrameFormat(4, 4, PixelFormat.Gray), default);
        var picture = uploader.TryUpload(frame)!;
        var converter = new GpuImageToTensor(device, new() { Size = 4 });
        using var output = new GpuBuffer(device, 4 * 4 * 16, "input");
        converter.Run(picture, output);
        converter.Dispose();
        Assert.Throws<ObjectDisposedException>(() => converter.Run(picture, output));
        picture.Release();
        input.Dispose();
    });

    [Fact]
    public void An_empty_constant_is_no_obstacle() => gl.Run(device =>
    {
        var builder = new GraphBuilder();
        var empty = builder.Add(new Constant(new Shape(0, 3)), [], [new Tensor(new Shape(0, 3))], "empty");
        using var graph = builder.Build(builder.Add(new Concat(0), [builder.Input("x", new Shape(2, 3)), empty]));
        using var input = new Tensor(new Shape(2, 3), [1, 2, 3, 4, 5, 6]);
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Optimize = false });
        var output = network.Run(input)[0];
        Assert.Equal(input.Span, output.Span);
    });

    [Fact]
    public void Two_hundred_thousand_inputs_are_too_many_for_no_stack() => gl.Run(device =>
    {
        using var graph = Doubled(out var input);
        using var network = new GpuNetwork(device, graph);
        var inputs = new Tensor[200_000];
        Array.Fill(inputs, input);
        Assert.ThrowsAny<ArgumentException>(() => network.Run(inputs));
        input.Dispose();
    });

    [UnmanagedCallersOnly]
    private static uint ResetStatus() => _resetStatus;

    private static Graph Doubled(out Tensor input)
    {
        input = new Tensor(new Shape(1, 3), [1, 2, 3]);
        var builder = new GraphBuilder();
        var x = builder.Input("x", input.Shape);
        return builder.Build(builder.Add(new Add(), [x, x], [], "double"));
    }
}
