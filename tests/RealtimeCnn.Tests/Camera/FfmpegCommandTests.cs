using RealtimeCnn.Camera;
using RealtimeCnn.Camera.Ffmpeg;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>Command lines, listings and explanations of systems that this machine is not.</summary>
public sealed class FfmpegCommandTests
{
    private const string Limit = "-max_pixels 200004096 ";
    private const string LowLatency = "-fflags nobuffer -flags low_delay -analyzeduration 200000";
    private static readonly CameraOptions Hd = new() { Width = 1280, Height = 720, FrameRate = 29.97, InputFormat = "mjpeg" };

    [Fact]
    public void Linux_reads_video4linux() => Assert.Equal(
        $"{Limit}{LowLatency} -f v4l2 -input_format mjpeg -video_size 1280x720 -framerate 29.97 -i /dev/video2",
        Line(FfmpegArguments.Camera(CameraPlatform.Linux, "/dev/video2", Hd)));

    [Fact]
    public void Windows_reads_directshow_with_compressed_formats_as_codecs()
    {
        Assert.Equal(
            $"{Limit}{LowLatency} -f dshow -rtbufsize 64M -vcodec mjpeg -video_size 1280x720 -framerate 29.97 -i video=Integrated Camera",
            Line(FfmpegArguments.Camera(CameraPlatform.Windows, "Integrated Camera", Hd)));
        Assert.Contains("-pixel_format yuyv422", Line(FfmpegArguments.Camera(CameraPlatform.Windows, "C", Hd with { InputFormat = "yuyv422" })), StringComparison.Ordinal);
    }

    [Fact]
    public void Macos_reads_avfoundation_without_sound() => Assert.Equal(
        $"{Limit}{LowLatency} -f avfoundation -pixel_format nv12 -video_size 640x480 -framerate 30 -i 0:none",
        Line(FfmpegArguments.Camera(CameraPlatform.MacOS, "0", new CameraOptions { Width = 640, Height = 480, FrameRate = 30, InputFormat = "nv12" })));

    [Fact]
    public void A_device_is_asked_for_nothing_by_default() => Assert.Equal(
        $"{Limit}{LowLatency} -f v4l2 -i /dev/video0", Line(FfmpegArguments.Camera(CameraPlatform.Linux, "/dev/video0", new CameraOptions())));

    [Theory]
    [InlineData("http://cam/stream", 5, "-protocol_whitelist http,https,httpproxy,tcp,tls,crypto,data -rw_timeout 11000000 " + Limit + LowLatency + " -use_wallclock_as_timestamps 1 -i http://cam/stream")]
    [InlineData("https://host/film.mp4?x=1", 5, "-protocol_whitelist http,https,httpproxy,tcp,tls,crypto,data -rw_timeout 11000000 " + Limit + "-i https://host/film.mp4?x=1")]
    [InlineData("rtsp://user:pw@cam/1", 5, "-protocol_whitelist rtsp,rtp,srtp,udp,http,https,httpproxy,tcp,tls,crypto,data -timeout 11000000 " + Limit + LowLatency + " -rtsp_transport tcp -i rtsp://user:pw@cam/1")]
    [InlineData("rtsp://cam/1", 4, "-protocol_whitelist rtsp,rtp,srtp,udp,http,https,httpproxy,tcp,tls,crypto,data -stimeout 11000000 " + Limit + LowLatency + " -rtsp_transport tcp -i rtsp://cam/1")]
    public void Streams_are_read_without_delay_films_like_files_and_neither_for_ever_nor_from_anywhere(string url, int version, string expected) =>
        Assert.Equal(expected, Line(FfmpegArguments.Url(new Uri(url), new Version(version, 4), new CameraOptions())));

