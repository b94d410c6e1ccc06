using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Camera;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>A network that is run on a frame's bytes gives what it gives for the tensor made of them, bit by bit, whoever reads the bytes.</summary>
[Collection(nameof(RunsAlone))]
public class FrameRunTests
{
    private const string Reads = "reads the frame";

    /// <summary>Windows whose strips end within the picture, over its edge and before it, overlap by rows or by none, and have taps of their own.</summary>
    private static readonly Conv2d[] FirstLayers =
    [
        new(3, 20, 3) { Padding = 1, Stride = 2 },
        new(3, 8, 3) { Stride = 2, Activation = Activation.Relu },
        new(3, 33, 7) { Padding = 3, Stride = 2 },
        new(3, 16, 11) { Padding = 2, Stride = 4 },
        new(3, 5, 3) { Padding = 2, Dilation = 2 },
        new(3, 5, 2) { Stride = 3 },
    ];

    public static TheoryData<PixelFormat> Formats => [.. Enum.GetValues<PixelFormat>()];

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_first_layer_reads_the_frame_and_gives_the_same_bits(PixelFormat pixels)
    {
        foreach (var (layer, i) in FirstLayers.Select((layer, i) => (layer, i)))
        foreach (bool mirrored in (bool[])[false, true])
        {
            var preprocessing = Preprocessing.ImageNet(new(23 + i, 30)) with { Fit = (FitMode)(i % 3), Border = 100 };
            using var graph = Graph(preprocessing.Shape, x => x.Then(layer));
            var geometry = new FrameGeometry(i % 2 == 0 ? Rotation.None : Rotation.Clockwise180, mirrored) { Crop = i < 3 ? null : new PictureRegion(3, 1, 50, 37) };
            AssertSame(graph, preprocessing, new(64, 48, pixels), geometry, Reads);
        }
    }

    [Fact]
    public void A_gray_input_is_read_too()
    {
        var preprocessing = new Preprocessing { Size = 28, Order = ColorOrder.Gray, Fit = FitMode.Letterbox };
        using var graph = Graph(preprocessing.Shape, x => x.Conv2d(6, 5, padding: 2));
        foreach (var pixels in Enum.GetValues<PixelFormat>())
            AssertSame(graph, preprocessing, new(70, 36, pixels), default, Reads);
    }

    [Fact]
    public void A_weight_that_is_not_finite_shows_as_it_does_on_the_tensor()
    {
        var preprocessing = new Preprocessing { Size = 19 };
        using var graph = Graph(preprocessing.Shape, x => x.Conv2d(20, 3, padding: 1));
        using (var edit = graph.Parameters[0].Edit())
            edit.Values[2] = edit.Values[^1] = float.PositiveInfinity;
        AssertSame(graph, preprocessing, new(40, 30, PixelFormat.Rgb), default, Reads);
    }

    public static TheoryData<string> Others => ["a pool", "two readers", "an output", "repeated edges", "a turned frame", "all values kept"];

    /// <summary>Where the first layer cannot read the frame, a step makes the picture of it.</summary>
    [Theory]
    [MemberData(nameof(Others))]
    public void Else_a_step_makes_the_picture(string what)
    {
        var preprocessing = new Preprocessing { Size = new(21, 34), Fit = FitMode.Crop };
        using var graph = Graph(preprocessing.Shape, what switch
        {
            "a pool" => x => x.MaxPool2d(3),
            "two readers" => x => x.Conv2d(5, 3, padding: 1).Add(x.Conv2d(5, 3, padding: 1)),
            "an output" => x => x,
            "repeated edges" => x => x.Then(new Conv2d(3, 5, 3) { Padding = 1, PaddingMode = PaddingMode.Replicate }),
            _ => x => x.Conv2d(5, 3, padding: 1),
        });
        foreach (var pixels in Enum.GetValues<PixelFormat>())
            AssertSame(graph, preprocessing, new(64, 48, pixels), what == "a turned frame" ? new(Rotation.Clockwise90, true) : default, "Widen/frame", what == "all values kept");
    }

