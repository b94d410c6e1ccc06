namespace RealtimeCnn.Training.Optimizers;

/// <summary>How a gradient changes parameters: a formula with its numbers, equal to PyTorch's optimiser of the same name. An <see cref="Optimizer"/> applies it.</summary>
public abstract record UpdateRule
{
    private protected UpdateRule()
    {
    }

    /// <summary>The learning rate, above 0, before a schedule changes it.</summary>
    public float Rate { get; init; } = 0.001f;

    /// <summary>Weight decay, from 0 on: what of a parameter is added to its gradient; for <see cref="AdamW"/>, what of it is lost in a step of rate 1.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Numbers that the rule remembers from step to step for each value: 0 to 2.</summary>
    internal abstract int Slots { get; }

    /// <summary>Changes the values of one parameter.</summary>
    /// <param name="step">The numbers of this step.</param>
    /// <param name="values">The parameter.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="first">What is remembered, as long as the values where <see cref="Slots"/> is 1 or 2; zeros before the first step.</param>
    /// <param name="second">The same where it is 2.</param>
    internal abstract void Update(UpdateStep step, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second);

    /// <exception cref="ArgumentOutOfRangeException">A number is not possible; the message names it.</exception>
    internal virtual void Verify()
    {
        Require(Rate > 0 && float.IsFinite(Rate), nameof(Rate), Rate, "above 0");
        Require(WeightDecay >= 0 && float.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "at least 0");
    }

    private protected void Require(bool isPossible, string name, float value, string rule)
    {
        if (!isPossible)
            throw new ArgumentOutOfRangeException(name, value, $"{GetType().Name}: {name} must be {rule}.");
    }
}

/// <summary>The numbers of one step.</summary>
/// <param name="Rate">The rate as the schedule has it now.</param>
/// <param name="WeightDecay">That of the parameter's group.</param>
/// <param name="GradientScale">What clipping multiplies the gradient by.</param>
/// <param name="Number">Of the step, from 1 on.</param>
internal readonly record struct UpdateStep(double Rate, double WeightDecay, float GradientScale, long Number);
