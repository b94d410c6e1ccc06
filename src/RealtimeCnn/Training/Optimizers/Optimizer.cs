namespace RealtimeCnn.Training.Optimizers;

/// <summary>Changes parameters by their gradients, after each step of a <see cref="TrainingNetwork"/>. Allocates nothing in a step.</summary>
public sealed class Optimizer
{
    private readonly IReadOnlyList<TrainedParameter> _parameters;
    private readonly float[][] _first, _second;
    private readonly SharedUpdate[] _updates;

    /// <summary>An optimiser before its first step.</summary>
    /// <param name="parameters">What it changes: <see cref="TrainingNetwork.Parameters"/>, or some of them.</param>
    /// <param name="rule">How.</param>
    /// <param name="groups">Which of them in another way; the first that takes a parameter has it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of the rule is not possible.</exception>
    public Optimizer(IReadOnlyList<TrainedParameter> parameters, UpdateRule rule, params IReadOnlyList<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(groups);
        rule.Verify();
        (_parameters, Rule) = (parameters, rule);
        _first = [.. parameters.Select(trained => new float[rule.Slots > 0 ? trained.Parameter.Shape.Count : 0])];
        _second = [.. parameters.Select(trained => new float[rule.Slots > 1 ? trained.Parameter.Shape.Count : 0])];
        _updates = [.. Enumerable.Range(0, parameters.Count).GroupBy(p => parameters[p].Network).Select(ofNetwork => new SharedUpdate(
            [.. ofNetwork.Select(p => parameters[p])], [.. ofNetwork.Select(p => GroupOf(parameters[p], rule, groups))], [.. ofNetwork.Select(p => _first[p])], [.. ofNetwork.Select(p => _second[p])]))];
    }

    /// <summary>How parameters are changed.</summary>
    public UpdateRule Rule { get; }

    /// <summary>Factor on the rule's rate: what a <see cref="Schedule"/> sets before each step.</summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>
    /// Most length of all gradients together, above 0; longer ones are shortened to it, which keeps their direction. Infinite for none.
    /// </summary>
    /// <remarks>Source: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks"; PyTorch clip_grad_norm_.</remarks>
    public double MaxGradientNorm { get; set; } = double.PositiveInfinity;

    /// <summary>Steps made so far.</summary>
    public long Steps { get; private set; }

    /// <summary>What is remembered from step to step, for checkpoints: as long as the parameters, or empty.</summary>
    internal IEnumerable<float[]> State => _first.Concat(_second);

    /// <summary>Changes every parameter by the gradient of the last step.</summary>
    /// <exception cref="InvalidOperationException">There was no step yet.</exception>
    public void Step()
    {
        float scale = double.IsPositiveInfinity(MaxGradientNorm) ? 1 : (float)Math.Min(1, MaxGradientNorm / (GradientNorm() + 1e-6));
        Steps++;
        foreach (var update in _updates)
            update.Run(Rule, new UpdateStep(Rule.Rate * RateFactor, Rule.WeightDecay, scale, Steps));
    }

    /// <summary>Length of all gradients of the last step together: the root of the sum of their squares.</summary>
    /// <exception cref="InvalidOperationException">There was no step yet.</exception>
    public double GradientNorm()
    {
        double sum = 0;
        for (int p = 0; p < _parameters.Count; p++)
        {
            foreach (float value in _parameters[p].Gradient)
                sum += (double)value * value;
        }

        return Math.Sqrt(sum);
    }

    private static (float WeightDecay, float RateFactor) GroupOf(TrainedParameter trained, UpdateRule rule, IReadOnlyList<ParameterGroup> groups) =>
        groups.FirstOrDefault(group => group.Takes(trained.Parameter)) is { } group ? (group.WeightDecay ?? rule.WeightDecay, group.RateFactor) : (rule.WeightDecay, 1);

    /// <summary>Goes on where another optimiser stopped; the caller has filled <see cref="State"/>.</summary>
    internal void Resume(long steps) => Steps = steps;
}
