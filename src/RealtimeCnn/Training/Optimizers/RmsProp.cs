using System.Runtime.Intrinsics;

namespace RealtimeCnn.Training.Optimizers;

/// <summary>
/// Each gradient over the root of its recent mean square: <c>g += decay·w</c>; <c>s = α·s + (1 − α)·g²</c>;
/// <c>v = momentum·v + g / (√s + ε)</c>; <c>w −= rate·v</c>.
/// </summary>
/// <remarks>Source: Tieleman and Hinton 2012, "Neural Networks for Machine Learning", lecture 6e; PyTorch RMSprop.</remarks>
public sealed record RmsProp : UpdateRule
{
    /// <summary>α, how slowly the mean square follows, from 0 to below 1.</summary>
    public float Smoothing { get; init; } = 0.99f;

    /// <summary>ε, above 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>How much of the last step goes on, from 0 to below 1.</summary>
    public float Momentum { get; init; }

    internal override int Slots => 2;

    internal override void Update(UpdateStep step, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second) =>
        UpdateLoop.Run(new Formula(step, this), values, gradient, first, second);

    internal override void Verify()
    {
        base.Verify();
        Require(Smoothing is >= 0 and < 1, nameof(Smoothing), Smoothing, "from 0 to below 1");
        Require(Epsilon > 0, nameof(Epsilon), Epsilon, "above 0");
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "from 0 to below 1");
    }

    private readonly struct Formula(UpdateStep step, RmsProp rule) : IUpdateFormula
    {
        private readonly float _rate = (float)-step.Rate, _decay = (float)step.WeightDecay, _scale = step.GradientScale;
        private readonly float _smoothing = rule.Smoothing, _rest = (float)(1 - (double)rule.Smoothing), _epsilon = rule.Epsilon, _momentum = rule.Momentum;

        public static int Slots => 2;

        public void Apply(ref Vector512<float> values, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second)
        {
            var g = (gradient * _scale) + (values * _decay);
            first = (first * _smoothing) + (g * g * _rest);
            second = (second * _momentum) + (g / (Vector512.Sqrt(first) + Vector512.Create(_epsilon)));
            values += second * _rate;
        }
    }
}
