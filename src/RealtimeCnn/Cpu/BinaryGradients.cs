using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The gradient of <c>y = f(a, b)</c> by one operand: dy times the slope, of (dy, a, b), in the shape of y; what repeats is summed by the
/// plan. Where f only adds its operand, dy is its gradient as it is. At a tie both operands of a minimum or maximum get half, as in PyTorch.
/// </summary>
internal static unsafe class BinaryGradients
{
    /// <summary>By the left operand.</summary>
    public static CpuDispatch PlanLeft(BinaryLayer layer, LayerCall call) => layer.Function switch
    {
        BinaryFunction.Multiply => BroadcastKernel.Plan<TimesRight>(call),
        BinaryFunction.Divide => BroadcastKernel.Plan<OverRight>(call),
        BinaryFunction.Power => BroadcastKernel.Plan<PowerByBase>(call),
        BinaryFunction.Minimum => BroadcastKernel.Plan<WhereLeftIsLess>(call),
        BinaryFunction.Maximum => BroadcastKernel.Plan<WhereRightIsLess>(call),
        _ => throw new InvalidOperationException($"{layer.Function} has no slope by its left operand but 1."),
    };

    /// <summary>By the right operand.</summary>
    public static CpuDispatch PlanRight(BinaryLayer layer, LayerCall call) => layer.Function switch
    {
        BinaryFunction.Subtract => BroadcastKernel.Plan<Negative>(call),
        BinaryFunction.Multiply => BroadcastKernel.Plan<TimesLeft>(call),
        BinaryFunction.Divide => BroadcastKernel.Plan<DivideByRight>(call),
        BinaryFunction.Power => BroadcastKernel.Plan<PowerByExponent>(call),
        BinaryFunction.Minimum => BroadcastKernel.Plan<WhereRightIsLess>(call),
        BinaryFunction.Maximum => BroadcastKernel.Plan<WhereLeftIsLess>(call),
        BinaryFunction.Remainder => BroadcastKernel.Plan<TimesFloor>(call),
        BinaryFunction.TruncatedRemainder => BroadcastKernel.Plan<TimesTruncated>(call),
        _ => throw new InvalidOperationException($"{layer.Function} has no slope by its right operand."),
    };

    /// <summary>Whether the gradient of the left operand is dy.</summary>
    public static bool AddsLeft(BinaryFunction function) =>
        function is BinaryFunction.Add or BinaryFunction.Subtract or BinaryFunction.Remainder or BinaryFunction.TruncatedRemainder;

    private static Vector512<float> Less(Vector512<float> dy, Vector512<float> a, Vector512<float> b) =>
        (dy & Vector512.LessThan(a, b)) + (dy * 0.5f & Vector512.Equals(a, b));

    private readonly struct TimesRight : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => dy * b;
    }

    private readonly struct TimesLeft : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => dy * a;
    }

    private readonly struct OverRight : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => dy / b;
    }

    private readonly struct DivideByRight : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => -(dy / b) * (a / b);
    }

    private readonly struct Negative : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => -dy;
    }

    private readonly struct WhereLeftIsLess : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => Less(dy, a, b);
    }

    private readonly struct WhereRightIsLess : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => Less(dy, b, a);
    }

    private readonly struct TimesFloor : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => -dy * Vector512.Floor(a / b);
    }

    private readonly struct TimesTruncated : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => -dy * Vector512.Truncate(a / b);
    }

    private readonly struct PowerByBase : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => dy * VectorMath.EachLane(a, b, &Slope);

        private static float Slope(float a, float b) => b == 0 ? 0 : b * MathF.Pow(a, b - 1);
    }

    private readonly struct PowerByExponent : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> a, Vector512<float> b) => dy * VectorMath.EachLane(a, b, &Slope);

        /// <summary>0 stays 0 for every exponent above 0, although its logarithm is −∞.</summary>
        private static float Slope(float a, float b) => a == 0 && b >= 0 ? 0 : MathF.Pow(a, b) * MathF.Log(a);
    }

    /// <summary>dy where the condition holds, for the first choice of <see cref="Where"/>.</summary>
    internal readonly struct Chosen : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> condition, Vector512<float> a) =>
            Vector512.AndNot(dy, Vector512.Equals(condition, Vector512<float>.Zero));
    }

    /// <summary>dy where it does not, for the second.</summary>
    internal readonly struct NotChosen : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> condition, Vector512<float> a) =>
            dy & Vector512.Equals(condition, Vector512<float>.Zero);
    }

    /// <summary>dy times the slope of a <see cref="PRelu"/> at x, by x.</summary>
    internal readonly struct PReluByInput : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> x, Vector512<float> slope) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), dy, dy * slope);
    }

    /// <summary>The same by its slope.</summary>
    internal readonly struct PReluBySlope : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> dy, Vector512<float> x, Vector512<float> slope) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), Vector512<float>.Zero, dy * x);
    }
}
