using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Doctor;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Shaders;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Demo;

/// <summary>The doctor finds what is broken, and nothing where nothing is.</summary>
[Collection(GlTests.Name)]
public sealed class DoctorTests(GlFixture gl) : IDisposable
{
    private static readonly Size2d Size = new(720, 1280);
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_sound_network_agrees_on_CPU_and_GPU_with_kernels_reasons_and_times()
    {
        gl.Run(device =>
        {
            using var models = new ModelShelf(ShippedModels.Digits);
            using var scene = new GpuScene(device, new RunStats());
            var mode = new DoctorMode(models);
            var canvas = Examine(scene, mode);
            var found = mode.Diagnosis!;
            Assert.True(found.Comparison.Agrees, found.Comparison.ToString());
            Assert.Equal(("digits", "CPU", "GPU", -1), (found.Model, found.Expected, found.Actual, found.FirstBad));
            // The same layers with the same errors as the comparison that everything else uses.
            using var comparer = new NetworkComparer(device, models.Own!.Graph);
            Assert.Equal(comparer.Graph.Nodes.Count(node => node.Layer is not RealtimeCnn.Layers.Input), found.Layers.Count);
            Assert.All(found.Layers, layer =>
            {
                Assert.True(layer.Node.OnGpu, layer.Node.Name);
                var (expected, actual) = layer.Times!.Value;
                Assert.All([expected, actual], time => Assert.True(time.Kernel.Contains('/', StringComparison.Ordinal) || double.IsNaN(time.Milliseconds), time.Kernel));
                Assert.NotEmpty(expected.Reason);
            });
            Assert.True(found.ExpectedMs > 0 && found.ActualMs > 0);
            Assert.Contains(found.Layers, layer => layer.Node.Difference.MaxAbsolute > 0);
            // All but the scale of colours, which has that of errors at its end.
            Assert.DoesNotContain(Bad, Pixels(canvas, new Area(345, 0, 935, 720)));
        });
    }

    [Fact]
    public void A_broken_shader_is_found_named_and_drawn_in_the_colour_of_errors()
    {
        gl.Run(device =>
        {
            using var models = new ModelShelf(ShippedModels.Digits);
            using var fused = new CpuNetwork(models.Own!.Graph);
            var pool = fused.Graph.Nodes.First(node => node.Layer is RealtimeCnn.Layers.MaxPool2d);
            using var programs = new ProgramCache(device, new ShaderLibrary(ShaderLibrary.Embedded.Paths, Broken));
            using var scene = new GpuScene(device, new RunStats());
            var mode = new DoctorMode(models, of => of.Pair with
            {
                BindActual = (graph, keepAll) => new MixedNetwork(device, graph, new NetworkOptions { KeepAll = keepAll, Optimize = false }, programs),
            });
            var picture = Examine(scene, mode);
            var found = mode.Diagnosis!;
            Assert.False(found.Comparison.Agrees);
            Assert.Equal(pool.Name, found.Layers[found.FirstBad].Node.Name);
            Assert.All(found.Layers.Take(found.FirstBad), layer => Assert.True(layer.IsRight));
            Assert.Contains(pool.Name, found.Verdict, StringComparison.Ordinal);
            // It is chosen, its row is vermilion, and those before it are not.
            Assert.Equal(found.FirstBad, mode.Chosen);
            Assert.Contains(Bad, Pixels(picture, mode.RowOf(found.FirstBad)));
            Assert.DoesNotContain(Bad, Pixels(picture, mode.RowOf(0)));
        });
    }

    [Fact]
    public void A_single_wrong_element_is_named_with_both_values_and_its_place_glows()
    {
        using var models = new ModelShelf(ShippedModels.Digits);
        using var scene = new CpuScene(new RunStats());
        string? wrong = null;
        var mode = new DoctorMode(models, of => of.Pair with
        {
            BindActual = (graph, keepAll) => new OneWrongElement(new CpuNetwork(graph, new NetworkOptions { KeepAll = keepAll, Optimize = false }), wrong = graph.Nodes.First(node => node.Layer is RealtimeCnn.Layers.MaxPool2d).Name),
        });
        Examine(scene, mode);
        var found = mode.Diagnosis!;
        var layer = found.Layers[found.FirstBad];
        Assert.Equal((wrong, found.FirstBad), (layer.Node.Name, found.Worst));
        Assert.Equal("Worst: channel 2, row 5, column 7.", layer.Worst);
        Assert.Equal(7.5f, layer.Node.Difference.Actual - layer.Node.Difference.Expected, 1e-3f);
        Assert.Equal(layer.Map.Greatest, layer.Map.Values[(5 * layer.Map.Size.Width) + 7]);
        Assert.Single(layer.Map.Values, value => value > 0);
    }

