using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Textbook;
using Scene = RealtimeCnn.Demo.Scenes.Scene;

namespace RealtimeCnn.Tests.Demo;

/// <summary>Each scene of the textbook shows what its pages claim.</summary>
[Collection(GlTests.Name)]
public sealed class ExploreTests(GlFixture gl) : IDisposable
{
    private static readonly Size2d Size = new(720, 1280);
    private readonly ExploreMode _mode = new();
    private readonly CpuScene _scene = new(new RunStats());
    private readonly Surroundings _around = new();

    public static TheoryData<string> Names => [.. ExploreMode.SceneNames];

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Pages_of_the_textbook_and_scenes_exist_on_both_ends()
    {
        Assert.Equal(ExploreMode.SceneNames, _mode.Scenes.Select(scene => scene.Name));
        Assert.All(LivePages.All, page =>
        {
            Assert.NotNull(TextbookClaims.Find(page.Claim));
            Assert.Contains(page.Mode, ModeList.Names);
            Assert.Equal(page.Mode == _mode.Name, page.Scene != null);
            Assert.True(page.Scene == null || ExploreMode.SceneNames.Contains(page.Scene), page.Scene);
            Assert.Same(page, LivePages.Find(page.Claim));
        });
        Assert.All(ExploreMode.SceneNames, scene => Assert.Contains(LivePages.All, page => page.Scene == scene));
        Assert.Null(LivePages.Find("weight-decay"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_backends_draw_the_same(string name)
    {
        byte[] Drawn(Scene scene)
        {
            using (scene)
            {
                var mode = new ExploreMode();
                mode.Choose(name);
                mode.Advance(TimeSpan.FromSeconds(5));
                return Draw(scene, mode, Size);
            }
        }

        byte[] onCpu = Drawn(new CpuScene(new RunStats())), onGpu = gl.Run(device => Drawn(new GpuScene(device, new RunStats())));
        int different = Enumerable.Range(0, onCpu.Length / 4).Count(i => Math.Abs(onCpu[i * 4] - onGpu[i * 4]) > 24);
        Assert.True(different < onCpu.Length / 400, $"{different} pixels differ");
        Assert.True(onCpu.Distinct().Count() > 60, "there is hardly anything in the picture");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scene_that_plays_allocates_nothing(string name)
    {
        _mode.Choose(name);
        Draw(_scene, _mode, Size);
        long allocated = 1;
        // Until all of it is compiled to the end, in the background; the first turns allocate.
        for (int part = 0; part < 500 && allocated > 0; part++)
        {
            if (part > 0)
                Thread.Sleep(10);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 8; i++)
            {
                _mode.Advance(TimeSpan.FromSeconds(part + (i / 30.0)));
                _around.Now = TimeSpan.FromSeconds(part + (i / 30.0));
                if (_mode.IsStale && _scene.TryRecompute(_mode.Network, changed: true))
                    _mode.IsStale = false;
                Paint(_scene, _mode, new Size2d(240, 320));
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Dilated_windows_reach_what_is_written()
    {
        using var graph = DilationNetwork.Build(new Size2d(64, 64));
        for (int i = 0; i < DilationNetwork.Dilations.Count; i++)
            Assert.Equal(graph.ReceptiveField(graph[DilationNetwork.Names[i]]).Width, DilationNetwork.Reach(DilationNetwork.Dilations[i]));
        Assert.Equal([3, 5, 9, 17], DilationNetwork.Dilations.Select(DilationNetwork.Reach));
    }

    [Fact]
    public void A_click_on_a_dilation_draws_its_window()
    {
        var scene = Choose<DilationScene>("dilation");
        Draw(_scene, _mode, Size);
        Assert.Equal(4, scene.Dilation);
        int near = Taps(), far;
        Click(1200, 650);
        Assert.Equal(8, scene.Dilation);
        Paint(_scene, _mode, Size);
        far = Taps();
        Assert.True(far > near + 12, $"the window of dilation 4 is {near} units wide, that of 8 {far}");

        // From the first to the last blue pixel of the picture's half: eight of the nine are blue.
        int Taps()
        {
            byte[] pixels = _scene.ReadPicture().Pixels;
            int[] columns = [.. Enumerable.Range(20, 560).Where(x => Enumerable.Range(110, 420).Any(y => IsCool(pixels, (y * Size.Width) + x)))];
            return columns[^1] - columns[0];
        }
    }

    [Fact]
    public void Poolings_are_what_their_names_say()
    {
        var network = new PoolingNetwork(4);
        using var graph = network.Build(new Size2d(16, 16));
        network.Write(1);
        graph[PoolingNetwork.Gem].Parameters[0].Write([1]);
        using var cpu = new CpuNetwork(graph);
        using var picture = Noise(new Shape(1, 3, 16, 16));
        var outputs = cpu.Run(picture);
        float Value(string kind) => outputs[PoolingNetwork.Kinds.ToList().IndexOf(kind)][0, 1, 2, 3];
        float[] window = [.. Enumerable.Range(0, 16).Select(i => picture[0, 1, 8 + (i / 4), 12 + (i % 4)])];
        Assert.Equal(window.Max(), Value(PoolingNetwork.Max), 1e-5f);
        Assert.Equal(window.Average(), Value(PoolingNetwork.Average), 1e-5f);
        Assert.Equal(window.Average(), Value(PoolingNetwork.Gem), 1e-4f);
        Assert.Equal(MathF.Sqrt(window.Sum(x => x * x)), Value(PoolingNetwork.Lp), 1e-4f);
        Assert.Equal(window[0], Value(PoolingNetwork.Every), 1e-6f);
        Assert.InRange(Value(PoolingNetwork.Weighted), window.Min(), window.Max());
    }

    [Fact]
    public void GeM_s_exponent_is_changed_while_it_runs()
    {
        var scene = Choose<PoolingScene>("pooling");
        byte[] before = Draw(_scene, _mode, Size);
        for (int i = 0; i < 8; i++)
            Press(ConsoleKey.OemPlus);
        Assert.InRange(scene.Exponent, 17, 18);
        Assert.True(_mode.IsStale);
        Assert.True(_scene.TryRecompute(_mode.Network, changed: true));
        _scene.Finish();
        byte[] after = Paint(_scene, _mode, Size);
        // Brighter, nearer to the maximum: GeM is the first of the second row.
        Assert.True(Brightness(after) > Brightness(before) + 1, $"{Brightness(before)}, then {Brightness(after)}");

        static double Brightness(byte[] pixels) => (from y in Enumerable.Range(310, 150) from x in Enumerable.Range(520, 250) select (double)pixels[((y * Size.Width) + x) * 4]).Average();
    }

    [Theory]
    [InlineData(0, 3, true)]
    [InlineData(1, 3, false)]
    [InlineData(1, 4, true)]
    [InlineData(2, 3, false)]
    [InlineData(2, 4, true)]
    public void A_shift_passes_through_a_convolution_and_only_whole_steps_through_a_stride(int steps, int right, bool passes)
    {
        var scene = Choose<ShiftScene>("shift");
        for (int i = 0; i < steps; i++)
            Press(ConsoleKey.S);
        for (int i = 0; i < right; i++)
            Press(ConsoleKey.RightArrow);
        Draw(_scene, _mode, Size);
        Assert.Equal((right, 0), scene.Shift);
        Assert.Equal(passes, scene.Share < 1e-4f);
        Assert.True(passes || scene.Share > 0.1f, $"{scene.Share}");
    }

    [Fact]
    public void The_picture_moves_to_where_it_is_shifted()
    {
        var scene = Choose<ShiftScene>("shift");
        for (int i = 0; i < 12; i++)
            Press(ConsoleKey.RightArrow);
        byte[] pixels = Draw(_scene, _mode, Size);
        Assert.Equal((ShiftNetwork.Most, 0), scene.Shift);
        // The first pane lies between 167 and 483: black comes in at its left, and not at its right.
        Assert.All(Enumerable.Range(150, 100), y => Assert.True(At(171, y) < 4 && At(478, y) > 4, $"{At(171, y)} and {At(478, y)} in row {y}"));

        int At(int x, int y) => pixels[((y * Size.Width) + x) * 4];
    }

    [Fact]
    public void The_picture_wanders_until_it_is_dragged()
    {
        var scene = Choose<ShiftScene>("shift");
        Draw(_scene, _mode, Size);
        HashSet<(int, int)> places = [];
        for (int i = 0; i < 100; i++)
        {
            _mode.Advance(TimeSpan.FromSeconds(i / 5.0));
            places.Add(scene.Shift);
        }

        Assert.True(places.Count > 10 && _mode.IsStale);
        _mode.Point(new PointerEvent(PointerAction.Pressed, 300, 200, PointerButton.Left));
        var from = scene.Shift;
        _mode.Point(new PointerEvent(PointerAction.Moved, 312, 206));
        Assert.Equal((from.Right + 2, from.Down + 1), scene.Shift);
        _mode.Point(new PointerEvent(PointerAction.Released, 312, 206, PointerButton.Left));
        Assert.False(_mode.Advance(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Costs_are_counted_as_layers_come_and_go()
    {
        var scene = Choose<CountScene>("count");
        Draw(_scene, _mode, Size);
        var costs = scene.Counted.Costs;
        // 27·16 + 16; nothing; 9·16·32 + 32; nothing; 9·32·64 + 64, on 128×96, and a half and a quarter of it.
        Assert.Equal([448, 0, 4640, 0, 18496], costs.Select(cost => cost.Parameters));
        Assert.Equal([432L * 128 * 96, 0, 4608L * 64 * 48, 0, 18432L * 32 * 24], costs.Select(cost => cost.MultiplyAccumulates));
        Assert.Equal([3, 4, 8, 10, 18], costs.Select(cost => cost.Seen));
        Assert.Equal(costs.Sum(cost => cost.MultiplyAccumulates), scene.Counted.Work.Full);
        Assert.Equal("23.6k parameters, 33.6M multiply-accumulates a picture", scene.Counted.Summary);

        Press(ConsoleKey.T);
        Recompute();
        // 27·(3 weights and a bias…): 3·9 + 3, then 3·16 + 16.
        Assert.Equal(30 + 64, scene.Counted.Costs[0].Parameters);
        Assert.Equal(scene.Counted.Total.MultiplyAccumulates, scene.Counted.Work.Separable);
        Assert.True(scene.Counted.Work.Full > 5 * scene.Counted.Work.Separable);
        Press(ConsoleKey.Delete, ConsoleKey.Delete, ConsoleKey.A);
        Assert.Equal(4, scene.Counted.Blocks.Count);
        Recompute();
        Assert.Equal(4, scene.Counted.Costs.Count);
        for (int i = 0; i < 10; i++)
            Press(ConsoleKey.P);
        Assert.True(scene.Counted.Blocks.Count <= CountNetwork.MostBlocks);
        Recompute();
        for (int i = 0; i < 10; i++)
            Press(ConsoleKey.Backspace);
        Assert.Single(scene.Counted.Blocks);
        Recompute();
    }

    [Fact]
    public void The_loupe_counts_what_the_network_computes_wherever_it_sweeps()
    {
        var scene = Choose<LoupeScene>("loupe");
        _mode.Advance(TimeSpan.Zero);
        Draw(_scene, _mode, Size);
        HashSet<(int, int)> places = [];
        foreach (int kernel in Enumerable.Range(0, 3))
        {
            for (int i = 0; i < 12; i++)
            {
                _mode.Advance(TimeSpan.FromSeconds(3.3 * i));
                Paint(_scene, _mode, new Size2d(240, 320));
                places.Add(scene.At);
                Assert.Equal(((LoupeNetwork)_scene.Network!).ResultAt(scene.At.X, scene.At.Y), scene.Sum, 1e-4f);
            }

            Press(ConsoleKey.K);
            Recompute();
        }

        Assert.True(places.Count > 8, $"only {places.Count} places");
        // A mouse that rests on the first pixel of the picture.
        _around.Pointer = (105, 112);
        Paint(_scene, _mode, Size);
        Assert.InRange(scene.At.X, 0, 2);
        Assert.InRange(scene.At.Y, 0, 2);
    }

    private T Choose<T>(string name)
        where T : ExploreScene
    {
        _mode.Choose(name);
        return Assert.IsType<T>(_mode.Shown);
    }

    private void Press(params ConsoleKey[] keys)
    {
        foreach (var key in keys)
            Assert.True(KeyBinding.Press(_mode.Keys, key));
    }

    private void Click(float x, float y) => Assert.True(_mode.Point(new PointerEvent(PointerAction.Pressed, x, y, PointerButton.Left)));

    private void Recompute()
    {
        Assert.True(_scene.TryRecompute(_mode.Network));
        _scene.Finish();
        Paint(_scene, _mode, Size);
    }

    private static bool IsCool(byte[] pixels, int pixel) => Math.Abs(pixels[pixel * 4] - 0x4F) < 3 && Math.Abs(pixels[(pixel * 4) + 1] - 0xA3) < 3 && Math.Abs(pixels[(pixel * 4) + 2] - 0xF6) < 3;

    private byte[] Draw(Scene scene, ExploreMode mode, Size2d size)
    {
        var format = new FrameFormat(160, 120, PixelFormat.Bgra);
        using var pool = new FramePool(1);
        using var pattern = new TestPatternSource(format.Width, format.Height);
        var buffer = pool.TryRent(format.Bytes)!;
        pattern.Draw(37, buffer.Bytes);
        using (var frame = new Frame(buffer, format, default, 0))
            Assert.True(scene.TrySubmit(frame, mode.Network));
        scene.Finish();
        scene.HasNewPicture();
        return Paint(scene, mode, size);
    }

    private byte[] Paint(Scene scene, ExploreMode mode, Size2d size)
    {
        _around.Begin();
        scene.BeginPicture(size, Theme.Background, Screen.ScaleFor(size));
        var room = scene.Canvas.Bounds.Inset(Theme.Margin).Below(TabBar.Height);
        mode.Draw(scene, room, _around);
        scene.EndPicture();
        return size == Size ? scene.ReadPicture().Pixels : [];
    }

    private static Tensor Noise(Shape shape)
    {
        var random = new Random(3);
        var tensor = new Tensor(shape);
        foreach (ref float value in tensor.Span)
            value = random.NextSingle();
        return tensor;
    }
}
