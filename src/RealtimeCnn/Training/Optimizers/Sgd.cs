using System.Runtime.Intrinsics;

namespace RealtimeCnn.Training.Optimizers;

/// <summary>
/// Stochastic gradient descent: <c>g += decay·w</c>; <c>v = momentum·v + g</c>; <c>w −= rate·v</c>, and with Nesterov's momentum
/// <c>w −= rate·(g + momentum·v)</c>.
/// </summary>
/// <remarks>Source: Polyak 1964; Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning"; PyTorch SGD.</remarks>
public sealed record Sgd : UpdateRule
{
    /// <summary>How much of the last step goes on, from 0 to below 1; 0 for none.</summary>
    public float Momentum { get; init; }

    /// <summary>Whether the gradient is taken where momentum will lead.</summary>
    public bool IsNesterov { get; init; }

    internal override int Slots => Momentum > 0 ? 1 : 0;

    internal override void Update(UpdateStep step, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
    {
        if (Momentum > 0)
            UpdateLoop.Run(new WithMomentum(step, Momentum, IsNesterov), values, gradient, first, second);
        else
            UpdateLoop.Run(new Plain(step), values, gradient, first, second);
    }

    internal override void Verify()
    {
        base.Verify();
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "from 0 to below 1");
        Require(!IsNesterov || Momentum > 0, nameof(Momentum), Momentum, "above 0 to be Nesterov's");
    }

    private readonly struct Plain(UpdateStep step) : IUpdateFormula
    {
        private readonly float _rate = (float)-step.Rate, _decay = (float)step.WeightDecay, _scale = step.GradientScale;

        public static int Slots => 0;

        public void Apply(ref Vector512<float> values, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second) =>
            values += ((gradient * _scale) + (values * _decay)) * _rate;
    }

    private readonly struct WithMomentum(UpdateStep step, float momentum, bool isNesterov) : IUpdateFormula
    {
        private readonly float _rate = (float)-step.Rate, _decay = (float)step.WeightDecay, _scale = step.GradientScale;

        public static int Slots => 1;

        public void Apply(ref Vector512<float> values, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second)
        {
            var g = (gradient * _scale) + (values * _decay);
            first = (first * momentum) + g;
            values += (isNesterov ? g + (first * momentum) : first) * _rate;
        }
    }
}