    [Fact]
    public void Frames_of_other_sizes_and_tensors_may_come_in_turns()
    {
        var preprocessing = new Preprocessing { Size = 17 };
        using var graph = Graph(preprocessing.Shape, x => x.Conv2d(9, 3, padding: 1));
        using var network = new CpuNetwork(graph);
        using var reference = new CpuNetwork(graph);
        using var tensor = new Tensor(preprocessing.Shape);
        var input = new ImageToTensor(preprocessing);
        for (int i = 0; i < 12; i++)
        {
            var format = new FrameFormat(30 + (2 * (i % 3)), 20, i % 2 == 0 ? PixelFormat.Nv12 : PixelFormat.Bgr);
            byte[] pixels = Bytes(format, i);
            var geometry = new FrameGeometry(i % 4 == 3 ? Rotation.Clockwise270 : Rotation.None, false);
            input.Run(pixels, format, geometry, tensor);
            float[] expected = reference.Run(tensor)[0].Span.ToArray();
            Assert.Equal(expected, network.Run(pixels, format, geometry, input, CancellationToken.None)[0].Span.ToArray());
            Assert.Equal(expected, network.Run(tensor)[0].Span.ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_run_on_a_frame_allocates_nothing_on_any_of_its_threads(int threads)
    {
        var preprocessing = new Preprocessing { Size = 32 };
        using var graph = Graph(preprocessing.Shape, x => x.Conv2d(9, 3, padding: 1));
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = threads, Sharing = SharingRule.Finest });
        var format = new FrameFormat(64, 48, PixelFormat.Yuyv);
        byte[] pixels = Bytes(format, 1);
        var input = new ImageToTensor(preprocessing);
        network.Run(pixels, format, default, input, CancellationToken.None);
        // The runtime compiles methods again and the test runner reports, each now and then.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 50 && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int run = 0; run < 10; run++)
                network.Run(pixels, format, default, input, CancellationToken.None);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var preprocessing = new Preprocessing { Size = 16 };
        var input = new ImageToTensor(preprocessing);
        var format = new FrameFormat(8, 8, PixelFormat.Rgb);
        using var graph = Graph(new Shape(1, 1, 16, 16), x => x.Conv2d(4, 3));
        using var network = new CpuNetwork(graph);
        Assert.Throws<ShapeException>(() => network.Run(new byte[192], format, default, input, CancellationToken.None));
        Assert.Contains("needs 192 bytes", Assert.Throws<ArgumentException>(() => network.Run(new byte[191], format, default, input, CancellationToken.None)).Message, StringComparison.Ordinal);
        var builder = new GraphBuilder();
        var (a, b) = (builder.Start(preprocessing.Shape, "a"), builder.Start(preprocessing.Shape, "b"));
        using var two = builder.Build(a.Add(b));
        using var ofTwo = new CpuNetwork(two);
        Assert.Throws<ShapeException>(() => ofTwo.Run(new byte[192], format, default, input, CancellationToken.None));
    }

    private static Graph Graph(Shape shape, Func<SymbolicTensor, SymbolicTensor> layers)
    {
        var builder = new GraphBuilder(seed: 5);
        return builder.Build(layers(builder.Start(shape)));
    }

    private static byte[] Bytes(FrameFormat format, int seed)
    {
        byte[] pixels = new byte[format.Bytes];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    private static void AssertSame(Graph graph, Preprocessing preprocessing, FrameFormat format, FrameGeometry geometry, string step, bool keepAll = false)
    {
        byte[] pixels = Bytes(format, 7);
        var input = new ImageToTensor(preprocessing);
        using var tensor = new Tensor(preprocessing.Shape);
        input.Run(pixels, format, geometry, tensor);
        foreach (int threads in (int[])[1, 3])
        {
            using var network = new CpuNetwork(graph, new NetworkOptions { Threads = threads, Sharing = SharingRule.Finest, KeepAll = keepAll });
            float[][] expected = [.. network.Run(tensor).Select(output => output.Span.ToArray())];
            using var pool = new FramePool(1);
            var buffer = pool.TryRent(pixels.Length)!;
            pixels.CopyTo(buffer.Bytes);
            using var frame = new Frame(buffer, format, default, 0, geometry);
            var profile = network.Profile(frame, input);
            Assert.Contains(profile.Steps, one => $"{one.Kernel} {one.Reason}".Contains(step, StringComparison.Ordinal));
            Assert.Equal(step != Reads, profile.Steps.Any(one => one.Kernel == "Widen/frame"));
            foreach (var outputs in (IReadOnlyList<Tensor>[])[profile.Outputs, network.Run(frame, input)])
                Assert.Equal(expected, outputs.Select(output => output.Span.ToArray()));
        }
    }
}
