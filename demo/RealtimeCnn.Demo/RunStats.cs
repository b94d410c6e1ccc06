using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo;

/// <summary>What a run did, for the screen and the stats file alike: frame counts, and how long each stage took.</summary>
internal sealed class RunStats
{
    // Of all times that are kept, this part has to be new before quantiles are.
    private const int Window = 4096, NewsShare = 64;

    /// <summary>Frames that <see cref="FrameBefore"/> remembers.</summary>
    public const int HistoryLength = 160;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };
    private static readonly Stage[] AllStages = Enum.GetValues<Stage>();
    private readonly double[][] _milliseconds = [.. AllStages.Select(_ => new double[Window])];
    private readonly double[] _sorted = new double[Window];
    private readonly ((double, double, double) Quantiles, int Count)[] _known = new ((double, double, double), int)[AllStages.Length];
    private readonly int[] _counts = new int[AllStages.Length];
    private readonly TimeSpan[] _shownAt = new TimeSpan[64];
    private readonly float[,] _history = new float[HistoryLength, AllStages.Length];
    private readonly double[] _thisFrame = new double[AllStages.Length];
    private double _measured;
    private long _framesTimed;
    private TimeSpan? _frameBegan;

    /// <summary>Device that the networks run on and that draws.</summary>
    public string Renderer { get; set; } = "";

    /// <summary>Frames drawn.</summary>
    public long FramesShown { get; private set; }

    /// <summary>From the start of the process, which is that of the script that became it, to the first picture on the screen; null before that.</summary>
    public TimeSpan? FirstPicture { get; private set; }

    /// <summary>Counters of the source.</summary>
    public SourceStatus Source { get; set; }

    /// <summary>Frames shown in a second, over the last 64.</summary>
    public double FrameRate
    {
        get
        {
            int count = (int)Math.Min(FramesShown, _shownAt.Length);
            if (count < 2)
                return 0;
            var newest = _shownAt[(FramesShown - 1) % _shownAt.Length];
            var oldest = _shownAt[(FramesShown - count) % _shownAt.Length];
            return newest > oldest ? (count - 1) / (newest - oldest).TotalSeconds : 0;
        }
    }

    /// <summary>Whether preprocessing and network run on a thread of their own while frames go on.</summary>
    public bool ComputesBeside { get; set; }

    /// <summary>The stages that a frame's time consists of, in order.</summary>
    public ReadOnlySpan<Stage> Parts => ComputesBeside
        ? [Stage.Wait, Stage.Upload, Stage.Draw, Stage.Present, Stage.Other]
        : [Stage.Wait, Stage.Upload, Stage.Preprocess, Stage.Network, Stage.Draw, Stage.Present, Stage.Other];

    /// <summary>The stages that compute beside the frames, the longest first. Decoding and reading back always do, and are not among them.</summary>
    public ReadOnlySpan<Stage> Beside => ComputesBeside ? [Stage.Network, Stage.Preprocess] : [];

    /// <summary>Counts a frame as shown now.</summary>
    public void CountShown() => CountShown(FrameClock.Now);

    /// <summary>Counts a frame as shown: the time since the one before is this frame's, and what of it no stage took is <see cref="Stage.Other"/>.</summary>
    /// <param name="now">When.</param>
    internal void CountShown(TimeSpan now)
    {
        if (_frameBegan is { } began)
        {
            double frame = (now - began).TotalMilliseconds;
            Record(Stage.Frame, frame);
            Record(Stage.Other, Math.Max(frame - _measured, 0));
            int place = (int)(_framesTimed++ % HistoryLength);
            for (int i = 0; i < _thisFrame.Length; i++)
                _history[place, i] = (float)_thisFrame[i];
        }

        Array.Clear(_thisFrame);
        (_frameBegan, _measured) = (now, 0);
        _shownAt[FramesShown++ % _shownAt.Length] = now;
    }

    /// <summary>What was drawn is on the screen.</summary>
    public void NotePresented()
    {
        if (FirstPicture != null || FramesShown == 0)
            return;
        using var self = Process.GetCurrentProcess();
        FirstPicture = DateTime.Now - self.StartTime;
    }

    /// <summary>The frame on its way waits for the user, not for the machine: its time is nobody's.</summary>
    public void Pause() => _frameBegan = null;

    /// <summary>Records how long a stage took for one frame; NaN means that the frame did not have the stage.</summary>
    public void Record(Stage stage, double milliseconds)
    {
        if (double.IsNaN(milliseconds))
            return;
        _milliseconds[(int)stage][_counts[(int)stage]++ % Window] = milliseconds;
        _thisFrame[(int)stage] += milliseconds;
        if (stage != Stage.Other && Parts.Contains(stage))
            _measured += milliseconds;
    }

    /// <summary>How many of the last frames are remembered one by one.</summary>
    public int FramesRemembered => (int)Math.Min(_framesTimed, HistoryLength);

    /// <summary>How long a stage took in one of the last frames, in milliseconds; the <see cref="Parts"/> of a frame add up to it.</summary>
    /// <param name="back">0 for the last frame, below <see cref="FramesRemembered"/>.</param>
    /// <param name="stage">Which.</param>
    public float FrameBefore(int back, Stage stage) => _history[(int)((_framesTimed - 1 - back) % HistoryLength), (int)stage];

    /// <summary>Quantiles over the last frames, in milliseconds; zeros for a stage that never happened.</summary>
    public (double P50, double P95, double P99) Quantiles(Stage stage)
    {
        int recorded = _counts[(int)stage], count = Math.Min(recorded, Window);
        if (count == 0)
            return default;
        // Thousands of times are not sorted anew for a few more.
        ref var known = ref _known[(int)stage];
        if (known.Count > 0 && recorded - known.Count <= count / NewsShare)
            return known.Quantiles;
        Array.Copy(_milliseconds[(int)stage], _sorted, count);
        Array.Sort(_sorted, 0, count);
        known = ((At(0.50), At(0.95), At(0.99)), recorded);
        return known.Quantiles;

        // Nearest rank: the least value that at least this part of all values does not exceed.
        double At(double part) => _sorted[Math.Clamp((int)Math.Ceiling(part * count) - 1, 0, count - 1)];
    }

    /// <summary>The stats file.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            renderer = Renderer,
            framesIn = Source.FramesIn,
            framesShown = FramesShown,
            framesDropped = Source.FramesDropped,
            framesRepeated = Source.FramesDuplicated,
            framesDamaged = Source.FramesCorrupt,
            firstPictureMs = FirstPicture is { } first ? Math.Round(first.TotalMilliseconds) : (double?)null,
            framesPerSecond = Math.Round(FrameRate, 3),
            stages = AllStages.ToDictionary(NameOf, stage =>
            {
                var (p50, p95, p99) = Quantiles(stage);
                return new { p50Ms = Math.Round(p50, 3), p95Ms = Math.Round(p95, 3), p99Ms = Math.Round(p99, 3) };
            }),
        }, Json);

    /// <summary>So many frames, in words.</summary>
    public static string Frames(long count) => count == 1 ? "1 frame" : string.Create(CultureInfo.InvariantCulture, $"{count} frames");

    /// <summary>A stage's name as the stats file has it.</summary>
    public static string NameOf(Stage stage) => Names[(int)stage];

    private static readonly string[] Names = [.. AllStages.Select(stage => stage.ToString().ToLowerInvariant())];
}
