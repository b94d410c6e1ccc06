using RealtimeCnn.Camera;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Demo;

/// <summary>Every mode, drawn by the GPU from its tensors and by the CPU from its own: the same picture, or one of them is wrong.</summary>
[Collection(GlTests.Name)]
public sealed class ViewTests(GlFixture gl)
{
    public static TheoryData<string, int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<string, int, int> { { "draw", 320, 240 }, { "filters", 641, 357 }, { "explore", 1280, 720 } };
            // The doctor shows what each backend measures: see DoctorTests.
            foreach (string mode in ModeList.Names.Except(["doctor"]))
                sizes.Add(mode, 640, 360);
            return sizes;
        }
    }

    public static TheoryData<string> Modes => [.. ModeList.Names];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Both_backends_draw_the_same_picture(string mode, int width, int height)
    {
        var size = new Size2d(height, width);
        byte[] onCpu = Draw(new CpuScene(new RunStats()), mode, size, help: width == 1280);
        byte[] onGpu = gl.Run(device => Draw(new GpuScene(device, new RunStats()), mode, size, help: width == 1280));

        // The strip of measured times and the renderer's name differ; edges may fall on either side of a pixel's centre.
        int different = 0, compared = 0;
        float scale = Screen.ScaleFor(size);
        int top = (int)(50 * scale), bottom = height - (int)(44 * scale);
        for (int i = top * width; i < bottom * width; i++, compared++)
        {
            int worst = 0;
            for (int channel = 0; channel < 3; channel++)
                worst = Math.Max(worst, Math.Abs(onCpu[(i * 4) + channel] - onGpu[(i * 4) + channel]));
            different += worst > 24 ? 1 : 0;
        }

        Assert.True(different < compared * 0.01, $"{different} of {compared} pixels differ");
        Assert.True(onGpu.Distinct().Count() > 60, "there is hardly anything in the picture");
    }

    [Fact]
    public void A_mirror_changes_left_and_right_of_the_picture_and_not_what_is_found()
    {
        using var models = new ModelShelf();
        using var modes = new ModeList(models);
        using var scene = new CpuScene(new RunStats());
        var controls = new DemoControls(modes, "explore");
        Submit(scene, controls);
        scene.Finish();
        var size = new Size2d(720, 1280);
        Screen.Draw(scene, controls, new RunStats(), "pattern", size);
        byte[] plain = scene.ReadPicture().Pixels;
        controls.Press(new KeyPress(ConsoleKey.X, default, false));
        Screen.Draw(scene, controls, new RunStats(), "pattern", size);
        byte[] mirrored = scene.ReadPicture().Pixels;

        // The picture lies between 133 and 423; its colour bars are at its lower edge, white at the left, black at the right.
        Assert.True(At(plain, 142, 302) > 240 && At(plain, 412, 302) < 15);
        Assert.True(At(mirrored, 142, 302) < 15 && At(mirrored, 412, 302) > 240);
        Assert.Equal(At(plain, 700, 200), At(mirrored, 700, 200));

        int At(byte[] pixels, int x, int y) => pixels[((y * size.Width) + x) * 4];
    }

    [Fact]
    public void Before_the_first_frame_the_screen_says_so_on_both_backends()
    {
        var size = new Size2d(240, 320);
        using var models = new ModelShelf();
        using var modes = new ModeList(models);
        using var onCpu = new CpuScene(new RunStats());
        Screen.Draw(onCpu, new DemoControls(modes, "model"), new RunStats(), "nothing", size);
        Assert.Equal(320 * 240 * 4, onCpu.ReadPicture().Pixels.Length);
        gl.Run(device =>
        {
            using var onGpu = new GpuScene(device, new RunStats());
            Screen.Draw(onGpu, new DemoControls(modes, "model"), new RunStats(), "nothing", size);
            Assert.Equal(320 * 240 * 4, onGpu.ReadPicture().Pixels.Length);
        });
    }

    [Fact]
    public void Changed_weights_are_computed_on_the_frame_that_stands_still()
    {
        gl.Run(device =>
        {
            using var models = new ModelShelf();
            using var modes = new ModeList(models);
            using var scene = new GpuScene(device, new RunStats());
            var controls = new DemoControls(modes, "filters");
            Submit(scene, controls);
            Screen.Draw(scene, controls, new RunStats(), "pattern", new Size2d(360, 640));
            byte[] before = scene.ReadPicture().Pixels;
            controls.Mode.IsStale = false;
            Assert.False(scene.TryRecompute(controls.Mode.Network, controls.Mode.IsStale));

            controls.Press(new KeyPress(ConsoleKey.K, default, false));
            scene.Finish();
            Assert.True(scene.TryRecompute(controls.Mode.Network, controls.Mode.IsStale));
            Screen.Draw(scene, controls, new RunStats(), "pattern", new Size2d(360, 640));
            Assert.NotEqual(before, scene.ReadPicture().Pixels);
        });
    }

    [Fact]
    public void Another_network_is_made_ready_in_slices_while_the_one_before_goes_on()
    {
        using var models = new ModelShelf();
        using var modes = new ModeList(models);
        using var scene = new CpuScene(new RunStats()) { SwapBudget = TimeSpan.Zero };
        var controls = new DemoControls(modes, "filters");
        Submit(scene, controls);
        scene.Finish();
        var before = scene.Network;
        controls.Choose("find");
        int turns = 0;
        while (!scene.TryRecompute(controls.Mode.Network))
        {
            Assert.Same(before, scene.Network);
            Submit(scene, controls);
            scene.Finish();
            turns++;
        }

        Assert.True(turns > 1, $"all was made in {turns} turns");
        Assert.Same(controls.Mode.Network, scene.Network);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_live_screen_allocates_nothing_and_never_waits_for_the_GPU(string mode)
    {
        var format = new FrameFormat(64, 48, PixelFormat.Bgra);
        using var pool = new FramePool(4);
        using var pattern = new TestPatternSource(format.Width, format.Height);
        using var models = new ModelShelf();
        using var modes = new ModeList(models);
        gl.Run(device =>
        {
            var stats = new RunStats();
            using var scene = new GpuScene(device, stats);
            var controls = new DemoControls(modes, mode);
            controls.Press(new KeyPress(ConsoleKey.B, default, false));
            var size = new Size2d(240, 320);
            long allocated = 0, blocking = 0, frames = 0;
            // Until all of it is compiled to the end; the first turns allocate.
            for (int part = 0; part < 2 || (part < 30 && allocated > 0); part++)
            {
                (allocated, blocking, frames) = (0, device.BlockingCalls, stats.FramesShown);
                for (int turn = 0; turn < 30; turn++)
                {
                    var buffer = pool.TryRent(format.Bytes)!;
                    pattern.Draw(turn, buffer.Bytes);
                    using var frame = new Frame(buffer, format, default, turn);
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    if (scene.TrySubmit(frame, controls.Mode.Network))
                        stats.CountShown();
                    Screen.Draw(scene, controls, stats, "pattern", size);
                    allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                }
            }

            Assert.Equal(0, allocated);
            Assert.Equal(blocking, device.BlockingCalls);
            Assert.True(stats.FramesShown > frames, "no frame came through");
        });
    }

    private static byte[] Draw(Scene scene, string mode, Size2d size, bool help)
    {
        using (scene)
        {
            using var models = new ModelShelf();
            using var modes = new ModeList(models);
            var controls = new DemoControls(modes, mode);
            if (help)
                controls.Press(new KeyPress(ConsoleKey.H, default, false));
            // Time for the demo to write on its board.
            for (int i = 0; i <= 60; i++)
                controls.Advance(TimeSpan.FromSeconds(i / 30.0));
            Submit(scene, controls);
            scene.Finish();
            scene.HasNewPicture();
            // What a mode computes beside the frames is there in each picture.
            controls.Advance(TimeSpan.FromSeconds(61 / 30.0));
            controls.Mode.Finish();
            Screen.Draw(scene, controls, new RunStats(), "pattern", size);
            return scene.ReadPicture().Pixels;
        }
    }

    private static void Submit(Scene scene, DemoControls controls)
    {
        if (controls.Mode.HasOwnPictures)
        {
            using var own = controls.Mode.TakePicture();
            Assert.True(scene.TrySubmit(own!, controls.Mode.Network));
            return;
        }

        var format = new FrameFormat(160, 120, PixelFormat.Bgra);
        using var pool = new FramePool(1);
        using var pattern = new TestPatternSource(format.Width, format.Height);
        var buffer = pool.TryRent(format.Bytes)!;
        pattern.Draw(37, buffer.Bytes);
        using var frame = new Frame(buffer, format, default, 0);
        Assert.True(scene.TrySubmit(frame, controls.Mode.Network));
    }
}
