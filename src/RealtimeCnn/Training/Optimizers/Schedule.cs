namespace RealtimeCnn.Training.Optimizers;

/// <summary>How the learning rate changes during training: a factor on the optimiser's rate for each step.</summary>
public abstract record Schedule
{
    /// <summary>The factor for one step.</summary>
    /// <param name="done">Steps made before it, from 0 to <paramref name="steps"/> − 1.</param>
    /// <param name="steps">All steps of the training.</param>
    public abstract double Factor(long done, long steps);

    /// <summary>This one behind a warm-up, in which the factor rises by equal steps to 1.</summary>
    /// <param name="steps">Steps of the warm-up; this schedule has the rest.</param>
    public Schedule After(long steps) => steps == 0 ? this : new WarmUpSchedule(steps, this);

    /// <summary>From <paramref name="from"/> to <paramref name="to"/> along half a cosine.</summary>
    private protected static double Anneal(double from, double to, double share) => to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * share)));
}

/// <summary>The same rate throughout.</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    public override double Factor(long done, long steps) => 1;
}

/// <summary>Multiplies the rate again and again: <c>gamma^⌊done / every⌋</c>.</summary>
/// <param name="Every">Steps between two drops, at least 1.</param>
/// <param name="Gamma">What each drop multiplies by.</param>
/// <remarks>Source: PyTorch StepLR.</remarks>
public sealed record StepSchedule(long Every, double Gamma = 0.1) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(long done, long steps) => Math.Pow(Gamma, done / Every);
}

/// <summary>Falls along half a cosine: <c>least + (1 − least)/2 · (1 + cos(π·done/steps))</c>.</summary>
/// <param name="Least">What it falls to, from 0 to 1.</param>
/// <remarks>Source: Loshchilov and Hutter 2016, "SGDR", arXiv:1608.03983, equation 5, one cycle; PyTorch CosineAnnealingLR.</remarks>
public sealed record CosineSchedule(double Least = 0) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(long done, long steps) => Anneal(1, Least, (double)done / Math.Max(steps, 1));
}

/// <summary>Rises along half a cosine, then falls along another far below where it began, so that the largest rate is the optimiser's.</summary>
/// <param name="Rise">Share of the steps that it rises in, above 0 and below 1.</param>
/// <param name="Start">The first factor.</param>
/// <param name="End">The last factor.</param>
/// <remarks>Source: Smith and Topin 2017, "Super-Convergence", arXiv:1708.07120; PyTorch OneCycleLR, with its defaults.</remarks>
public sealed record OneCycleSchedule(double Rise = 0.3, double Start = 1 / 25.0, double End = 1 / 25e4) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(long done, long steps)
    {
        double top = (Rise * steps) - 1, last = steps - 1;
        return done <= top ? Anneal(Start, 1, done / top) : Anneal(1, End, (done - top) / (last - top));
    }
}

/// <summary>Rises by equal steps, <c>(done + 1) / warm-up</c>, then follows another schedule over the steps that are left.</summary>
/// <param name="WarmUp">Steps of the rise, at least 1.</param>
/// <param name="Then">What follows.</param>
/// <remarks>Source: Goyal et al. 2017, "Accurate, Large Minibatch SGD", arXiv:1706.02677, section 2.2.</remarks>
public sealed record WarmUpSchedule(long WarmUp, Schedule Then) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(long done, long steps) => done < WarmUp ? (done + 1.0) / WarmUp : Then.Factor(done - WarmUp, steps - WarmUp);
}
