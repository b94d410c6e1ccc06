namespace RealtimeCnn;

/// <summary>
/// Work that is done in slices, so that a live loop keeps its rhythm while a network is made ready: a unit is the smallest piece,
/// such as one layer planned, one shader compiled, one piece of weights packed or uploaded. Use it where its network is used: one
/// thread at a time, for an OpenGL network the device's.
/// </summary>
/// <param name="units">Each step does one unit and gives the share of the work that is done, in [0, 1]; a step that gives the share of the one before had to wait for something.</param>
/// <param name="clock">Measures budgets; null for the system's clock.</param>
public sealed class PlanBuild(IEnumerator<double> units, TimeProvider? clock = null) : IDisposable
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private bool _isDisposed;

    /// <summary>The share of the work that is done, in [0, 1]; it never falls.</summary>
    public double Progress { get; private set; }

    /// <summary>Whether everything is made.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Goes on, unit by unit, until the budget is spent: no longer than the budget and one unit more, and one unit at least.</summary>
    /// <param name="budget">Time for this slice, 0 for a single unit.</param>
    /// <returns>Whether everything is made.</returns>
    /// <exception cref="ShapeException">The shapes do not fit the network, or need more memory than it may take.</exception>
    /// <exception cref="ObjectDisposedException">The build was thrown away, has failed before, or its network was disposed.</exception>
    public bool Advance(TimeSpan budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, TimeSpan.Zero);
        bool isTimed = budget > TimeSpan.Zero;
        long started = isTimed ? _clock.GetTimestamp() : 0;
        while (DoUnit() && isTimed && _clock.GetElapsedTime(started) < budget)
        {
            // A unit for each turn.
        }

        return IsDone;
    }

    /// <summary>Goes on until everything is made.</summary>
    /// <param name="cancellation">Ends the work between two units; it can go on later.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    /// <inheritdoc cref="Advance"/>
    public void Finish(CancellationToken cancellation = default)
    {
        var spin = default(SpinWait);
        while (!IsDone)
        {
            cancellation.ThrowIfCancellationRequested();
            if (DoUnit())
                spin.Reset();
            else if (!IsDone)
                spin.SpinOnce();
        }
    }

    /// <summary>Throws away what is half-made; what is done stays with the network.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        units.Dispose();
    }

    /// <summary>Does one unit; false where it is done, or has to wait.</summary>
    private bool DoUnit()
    {
        if (IsDone)
            return false;
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            if (!units.MoveNext())
            {
                (IsDone, Progress) = (true, 1);
                return false;
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        bool isFurther = units.Current > Progress;
        Progress = Math.Max(Progress, units.Current);
        return isFurther;
    }
}
