using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The CPU's form of every <see cref="BinaryFunction"/>. Truth is 1 and falsehood 0; any number but 0 counts as true.</summary>
internal static unsafe class BroadcastFunctions
{
    public static CpuDispatch Plan(BinaryFunction function, LayerCall call) => function switch
    {
        BinaryFunction.Add => BroadcastKernel.Plan<Add>(call),
        BinaryFunction.Subtract => BroadcastKernel.Plan<Subtract>(call),
        BinaryFunction.Multiply => BroadcastKernel.Plan<Multiply>(call),
        BinaryFunction.Divide => BroadcastKernel.Plan<Divide>(call),
        BinaryFunction.Power => BroadcastKernel.Plan<Power>(call),
        BinaryFunction.Minimum => BroadcastKernel.Plan<Minimum>(call),
        BinaryFunction.Maximum => BroadcastKernel.Plan<Maximum>(call),
        BinaryFunction.Remainder => BroadcastKernel.Plan<Remainder>(call),
        BinaryFunction.TruncatedRemainder => BroadcastKernel.Plan<TruncatedRemainder>(call),
        BinaryFunction.Equal => BroadcastKernel.Plan<Equal>(call),
        BinaryFunction.Greater => BroadcastKernel.Plan<Greater>(call),
        BinaryFunction.GreaterOrEqual => BroadcastKernel.Plan<GreaterOrEqual>(call),
        BinaryFunction.Less => BroadcastKernel.Plan<Less>(call),
        BinaryFunction.LessOrEqual => BroadcastKernel.Plan<LessOrEqual>(call),
        BinaryFunction.And => BroadcastKernel.Plan<And>(call),
        BinaryFunction.Or => BroadcastKernel.Plan<Or>(call),
        BinaryFunction.Xor => BroadcastKernel.Plan<Xor>(call),
        _ => throw new InvalidOperationException($"Binary function {(int)function} does not exist."),
    };

    private static Vector512<float> IsTrue(Vector512<float> x) => ~Vector512.Equals(x, Vector512<float>.Zero);

    private readonly struct Add : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a + b;
    }

    private readonly struct Subtract : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a - b;
    }

    private readonly struct Multiply : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a * b;
    }

    private readonly struct Divide : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a / b;
    }

    private readonly struct Power : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.EachLane(a, b, &MathF.Pow);
    }

    private readonly struct Minimum : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.Min(a, b);
    }

    private readonly struct Maximum : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.Max(a, b);
    }

    private readonly struct Remainder : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.EachLane(a, b, &OfLane);

        private static float OfLane(float a, float b)
        {
            float remainder = a % b;
            return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
        }
    }

    private readonly struct TruncatedRemainder : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.EachLane(a, b, &OfLane);

        private static float OfLane(float a, float b) => a % b;
    }

    private readonly struct Equal : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.OneWhere(Vector512.Equals(a, b));
    }

    private readonly struct Greater : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.OneWhere(Vector512.GreaterThan(a, b));
    }

    private readonly struct GreaterOrEqual : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.OneWhere(Vector512.GreaterThanOrEqual(a, b));
    }

    private readonly struct Less : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.OneWhere(Vector512.LessThan(a, b));
    }

    private readonly struct LessOrEqual : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.OneWhere(Vector512.LessThanOrEqual(a, b));
    }

    private readonly struct And : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.OneWhere(IsTrue(a) & IsTrue(b));
    }

    private readonly struct Or : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.OneWhere(IsTrue(a) | IsTrue(b));
    }

    private readonly struct Xor : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => VectorMath.OneWhere(IsTrue(a) ^ IsTrue(b));
    }

    /// <summary><c>x</c> above 0, else <c>slope·x</c>.</summary>
    internal readonly struct Slope : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> slope, Vector512<float> unused) =>
            Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), x * slope, x);
    }

    /// <summary><c>a</c> where the condition is true, else <c>b</c>.</summary>
    internal readonly struct Choose : IBroadcastFunction
    {
        public static Vector512<float> Apply(Vector512<float> condition, Vector512<float> a, Vector512<float> b) =>
            Vector512.ConditionalSelect(Vector512.Equals(condition, Vector512<float>.Zero), b, a);
    }
}
