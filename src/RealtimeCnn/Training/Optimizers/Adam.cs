using System.Runtime.Intrinsics;

namespace RealtimeCnn.Training.Optimizers;

/// <summary>
/// Momentum over the root of the recent mean square, both corrected for their start at 0: <c>g += decay·w</c>;
/// <c>m = β₁·m + (1 − β₁)·g</c>; <c>v = β₂·v + (1 − β₂)·g²</c>; <c>w −= rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)</c>.
/// </summary>
/// <remarks>Source: Kingma and Ba 2014, "Adam: A Method for Stochastic Optimization", arXiv:1412.6980, algorithm 1; PyTorch Adam.</remarks>
public record Adam : UpdateRule
{
    /// <summary>β₁, how slowly the mean follows, from 0 to below 1.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>β₂, how slowly the mean square follows, from 0 to below 1.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>ε, above 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    internal sealed override int Slots => 2;

    /// <summary>What of the weights is left before the step, and what of them is added to the gradient.</summary>
    private protected virtual (double Kept, double Added) Decay(UpdateStep step) => (1, step.WeightDecay);

    internal sealed override void Update(UpdateStep step, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second) =>
        UpdateLoop.Run(new Formula(step, this, Decay(step)), values, gradient, first, second);

    internal sealed override void Verify()
    {
        base.Verify();
        Require(Beta1 is >= 0 and < 1, nameof(Beta1), Beta1, "from 0 to below 1");
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), Beta2, "from 0 to below 1");
        Require(Epsilon > 0, nameof(Epsilon), Epsilon, "above 0");
    }

    private readonly struct Formula(UpdateStep step, Adam rule, (double Kept, double Added) decay) : IUpdateFormula
    {
        private readonly float _kept = (float)decay.Kept, _decay = (float)decay.Added, _scale = step.GradientScale;
        private readonly float _beta1 = rule.Beta1, _rest1 = (float)(1 - (double)rule.Beta1), _beta2 = rule.Beta2, _rest2 = (float)(1 - (double)rule.Beta2), _epsilon = rule.Epsilon;
        private readonly float _rate = (float)(-step.Rate / (1 - Math.Pow(rule.Beta1, step.Number)));
        private readonly float _correction = (float)(1 / Math.Sqrt(1 - Math.Pow(rule.Beta2, step.Number)));

        public static int Slots => 2;

        public void Apply(ref Vector512<float> values, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second)
        {
            var g = (gradient * _scale) + (values * _decay);
            first = (first * _beta1) + (g * _rest1);
            second = (second * _beta2) + (g * g * _rest2);
            values = (values * _kept) + (first * _rate / ((Vector512.Sqrt(second) * _correction) + Vector512.Create(_epsilon)));
        }
    }
}

/// <summary><see cref="Adam"/> whose weight decay is none of the gradient's: before each step, <c>w −= rate·decay·w</c>.</summary>
/// <remarks>Source: Loshchilov and Hutter 2017, "Decoupled Weight Decay Regularization", arXiv:1711.05101, algorithm 2; PyTorch AdamW, whose decay is 0.01 unless it is given.</remarks>
public sealed record AdamW : Adam
{
    private protected override (double Kept, double Added) Decay(UpdateStep step) => (1 - (step.Rate * step.WeightDecay), 0);
}
