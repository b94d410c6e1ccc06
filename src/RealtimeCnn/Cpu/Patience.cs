using System.Runtime.CompilerServices;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Waiting for what another thread is about to do: at first without leaving the processor, because a step is short; then with an
/// offer of the processor at each look, because the other thread may need it.
/// </summary>
internal struct Patience
{
    /// <summary>Looks in a row before the processor is offered: some ten microseconds.</summary>
    private const int LooksBeforeYield = 100;

    /// <summary>Looks so far.</summary>
    public int Looks { get; private set; }

    /// <summary>Waits a little.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Wait()
    {
        if (++Looks < LooksBeforeYield)
            Thread.SpinWait(3);
        else
            Thread.Yield();
    }
}