    [Theory]
    [InlineData("gopher://host/1")]
    [InlineData("ftp://host/film.mp4")]
    [InlineData("subfile://x")]
    public void Addresses_of_other_kinds_are_refused(string url) =>
        Assert.Contains("rtsp", Assert.Throws<CameraException>(() => FfmpegSource.Url(new Uri(url))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(4, 4, "-vsync passthrough")]
    [InlineData(5, 0, "-vsync passthrough")]
    [InlineData(5, 1, "-fps_mode passthrough")]
    [InlineData(8, 0, "-fps_mode passthrough")]
    public void Every_version_passes_pictures_through_with_their_own_times(int major, int minor, string passthrough)
    {
        string line = Line(FfmpegArguments.Command(new Version(major, minor), ["-i", "x"]));
        Assert.Contains(passthrough, line, StringComparison.Ordinal);
        Assert.Contains("-enc_time_base 1:1000000", line, StringComparison.Ordinal);
        Assert.Contains("-autoscale 0", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers", "5.1")]
    [InlineData("ffmpeg version n7.1 Copyright (c)", "7.1")]
    [InlineData("ffmpeg version N-118893-g0fef1b7ab7 Copyright (c)", "99.0")]
    [InlineData("ffmpeg version 2025-01-02-git-f9f-full_build-www.gyan.dev Copyright", "99.0")]
    [InlineData("something else", null)]
    public void Versions_are_read_from_the_banner(string banner, string? expected) =>
        Assert.Equal(expected, FfmpegTool.ParseVersion(banner)?.ToString());

    [Fact]
    public void V4l2_formats_are_read() => Assert.Equal(
        [
            new CameraFormat("yuyv422", 640, 480), new CameraFormat("yuyv422", 1280, 720), new CameraFormat("mjpeg", 1920, 1080),
            new CameraFormat("yuv420p", 2592, 1944),
        ],
        DeviceListing.V4l2Formats([
            "[video4linux2,v4l2 @ 0x5581a8d3a740] Raw       :     yuyv422 :           YUYV 4:2:2 : 640x480 1280x720",
            "[video4linux2,v4l2 @ 0x5581a8d3a740] Compressed:       mjpeg :          Motion-JPEG : 1920x1080",
            "[video4linux2,v4l2 @ 0x5581a8d3a740] Raw       :     yuv420p :     Planar YUV 4:2:0 : {32-2592, 2}x{32-1944, 2}",
            "[video4linux2,v4l2 @ 0x5581a8d3a740] Raw       : Unsupported :   10-bit Bayer GRGR : 640x480",
            "/dev/video0: Immediate exit requested",
        ]));

    [Fact]
    public void Directshow_devices_are_read_and_twins_told_apart() => Assert.Equal(
        [(0, "HD Webcam", "@device_pnp_a"), (1, "HD Webcam", "@device_pnp_b"), (2, "OBS Virtual Camera", "@device_sw_c")],
        DeviceListing.DirectShowDevices([
            "[dshow @ 000001] \"HD Webcam\" (video)",
            "[dshow @ 000001]   Alternative name \"@device_pnp_a\"",
            "[dshow @ 000001] \"HD Webcam\" (video)",
            "[dshow @ 000001]   Alternative name \"@device_pnp_b\"",
            "[dshow @ 000001] \"OBS Virtual Camera\" (none)",
            "[dshow @ 000001]   Alternative name \"@device_sw_c\"",
            "[dshow @ 000001] \"Microphone (Realtek)\" (audio)",
            "[dshow @ 000001]   Alternative name \"@device_cm_d\"",
            "dummy: Immediate exit requested",
        ]).Select(device => (device.Number, device.Name, device.Address)));

    [Fact]
    public void Directshow_devices_of_ffmpeg_4_are_read() => Assert.Equal(
        [(0, "Integrated Camera", "@device_pnp_a")],
        DeviceListing.DirectShowDevices([
            "[dshow @ 000001] DirectShow video devices (some may be both video and audio devices)",
            "[dshow @ 000001]  \"Integrated Camera\"",
            "[dshow @ 000001]     Alternative name \"@device_pnp_a\"",
            "[dshow @ 000001] DirectShow audio devices",
            "[dshow @ 000001]  \"Microphone\"",
            "[dshow @ 000001]     Alternative name \"@device_cm_b\"",
        ]).Select(device => (device.Number, device.Name, device.Address)));

    [Fact]
    public void Directshow_formats_are_read() => Assert.Equal(
        [new CameraFormat("mjpeg", 1280, 720, 5, 30), new CameraFormat("yuyv422", 640, 480, 30, 30)],
        DeviceListing.DirectShowFormats([
            "[dshow @ 000001] DirectShow video device options (from video devices)",
            "[dshow @ 000001]   vcodec=mjpeg  min s=1280x720 fps=5 max s=1280x720 fps=30",
            "[dshow @ 000001]   vcodec=mjpeg  min s=1280x720 fps=5 max s=1280x720 fps=30 (pc, bt470bg/bt709/unknown, center)",
            "[dshow @ 000001]   pixel_format=yuyv422  min s=640x480 fps=30 max s=640x480 fps=30.0000",
        ]));

    [Fact]
    public void Avfoundation_devices_and_formats_are_read_without_screens_and_microphones()
    {
        Assert.Equal([(0, "FaceTime HD Camera", "0"), (1, "USB Camera", "1")], DeviceListing.AVFoundationDevices([
            "[AVFoundation indev @ 0x7f8] AVFoundation video devices:",
            "[AVFoundation indev @ 0x7f8] [0] FaceTime HD Camera",
            "[AVFoundation indev @ 0x7f8] [1] USB Camera",
            "[AVFoundation indev @ 0x7f8] [2] Capture screen 0",
            "[AVFoundation indev @ 0x7f8] AVFoundation audio devices:",
            "[AVFoundation indev @ 0x7f8] [0] Built-in Microphone",
        ]).Select(device => (device.Number, device.Name, device.Address)));
        Assert.Equal([new CameraFormat("", 1280, 720, 1, 30)], DeviceListing.AVFoundationFormats([
            "[avfoundation @ 0x7f8] Selected video size (1x1) is not supported by the device.",
            "[avfoundation @ 0x7f8] Supported modes:",
            "[avfoundation @ 0x7f8]   1280x720@[1.000000 30.000000]fps",
            "[avfoundation @ 0x7f8]   1280x720@[1.000000 30.000000]fps",
        ]));
    }

    [Fact]
    public void Linux_cameras_are_found_by_number_name_or_address()
    {
        using var media = new MediaFiles();
        foreach (var (node, name) in ((string, string)[])[("video10", "Capture Card"), ("video0", "HD Webcam\n"), ("v4l-subdev0", "sensor")])
        {
            Directory.CreateDirectory(media.PathOf(node));
            File.WriteAllText(Path.Combine(media.PathOf(node), "name"), name);
        }

        var cameras = CameraDevices.LinuxDevices(media.Folder);
        Assert.Equal([(0, "HD Webcam"), (10, "Capture Card")], cameras.Select(camera => (camera.Number, camera.Name)));
        Assert.Equal("/dev/video10", CameraDevices.Resolve("10", cameras));
        Assert.Equal("/dev/video0", CameraDevices.Resolve("HD Webcam", cameras));
        string absent = Assert.Throws<CameraException>(() => CameraDevices.Resolve("3", cameras)).Message;
        Assert.Contains("camera:3 is not there", absent, StringComparison.Ordinal);
        Assert.Contains("camera:0 (HD Webcam), camera:10 (Capture Card)", absent, StringComparison.Ordinal);
        Assert.Contains("plug one in", Assert.Throws<CameraException>(() => CameraDevices.Resolve("0", [])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[video4linux2,v4l2 @ 0x1] ioctl(VIDIOC_STREAMON): Device or resource busy", "in use by another program")]
    [InlineData("[dshow @ 01] Could not run graph (sometimes caused by a device already in use by other application)", "in use by another program")]
    [InlineData("[video4linux2,v4l2 @ 0x1] Cannot open video device /dev/video0: Permission denied", "group 'video'")]
    [InlineData("[video4linux2,v4l2 @ 0x1] Cannot open video device /dev/video0: No such file or directory", "plug it in")]
    [InlineData("[dshow @ 01] Could not set video options", "does not offer the size")]
    [InlineData("[avfoundation @ 0x7f8] Selected framerate (60.0) is not supported by the device.", "does not offer the size")]
    [InlineData("Unknown input format: 'v4l2'", "without camera support")]
    public void What_a_camera_says_is_explained(string line, string explanation) =>
        Assert.Contains(explanation, FfmpegErrors.Explain("camera:0", InputKind.Camera, [line], 1), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://cam/x: Server returned 401 Unauthorized (authorization failed)", "user and password")]
    [InlineData("http://cam/x: Server returned 404 Not Found", "no such stream")]
    [InlineData("[tcp @ 0x1] Failed to resolve hostname cam: Name or service not known", "host is not known")]
    [InlineData("gopher://cam/x: Protocol not found", "does not know this kind of address")]
    public void What_a_stream_says_is_explained(string line, string explanation) =>
        Assert.Contains(explanation, FfmpegErrors.Explain("http://cam/x", InputKind.Url, [line], 1), StringComparison.Ordinal);

    [Fact]
    public void A_camera_that_is_not_there_ends_with_the_list_of_those_that_are()
    {
        using var source = FrameSources.Open("camera:No Such Camera");
        source.Start();
        Assert.Null(source.Take(TimeSpan.FromSeconds(30)));
        Assert.Equal((SourceState.Ended, true), (source.Status.State, source.Status.Faulted));
        Assert.Contains("No Such Camera is not there", source.Status.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("width")]
    [InlineData("rate")]
    [InlineData("patience")]
    public void Impossible_wishes_are_refused(string wish)
    {
        var options = wish switch
        {
            "width" => new CameraOptions { Width = 640 },
            "rate" => new CameraOptions { FrameRate = 0 },
            _ => new CameraOptions { LostAfter = TimeSpan.FromMilliseconds(1) },
        };
        Assert.ThrowsAny<ArgumentException>(() => FfmpegSource.Camera("0", options));
    }

    [Fact]
    public void A_live_clock_takes_the_least_delay_and_never_runs_back()
    {
        var clock = new LiveClock();
        var delays = (double[])[50, 20, 80, 25, 400, 22];
        var last = TimeSpan.MinValue;
        for (int i = 0; i < delays.Length; i++)
        {
            var taken = TimeSpan.FromMilliseconds(1000 + (i * 40));
            var arrival = taken + TimeSpan.FromMilliseconds(delays[i]);
            var stamp = clock.Taken(TimeSpan.FromMilliseconds(i * 40), arrival);
            Assert.True(stamp <= arrival && stamp > last);
            // From the second picture on, the estimate sits at the least delay, a little above with time.
            if (i > 0)
                Assert.InRange((stamp - taken).TotalMilliseconds, 20, 22);
            last = stamp;
        }
    }

    private static string Line(string[] arguments) => string.Join(' ', arguments);
}
