using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>A camera with every fault, for <see cref="DemoSoak"/>: faults of a device, and those of a network where it is on one.</summary>
internal sealed class SoakCamera : IDisposable
{
    private static readonly Size2d Usual = new(240, 320), Other = new(360, 270);
    private static readonly CameraOptions Patience = new()
    {
        StallAfter = TimeSpan.FromSeconds(0.5), LostAfter = TimeSpan.FromSeconds(1.5), FrozenAfter = TimeSpan.FromSeconds(0.5), FirstBackOff = TimeSpan.FromSeconds(0.1), LongestBackOff = TimeSpan.FromSeconds(1),
    };

    private static readonly TimeSpan Jump = TimeSpan.FromHours(1);
    private readonly FakeWebcam? _webcam;
    private readonly byte[][] _usual = [], _other = [];
    private readonly double _frameRate;
    private readonly (Action Begin, Action End)[] _faults;
    private FaultySource? _source;

    /// <param name="isStream">Whether it is on the network, read by FFmpeg.</param>
    /// <param name="frameRate">Pictures a second.</param>
    public SoakCamera(bool isStream, double frameRate)
    {
        _frameRate = frameRate;
        List<(Action, Action)> faults =
        [
            (() => _source!.Stall(), () => _source!.Resume()), (() => _source!.Unplug(), () => _source!.Plug()), (() => _source!.Freeze(), () => _source!.Thaw()),
            (() => _source!.SendGarbage(3), Nothing), (() => _source!.ShiftTime(-Jump), () => _source!.ShiftTime(Jump)),
        ];
        if (isStream)
        {
            (_usual, _other) = (Pictures(Usual), Pictures(Other));
            var webcam = _webcam = new FakeWebcam(_usual, frameRate);
            faults.AddRange(
            [
                (() => webcam.Paused = true, () => webcam.Paused = false), (webcam.Unplug, webcam.Plug), (() => webcam.Pictures = _other, () => webcam.Pictures = _usual),
                (() => webcam.SendGarbage(3), Nothing), (() => webcam.SendHalves(4), Nothing), (() => webcam.SendBurst(30), Nothing),
            ]);
        }
        else
        {
            faults.Add((() => _source!.Resize(Other.Width, Other.Height), () => _source!.Resize(Usual.Width, Usual.Height)));
        }

        _faults = [.. faults];

        static void Nothing()
        {
            // It is over by itself.
        }

        static byte[][] Pictures(Size2d size)
        {
            using var scene = new WrittenNumbersSource(size.Width, size.Height, pictures: 40);
            return FakeWebcam.Encode(scene);
        }
    }

    /// <summary>Faults that it has.</summary>
    public int Faults => _faults.Length;

    /// <summary>Opens it; once.</summary>
    public IFrameSource Open() =>
        _source = new FaultySource(_webcam != null ? FfmpegSource.Url(_webcam.Url, Patience) : new WrittenNumbersSource(Usual.Width, Usual.Height, _frameRate));

    /// <summary>A fault begins.</summary>
    /// <param name="number">Which, from 0.</param>
    public void Begin(int number) => Do(_faults[number].Begin);

    /// <summary>It ends.</summary>
    public void End(int number) => Do(_faults[number].End);

    public void Dispose() => _webcam?.Dispose();

    // Before it is opened, and there are modes that need no camera, it has no faults.
    private void Do(Action action)
    {
        if (_source != null)
            action();
    }
}
