using System.Runtime.InteropServices;
using Emgu.CV;
using Emgu.CV.CvEnum;
using RealtimeCnn.Camera;
using RealtimeCnn.Camera.Emgu;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Adapters;

/// <summary>The Emgu.CV adapter, driven through the stubs, whose cameras do what each test says.</summary>
public sealed class EmguSourceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static int _nextCamera = 100;

    private static readonly CameraOptions Quick = new()
    {
        StallAfter = TimeSpan.FromMilliseconds(200),
        LostAfter = TimeSpan.FromMilliseconds(400),
        OpenTimeout = Patience,
        FrozenAfter = TimeSpan.FromMilliseconds(200),
        FirstBackOff = TimeSpan.FromMilliseconds(20),
        LongestBackOff = TimeSpan.FromMilliseconds(50),
    };

    [Theory]
    [InlineData(1, PixelFormat.Gray)]
    [InlineData(3, PixelFormat.Bgr)]
    [InlineData(4, PixelFormat.Bgra)]
    public void Padded_rows_become_tight_ones(int channels, PixelFormat pixels)
    {
        using var source = Camera(new StubCamera { Channels = channels, Padding = 5, Shade = _ => 10 });
        source.Start();
        using var frame = source.Take(Patience);
        Assert.Equal(new FrameFormat(6, 4, pixels), frame!.Format);
        for (int row = 0; row < 4; row++)
        {
            for (int column = 0; column < 6 * channels; column++)
                Assert.Equal(10 + row + column, frame.Pixels[(row * 6 * channels) + column]);
        }
    }

    [Fact]
    public void A_size_is_asked_for_and_what_was_agreed_is_told()
    {
        var camera = new StubCamera();
        camera.Supports.Remove(CapProp.Fps);
        using var source = Camera(camera, Quick with { Width = 8, Height = 2, FrameRate = 60 });
        source.Start();
        using var frame = source.Take(Patience);
        Assert.Equal((8, 2), (frame!.Format.Width, frame.Format.Height));
        Assert.Equal(new EmguFormat(8, 2, 30, "STUB"), source.Format);
        Assert.Equal(1, camera.Properties[CapProp.Buffersize]);
    }

    [Fact]
    public void A_change_of_size_goes_through()
    {
        var camera = new StubCamera();
        camera.OnGrab = n =>
        {
            if (n == 5)
                (camera.Properties[CapProp.FrameWidth], camera.Properties[CapProp.FrameHeight]) = (10, 3);
            return true;
        };
        using var source = Camera(camera);
        source.Start(FrameDelivery.Every);
        List<int> widths = [];
        for (int i = 0; i < 8; i++)
        {
            using var frame = source.Take(Patience);
            widths.Add(frame!.Format.Width);
        }

        Assert.Equal([6, 6, 6, 6, 6, 10, 10, 10], widths);
    }

    [Fact]
    public void One_that_does_not_open_ends_with_the_reason()
    {
        using var source = EmguSource.Camera(Interlocked.Increment(ref _nextCamera), Quick);
        source.Start();
        Assert.Null(source.Take(Patience));
        Assert.Equal((SourceState.Ended, true), (source.Status.State, source.Status.Faulted));
        Assert.Contains("cannot be opened by OpenCV", source.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Pulled_out_it_is_lost_and_streams_again_when_it_is_back()
    {
        var camera = new StubCamera();
        using var source = Camera(camera);
        source.Start();
        source.Take(Patience)!.Dispose();
        camera.Present = false;
        Becomes(source, SourceState.Reopening);
        camera.Present = true;
        Becomes(source, SourceState.Streaming);
        Assert.Equal(1, camera.OpenNow);
        Assert.True(camera.OpenedEver >= 2);
    }

    [Fact]
    public void A_grab_that_hangs_is_left_behind_and_never_delivers_late()
    {
        using var hang = new ManualResetEventSlim();
        var camera = new StubCamera { Shade = _ => 1 };
        using var hung = new ManualResetEventSlim();
        camera.OnGrab = n =>
        {
            if (n == 3 && !hung.IsSet)
            {
                hung.Set();
                hang.Wait(CancellationToken.None);
            }

            return true;
        };
        using var source = Camera(camera, Quick with { FrozenAfter = null });
        source.Start();
        Assert.True(hung.Wait(Patience));
        Becomes(source, SourceState.Streaming);
        Assert.True(SpinWait.SpinUntil(() => camera.OpenedEver == 2, Patience));
        hang.Set();
        Assert.True(SpinWait.SpinUntil(() => camera.OpenNow == 1, Patience), "the thread that came back did not close its capture");
    }

    [Fact]
    public void Disposal_does_not_wait_for_a_hung_driver()
    {
        using var hang = new ManualResetEventSlim();
        using var opening = new ManualResetEventSlim();
        var camera = new StubCamera
        {
            OnOpen = () =>
            {
                opening.Set();
                hang.Wait(CancellationToken.None);
            },
        };
        var source = Camera(camera);
        source.Start();
        Assert.True(opening.Wait(Patience));
        source.Dispose();
        Assert.Equal((SourceState.Ended, "closed"), (source.Status.State, source.Status.Reason));
        hang.Set();
        Assert.True(SpinWait.SpinUntil(() => camera is { OpenedEver: 1, OpenNow: 0 }, Patience));
    }

    [Fact]
    public void A_dead_driver_that_repeats_its_picture_counts_as_frozen()
    {
        using var source = Camera(new StubCamera { Shade = n => (byte)Math.Min(n, 5) });
        source.Start();
        Assert.True(SpinWait.SpinUntil(() => source.Status is { State: SourceState.Stalled } status && status.Reason.Contains("same picture", StringComparison.Ordinal), Patience));
    }

    [Fact]
    public void Damaged_pictures_are_skipped_and_counted()
    {
        using var source = Camera(new StubCamera { OnRetrieve = n => n switch { 1 => false, 2 => null, _ => true } });
        source.Start(FrameDelivery.Every);
        for (int i = 0; i < 3; i++)
            source.Take(Patience)!.Dispose();
        Assert.Equal(2, source.Status.FramesCorrupt);
    }

    [Fact]
    public void Sixteen_bit_pictures_are_refused_with_the_reason()
    {
        using var source = Camera(new StubCamera { Depth = DepthType.Cv16U });
        source.Start();
        Assert.True(SpinWait.SpinUntil(() => source.Status.Reason.Contains("3 channels of Cv16U", StringComparison.Ordinal), Patience), $"{source.Status}");
    }

    [Fact]
    public void A_file_plays_to_its_end_with_its_own_times()
    {
        string path = Path.GetTempFileName();
        try
        {
            StubCamera.Register(path, new StubCamera { OnGrab = n => n < 5 });
            using var source = EmguSource.File(path);
            source.Start(FrameDelivery.Every);
            List<TimeSpan> times = [];
            while (source.Take(Patience) is { } frame)
            {
                using (frame)
                    times.Add(frame.Timestamp);
            }

            Assert.Equal([0, 40, 80, 120, 160], times.Select(time => Math.Round((time - times[0]).TotalMilliseconds)));
            Assert.Equal((SourceState.Ended, false), (source.Status.State, source.Status.Faulted));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_loops_where_it_is_asked_to_and_its_times_go_on_rising() => WithFile(new StubCamera { OnGrab = n => n < 3 }, path =>
    {
        using var source = EmguSource.File(path, new CameraOptions { Loop = true });
        source.Start(FrameDelivery.Every);
        List<(byte Shade, TimeSpan Time)> seen = [];
        for (int i = 0; i < 7; i++)
        {
            using var frame = source.Take(Patience);
            seen.Add((frame!.Pixels[0], frame.Timestamp));
        }

        Assert.Equal([0, 1, 2, 0, 1, 2, 0], seen.Select(picture => picture.Shade));
        Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.True(pair.Second.Time > pair.First.Time, $"{pair}"));
    });

    [Fact]
    public void A_file_that_cannot_be_rewound_ends_with_the_reason() => WithFile(new StubCamera { OnGrab = n => n < 3 }, path =>
    {
        StubCamera.Register(path, NotRewindable());
        using var source = EmguSource.File(path, new CameraOptions { Loop = true });
        source.Start(FrameDelivery.Every);
        Assert.Equal(3, Count(source));
        Assert.Contains("does not go back", source.Status.Reason, StringComparison.Ordinal);
        Assert.True(source.Status.Faulted);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_of_noise_is_not_blamed_on_another_program(bool opens) => WithFile(new StubCamera { Present = opens, OnGrab = _ => false }, path =>
    {
        using var source = EmguSource.File(path);
        source.Start();
        Assert.Null(source.Take(Patience));
        Assert.True(source.Status.Faulted);
        Assert.DoesNotContain("other program", source.Status.Reason, StringComparison.Ordinal);
        Assert.Contains(path, source.Status.Reason, StringComparison.Ordinal);
    });

    [Fact]
    public void Decoding_is_timed_from_the_grab_of_a_file() => WithFile(new StubCamera { OnGrab = _ => Pause(40) }, path =>
    {
        using var source = EmguSource.File(path);
        source.Start(FrameDelivery.Every);
        using var frame = source.Take(Patience);
        Assert.True(frame!.DecodeTime >= TimeSpan.FromMilliseconds(35), $"{frame.DecodeTime.TotalMilliseconds} ms");
    });

    [Fact]
    public void Waiting_for_a_camera_is_not_decoding_and_neither_is_waiting_for_the_consumer()
    {
        using var source = Camera(new StubCamera { OnGrab = _ => Pause(400) }, new CameraOptions());
        source.Start(FrameDelivery.Every);
        for (int i = 0; i < 2; i++)
        {
            using var frame = source.Take(Patience);
            Assert.True(frame!.DecodeTime < TimeSpan.FromMilliseconds(400), $"{frame.DecodeTime.TotalMilliseconds} ms");
            Pause(500);
        }
    }

    [Fact]
    public void A_programs_own_capture_is_played_and_left_open()
    {
        var camera = new StubCamera { OnGrab = n => n < 3 };
        StubCamera.Register("own", camera);
        using var capture = new VideoCapture("own");
        using (var source = EmguSource.Over(capture, isLive: false, "my capture"))
        {
            source.Start(FrameDelivery.Every);
            Assert.Equal(3, Count(source));
            Assert.Equal("my capture", source.Name);
            Assert.False(source.Status.Faulted);
        }

        Assert.Equal(1, camera.OpenNow);
        Assert.True(capture.IsOpened);
        Assert.DoesNotContain(CapProp.Buffersize, camera.Properties.Keys);
    }

    [Fact]
    public void A_programs_own_camera_that_fails_ends_its_source_and_is_not_touched_again()
    {
        var camera = new StubCamera();
        StubCamera.Register("own camera", camera);
        using var capture = new VideoCapture("own camera");
        using var source = EmguSource.Over(capture, isLive: true, options: Quick);
        source.Start();
        source.Take(Patience)!.Dispose();
        camera.Present = false;
        Becomes(source, SourceState.Ended);
        Assert.True(source.Status.Faulted);
        Assert.Throws<ArgumentException>(() => EmguSource.Over(capture, isLive: true, options: Quick with { Width = 8, Height = 8 }));
    }

    [Fact]
    public void Opencv_is_told_to_be_quiet_before_it_loads_unless_it_was_told_something_else()
    {
        string name = $"RTCNN_TEST_{Guid.NewGuid():N}";
        OpenCvLog.SetDefault(name, "first");
        OpenCvLog.SetDefault(name, "second");
        Assert.Equal("first", NativeEnvironment(name));
        using var source = Camera(new StubCamera());
        source.Start();
        source.Take(Patience)!.Dispose();
        Assert.NotNull(NativeEnvironment("OPENCV_LOG_LEVEL"));
        Assert.NotNull(NativeEnvironment("OPENCV_FFMPEG_LOGLEVEL"));
    }

    [Fact]
    public void Wishes_that_only_ffmpeg_can_grant_are_refused() =>
        Assert.Throws<ArgumentException>(() => EmguSource.Camera(0, new CameraOptions { InputFormat = "mjpeg" }));

    private static void WithFile(StubCamera camera, Action<string> test)
    {
        string path = Path.GetTempFileName();
        try
        {
            StubCamera.Register(path, camera);
            test(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static StubCamera NotRewindable()
    {
        var camera = new StubCamera { OnGrab = n => n < 3 };
        camera.Supports.Remove(CapProp.PosFrames);
        return camera;
    }

    private static int Count(EmguSource source)
    {
        int count = 0;
        for (; source.Take(Patience) is { } frame; count++)
            frame.Dispose();
        return count;
    }

    private static bool Pause(int milliseconds)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(milliseconds);
        return true;
    }

    private static string? NativeEnvironment(string name) => Marshal.PtrToStringUTF8(GetEnvironment(name));

    [DllImport("libc", EntryPoint = "getenv")]
    private static extern nint GetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    private static EmguSource Camera(StubCamera camera, CameraOptions? options = null)
    {
        int index = Interlocked.Increment(ref _nextCamera);
        StubCamera.Register($"{index}", camera);
        return EmguSource.Camera(index, options ?? Quick);
    }

    private static void Becomes(EmguSource source, SourceState state) =>
        Assert.True(SpinWait.SpinUntil(() => source.Status.State == state, Patience), $"{state} never came: {source.Status}");
}

/// <summary>The handler is the process's: no other capture may be open while it is looked at.</summary>
[Collection(nameof(Camera.RunsAlone))]
public sealed class EmguErrorHandlerTests
{
    [Fact]
    public void The_host_s_error_handler_is_replaced_while_in_use_and_put_back_by_the_last_user()
    {
        CvInvoke.CvErrorCallback hosts = (_, _, _, _, _, _) => 7;
        nint address = Marshal.GetFunctionPointerForDelegate(hosts);
        nint original = CvInvoke.RedirectError(address, 0, 0);
        try
        {
            var first = ErrorRedirection.Hold();
            var second = ErrorRedirection.Hold();
            nint ours = Current();
            Assert.NotEqual(address, ours);
            Raise(ours, "cap.cpp says no");
            Assert.Contains("cap.cpp says no", ErrorRedirection.TakeLast(), StringComparison.Ordinal);
            Assert.Null(ErrorRedirection.TakeLast());
            first.Dispose();
            first.Dispose();
            Assert.Equal(ours, Current());
            second.Dispose();
            Assert.Equal(address, Current());
        }
        finally
        {
            CvInvoke.RedirectError(original, 0, 0);
            GC.KeepAlive(hosts);
        }
    }

    [Fact]
    public void An_open_capture_holds_the_handler_and_a_closed_one_does_not()
    {
        nint hosts = Current();
        StubCamera.Register("99", new StubCamera());
        using (var source = EmguSource.Camera(99))
        {
            source.Start();
            source.Take(TimeSpan.FromSeconds(30))!.Dispose();
            Assert.NotEqual(hosts, Current());
        }

        Assert.True(SpinWait.SpinUntil(() => Current() == hosts, TimeSpan.FromSeconds(30)));
    }

    private static nint Current()
    {
        nint current = CvInvoke.RedirectError(CvInvoke.CvErrorHandlerIgnoreError, 0, 0);
        CvInvoke.RedirectError(current, 0, 0);
        return current;
    }

    private static void Raise(nint handler, string message)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(message);
        Assert.Equal(0, Marshal.GetDelegateForFunctionPointer<CvInvoke.CvErrorCallback>(handler)(-2, text, text, text, 1, 0));
        Marshal.FreeCoTaskMem(text);
    }
}

public sealed class EmguBackendTests
{
    [Fact]
    public void A_build_against_the_stubs_says_how_to_get_the_real_thing() =>
        Assert.Contains("-p:UseEmguCv=true", new EmguBackend().WhyUnavailable, StringComparison.Ordinal);

    [Theory]
    [InlineData("camera:2", "camera:2")]
    [InlineData("camera:/dev/video2", "camera:2")]
    [InlineData("rtsp://me:secret@host/stream", "rtsp://host/stream")]
    public void Cameras_are_opened_by_number_and_streams_by_address(string word, string name)
    {
        using var source = new EmguBackend().Open(word, null);
        Assert.Equal(name, source.Name);
        Assert.IsType<EmguSource>(source);
    }

    [Fact]
    public void A_video_is_opened_by_its_path()
    {
        string path = Path.GetTempFileName();
        using (var source = new EmguBackend().Open(path, null))
            Assert.Equal((path, false), (source.Name, Assert.IsType<EmguSource>(source).IsLive));
        File.Delete(path);
        Assert.Contains(path, Assert.Throws<CameraException>(() => new EmguBackend().Open(path, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_it_cannot_open_or_ask_for_is_a_camera_s_error()
    {
        Assert.Contains("by number", Assert.Throws<CameraException>(() => new EmguBackend().Open("camera:HD Webcam", null)).Message, StringComparison.Ordinal);
        Assert.Contains("mjpeg", Assert.Throws<CameraException>(() => new EmguBackend().Open("camera:0", new CameraOptions { InputFormat = "mjpeg" })).Message, StringComparison.Ordinal);
    }
}
