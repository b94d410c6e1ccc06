using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.OpenGL;
using Silk.NET;
using static RealtimeCnn.OpenGL.GlEnum;
using WindowOptions = RealtimeCnn.OpenGL.Hosts.WindowOptions;

namespace RealtimeCnn.Tests.Samples;

/// <summary>
/// The cube of <c>demo/samples/CubeInSilk</c>, in a window of the stubs' over a real one; with RTCNN_APPROVE=1 in the environment its
/// picture in docs/images is written anew.
/// </summary>
[Collection(WindowTests.Name)]
public sealed class CubeInSilkTests(DisplayFixture display)
{
    [Fact]
    public void Boxes_of_the_detector_are_on_the_cube() => DisplayFixture.OnThread(() =>
    {
        _ = display.Display;
        using var host = GlfwHost.Create(new WindowOptions { Size = new Size2d(720, 1280), VerticalSync = false });
        int amber = 0, background = 0;
        byte[] shown = [];
        StubWindow.Factory = options =>
        {
            var window = new StubWindow(options, new StubContext { Loader = GlfwApi.Instance!.Address });
            window.Render += _ =>
            {
                // What the frame before has drawn.
                shown = Read(host);
                (amber, background) = (Count(shown, 0xFF, 0xB8, 0x4D), Count(shown, 13, 15, 26));
                if (amber > 200)
                    window.Post(window.Close);
            };
            return window;
        };
        SampleProgram.RunHere("CubeInSilk", "numbers");
        Assert.True(amber > 200);
        // The cube is in the middle, and the window around it.
        Assert.InRange(background, 1280 * 720 / 3, 1280 * 720 * 9 / 10);
        Assert.Equal((13, 15, 26), (shown[0], shown[1], shown[2]));
        host.Device.ThrowOnError("finish a test without errors");
        if (Environment.GetEnvironmentVariable("RTCNN_APPROVE") == "1")
            Png.Write(Path.Combine(Repository.Root, "docs", "images", "cube-in-silk.png"), shown, new FrameFormat(1280, 720, PixelFormat.Rgba));
    });

    private static unsafe byte[] Read(GlfwHost host)
    {
        byte[] rows = new byte[1280 * 720 * 4], upright = new byte[rows.Length];
        host.Device.Gl.BindFramebuffer(GL_FRAMEBUFFER, 0);
        fixed (byte* pointer = rows)
            host.Device.Gl.ReadPixels(0, 0, 1280, 720, GL_RGBA, GL_UNSIGNED_BYTE, pointer);
        for (int row = 0; row < 720; row++)
            rows.AsSpan((719 - row) * 5120, 5120).CopyTo(upright.AsSpan(row * 5120));
        return upright;
    }

    // Lit sides keep the colour's proportions.
    private static int Count(byte[] pixels, int red, int green, int blue)
    {
        int count = 0;
        for (int i = 0; i < pixels.Length; i += 4)
        {
            double light = pixels[i] / (double)red;
            count += light > 0.5 && Math.Abs(pixels[i + 1] - (light * green)) < 6 && Math.Abs(pixels[i + 2] - (light * blue)) < 6 ? 1 : 0;
        }

        return count;
    }
}
