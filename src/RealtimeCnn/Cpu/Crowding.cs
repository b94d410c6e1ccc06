namespace RealtimeCnn.Cpu;

/// <summary>
/// Whether other programs want the processors too, told by how often participants lose theirs: a level rises with each loss and falls
/// with time, and where it is high the machine is crowded for a while, after which one looks again. A pure rule of counts and times.
/// </summary>
internal sealed class Crowding
{
    /// <summary>The level at which a machine is crowded: fewer losses in a row may be anything.</summary>
    private const double CrowdedLevel = 3;

    /// <summary>Time in which the level falls by one loss; beside a busy program two losses of a thread are about 8 ms apart.</summary>
    private static readonly TimeSpan LossInterval = TimeSpan.FromMilliseconds(16);

    /// <summary>How long a crowded machine is taken for one, so that looking again costs little.</summary>
    private static readonly TimeSpan Spell = TimeSpan.FromMilliseconds(200);

    private double _level;
    private TimeSpan _last;
    private TimeSpan _until;

    /// <summary>Whether they do.</summary>
    public bool IsCrowded { get; private set; }

    /// <summary>Takes notice of a run.</summary>
    /// <param name="losses">How often its participants lost their processors to others; without meaning where the machine was crowded.</param>
    /// <param name="now">When it ended, on any clock.</param>
    public void EndRun(long losses, TimeSpan now)
    {
        if (IsCrowded)
        {
            IsCrowded = now < _until;
            _level = 0;
        }
        else
        {
            _level = Math.Max(_level - ((now - _last) / LossInterval), 0) + losses;
            IsCrowded = _level >= CrowdedLevel;
            _until = now + Spell;
        }

        _last = now;
    }
}
