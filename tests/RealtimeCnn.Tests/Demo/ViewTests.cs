using RealtimeCnn.Camera;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Demo;

/// <summary>Every view, drawn by the GPU from its tensors and by the CPU from its own: the same picture, or one of them is wrong.</summary>
[Collection(GlTests.Name)]
public sealed class ViewTests(GlFixture gl)
{
    public static TheoryData<int, int, int> Views => new()
    {
        { 0, 640, 360 }, { 1, 640, 360 }, { 2, 640, 360 }, { 3, 641, 357 }, { 4, 640, 360 }, { 5, 640, 360 }, { 0, 320, 240 }, { 1, 320, 240 }, { 4, 1280, 720 },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public void Both_backends_draw_the_same_picture(int view, int width, int height)
    {
        var size = new Size2d(height, width);
        byte[] onCpu = Draw(new CpuScene(new RunStats()), view, size, help: view == 4);
        byte[] onGpu = gl.Run(device => Draw(new GpuScene(device, new RunStats()), view, size, help: view == 4));

        // The strip of measured times and the renderer's name differ; edges may fall on either side of a pixel's centre.
        int different = 0, compared = 0;
        float scale = Screen.ScaleFor(size);
        int top = (int)(46 * scale), bottom = height - (int)(44 * scale);
        for (int i = top * width; i < bottom * width; i++, compared++)
        {
            int worst = 0;
            for (int channel = 0; channel < 3; channel++)
                worst = Math.Max(worst, Math.Abs(onCpu[(i * 4) + channel] - onGpu[(i * 4) + channel]));
            different += worst > 24 ? 1 : 0;
        }

        Assert.True(different < compared * 0.01, $"{different} of {compared} pixels differ");
        Assert.True(onGpu.Distinct().Count() > 100, "there is hardly anything in the picture");
    }

    [Fact]
    public void Before_the_first_frame_the_screen_says_so_on_both_backends()
    {
        var size = new Size2d(240, 320);
        using var onCpu = new CpuScene(new RunStats());
        Screen.Draw(onCpu, new DemoControls(), new RunStats(), "nothing", size);
        Assert.Equal(320 * 240 * 4, onCpu.ReadPicture().Pixels.Length);
        gl.Run(device =>
        {
            using var onGpu = new GpuScene(device, new RunStats());
            Screen.Draw(onGpu, new DemoControls(), new RunStats(), "nothing", size);
            Assert.Equal(320 * 240 * 4, onGpu.ReadPicture().Pixels.Length);
        });
    }

    [Fact]
    public void Changed_settings_are_computed_on_the_frame_that_stands_still()
    {
        gl.Run(device =>
        {
            using var scene = new GpuScene(device, new RunStats());
            var controls = new DemoControls(3);
            Submit(scene, controls);
            Screen.Draw(scene, controls, new RunStats(), "pattern", new Size2d(360, 640));
            byte[] before = scene.ReadPicture().Pixels;
            Assert.False(scene.TryRecompute(controls.Wanted));

            controls.Press(new KeyPress(ConsoleKey.K, default, false));
            scene.Finish();
            Assert.True(scene.TryRecompute(controls.Wanted));
            Screen.Draw(scene, controls, new RunStats(), "pattern", new Size2d(360, 640));
            Assert.NotEqual(before, scene.ReadPicture().Pixels);
            Assert.False(scene.TryRecompute(controls.Wanted));
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_live_screen_allocates_nothing_and_never_waits_for_the_GPU(int view)
    {
        var format = new FrameFormat(64, 48, PixelFormat.Bgra);
        using var pool = new FramePool(4);
        using var pattern = new TestPatternSource(format.Width, format.Height);
        gl.Run(device =>
        {
            var stats = new RunStats();
            using var scene = new GpuScene(device, stats);
            var controls = new DemoControls(view);
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
                    if (scene.TrySubmit(frame, controls.Wanted))
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

    private static byte[] Draw(Scene scene, int view, Size2d size, bool help)
    {
        using (scene)
        {
            var controls = new DemoControls(view);
            if (help)
                controls.Press(new KeyPress(ConsoleKey.H, default, false));
            Submit(scene, controls);
            scene.Finish();
            while (scene.TryRecompute(controls.Wanted))
                scene.Finish();
            Screen.Draw(scene, controls, new RunStats(), "pattern", size);
            return scene.ReadPicture().Pixels;
        }
    }

    private static void Submit(Scene scene, DemoControls controls)
    {
        var format = new FrameFormat(160, 120, PixelFormat.Bgra);
        using var pool = new FramePool(1);
        using var pattern = new TestPatternSource(format.Width, format.Height);
        var buffer = pool.TryRent(format.Bytes)!;
        pattern.Draw(37, buffer.Bytes);
        using var frame = new Frame(buffer, format, default, 0);
        Assert.True(scene.TrySubmit(frame, controls.Wanted));
    }
}