    [Fact]
    public void Without_a_GPU_the_kernels_of_the_CPU_are_held_against_plain_ones_and_the_report_is_saved()
    {
        using var models = new ModelShelf(ShippedModels.Digits);
        using var scene = new CpuScene(new RunStats());
        var mode = new DoctorMode(models) { ReportFolder = _folder };
        Examine(scene, mode);
        var found = mode.Diagnosis!;
        Assert.True(found.Comparison.Agrees, found.Comparison.ToString());
        Assert.All(found.Layers, layer => Assert.True(layer.Times!.Value.Expected is { Kernel: var kernel } && (kernel.EndsWith("/plain", StringComparison.Ordinal) || kernel == "no step of its own"), layer.Times!.Value.Expected.Kernel));
        Assert.Contains(found.Layers, layer => !layer.Times!.Value.Actual.Kernel.EndsWith("/plain", StringComparison.Ordinal));

        Assert.True(KeyBinding.Press(mode.Keys, ConsoleKey.J));
        using var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "realtimecnn-doctor-digits.json")));
        var root = report.RootElement;
        Assert.Equal("digits", root.GetProperty("model").GetString());
        Assert.True(root.GetProperty("comparison").GetProperty("agrees").GetBoolean());
        Assert.Equal(found.Layers.Select(layer => layer.Node.Name), root.GetProperty("kernels").EnumerateArray().Select(kernel => kernel.GetProperty("node").GetString()));
        Assert.Equal(found.Layers.Count, root.GetProperty("comparison").GetProperty("nodes").GetArrayLength());
    }

    [Fact]
    public void The_window_goes_on_while_it_works_and_the_mouse_chooses_a_layer()
    {
        using var models = new ModelShelf(ShippedModels.Digits);
        using var scene = new CpuScene(new RunStats()) { SwapBudget = TimeSpan.Zero };
        var mode = new DoctorMode(models);
        Submit(scene, mode);
        scene.Finish();
        int slices = 0;
        double progress = 0;
        for (; mode.Diagnosis == null; slices++)
        {
            Assert.True(slices < 10_000, "it never ends");
            mode.Work(scene);
            Draw(scene, mode, new Surroundings());
            Assert.True(mode.Progress >= progress);
            progress = mode.Progress;
        }

        Assert.True(slices > 10, $"all was done in {slices} slices");
        Assert.False(mode.Advance(TimeSpan.FromSeconds(1)));
        var around = new Surroundings();
        Draw(scene, mode, around);
        for (int i = 0; i < 3; i++)
        {
            var row = mode.RowOf(i);
            around.Pointer = (row.X + 30, row.Y + 5);
            Draw(scene, mode, around);
            Assert.Equal(i, mode.Chosen);
        }
    }

    [Fact]
    public void The_picture_is_frozen_until_it_is_let_go_and_another_network_is_examined_on_it()
    {
        using var models = new ModelShelf();
        using var scene = new CpuScene(new RunStats());
        var mode = new DoctorMode(models);
        Assert.False(mode.IsFrozen);
        Examine(scene, mode);
        Assert.True(mode.IsFrozen);
        KeyBinding.Press(mode.Keys, ConsoleKey.E);
        Assert.Equal((false, null), (mode.IsFrozen, mode.Diagnosis));
        KeyBinding.Press(mode.Keys, ConsoleKey.E);
        mode.Work(scene);
        Assert.Equal("digits", mode.Diagnosis!.Model);
        KeyBinding.Press(mode.Keys, ConsoleKey.M);
        Assert.Null(mode.Diagnosis);
        // Only once the other network's input is there.
        mode.Work(scene);
        Assert.Null(mode.Diagnosis);
        Assert.True(scene.TryRecompute(mode.Network));
        scene.Finish();
        mode.Work(scene);
        Assert.Equal("hand-signs", mode.Diagnosis!.Model);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1e-9, 0)]
    [InlineData(1e-5, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    public void The_scale_of_errors_ends_where_they_are_out_of_tolerance(double ratio, float part)
    {
        Assert.Equal(part, ErrorScale.PartOf(ratio), 1e-5f);
        Assert.Equal(!(ratio <= 1), ErrorScale.Of(ratio) == ErrorScale.Bad);
    }

    private static (int R, int G, int B) Bad => ((int)MathF.Round(ErrorScale.Bad.R * 255), (int)MathF.Round(ErrorScale.Bad.G * 255), (int)MathF.Round(ErrorScale.Bad.B * 255));

    // Maxima one percent too large.
    private static string? Broken(string path)
    {
        string? text = ShaderLibrary.ReadEmbedded(path);
        return path switch
        {
            "layers/max_pool2d.comp" => Replaced(text!, "largerOf(largest, LOAD(", "largerOf(largest, 1.01 * LOAD("),
            "include/fold.glsl" => Replaced(text!, "return intBitsToFloat(ordered(fold))", "return 1.01 * intBitsToFloat(ordered(fold))"),
            _ => text,
        };
    }

    private static string Replaced(string text, string right, string wrong)
    {
        Assert.Contains(right, text, StringComparison.Ordinal);
        return text.Replace(right, wrong, StringComparison.Ordinal);
    }

    private static Func<int, int, (int R, int G, int B)> Examine(Scene scene, DoctorMode mode)
    {
        Submit(scene, mode);
        scene.Finish();
        mode.Work(scene);
        Assert.NotNull(mode.Diagnosis);
        return Draw(scene, mode, new Surroundings());
    }

    private static Func<int, int, (int R, int G, int B)> Draw(Scene scene, DoctorMode mode, Surroundings around)
    {
        around.Begin();
        scene.BeginPicture(Size, Theme.Background, 1);
        mode.Draw(scene, scene.Canvas.Bounds.Inset(Theme.Margin), around);
        scene.EndPicture();
        byte[] pixels = scene.ReadPicture().Pixels;
        return (x, y) => (pixels[((y * Size.Width) + x) * 4], pixels[(((y * Size.Width) + x) * 4) + 1], pixels[(((y * Size.Width) + x) * 4) + 2]);
    }

    private static IEnumerable<(int R, int G, int B)> Pixels(Func<int, int, (int R, int G, int B)> picture, Area? where = null)
    {
        var area = where ?? new Area(0, 0, Size.Width, Size.Height);
        return from y in Enumerable.Range((int)area.Y, (int)area.Height) from x in Enumerable.Range((int)area.X, (int)area.Width) select picture(x, y);
    }

    private static void Submit(Scene scene, DoctorMode mode)
    {
        var format = new FrameFormat(160, 120, PixelFormat.Bgra);
        using var pool = new FramePool(1);
        using var pattern = new TestPatternSource(format.Width, format.Height);
        var buffer = pool.TryRent(format.Bytes)!;
        pattern.Draw(37, buffer.Bytes);
        using var frame = new Frame(buffer, format, default, 0);
        Assert.True(scene.TrySubmit(frame, mode.Network));
    }

    /// <summary>A network of which one value of one node is read wrongly.</summary>
    private sealed class OneWrongElement(INetwork right, string node) : INetwork
    {
        public Graph Graph => right.Graph;

        public Graph Source => right.Source;

        public string Backend => right.Backend;

        public string Choice => right.Choice;

        public (long Planned, long Naive) ActivationBytes => right.ActivationBytes;

        public string BackendOf(Node one) => right.BackendOf(one);

        public IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs) => right.Run(inputs);

        public IReadOnlyList<Tensor> Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation) => right.Run(inputs, cancellation);

        public NetworkProfile Profile(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation = default) => right.Profile(inputs, cancellation);

        public Tensor Read(string one)
        {
            var value = right.Read(one);
            if (one == node)
                value[0, 2, 5, 7] += 7.5f;
            return value;
        }

        public PlanBuild Prepare(params ReadOnlySpan<Shape> shapes) => right.Prepare(shapes);

        public void Dispose() => right.Dispose();
    }
}
