namespace RealtimeCnn.Cpu;

/// <summary>
/// Whether other programs want all processors, told by how often participants lose theirs: for each of them a level rises with each loss
/// and falls with time, and where the levels of all are high the machine is crowded for a while, after which one looks again. One busy
/// program more than there are processors, and be it the compiler of this one, takes from one participant at a time. A pure rule of
/// counts and times.
/// </summary>
/// <param name="threads">Most participants.</param>
internal sealed class Crowding(int threads)
{
    /// <summary>The level at which a participant's processor is wanted: fewer losses in a row may be anything.</summary>
    private const double CrowdedLevel = 3;

    /// <summary>Time in which a level falls by one loss; beside as many busy programs as there are processors a participant's losses are about 8 ms apart.</summary>
    private static readonly TimeSpan LossInterval = TimeSpan.FromMilliseconds(16);

    /// <summary>How long a crowded machine is taken for one, so that looking again costs little.</summary>
    private static readonly TimeSpan Spell = TimeSpan.FromMilliseconds(400);

    private readonly double[] _levels = new double[threads];
    private TimeSpan _last;
    private TimeSpan _until;
    private bool _isCrowded;

    /// <summary>Whether they do; any thread may ask.</summary>
    public bool IsCrowded => Volatile.Read(ref _isCrowded);

    /// <summary>Takes notice of a run.</summary>
    /// <param name="losses">How often each of its participants lost its processor to others; without meaning where the machine was crowded.</param>
    /// <param name="now">When it ended, on any clock.</param>
    public void EndRun(ReadOnlySpan<long> losses, TimeSpan now)
    {
        if (_isCrowded)
        {
            Volatile.Write(ref _isCrowded, now < _until);
            Array.Clear(_levels);
        }
        else
        {
            double fall = (now - _last) / LossInterval, least = double.PositiveInfinity;
            for (int i = 0; i < losses.Length; i++)
            {
                _levels[i] = Math.Max(_levels[i] - fall, 0) + losses[i];
                least = Math.Min(least, _levels[i]);
            }

            Volatile.Write(ref _isCrowded, least >= CrowdedLevel);
            _until = now + Spell;
        }

        _last = now;
    }
}
