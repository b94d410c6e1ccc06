using System.Runtime.CompilerServices;

namespace RealtimeCnn.Cpu;

/// <summary>
/// How long a thread looks for what another is about to do before it sleeps. It never offers its processor while it looks: where other
/// programs want the processor, an offer is a whole slice of time, some milliseconds, and is taken at once.
/// </summary>
internal struct Patience
{
    private int _looks;

    /// <summary>Waits a little; false where it is time to sleep.</summary>
    /// <param name="most">Looks in a row; a hundred are some ten microseconds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWait(int most)
    {
        if (_looks == most)
            return false;
        _looks++;
        Thread.SpinWait(3);
        return true;
    }
}
