using System.Runtime.Intrinsics;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The CPU's form of every <see cref="UnaryFunction"/>.</summary>
internal readonly unsafe struct UnaryOfVector(UnaryFunction function) : IElementwiseFunction
{
    private readonly UnaryFunction _function = function;

    public Vector512<float> Apply(Vector512<float> x) => _function switch
    {
        UnaryFunction.Exp => VectorMath.Exp(x),
        UnaryFunction.Log => Vector512.Log(x),
        UnaryFunction.Sqrt => Vector512.Sqrt(x),
        UnaryFunction.Square => x * x,
        UnaryFunction.Abs => Vector512.Abs(x),
        UnaryFunction.Neg => -x,
        UnaryFunction.Reciprocal => Vector512<float>.One / x,
        UnaryFunction.Floor => Vector512.Floor(x),
        UnaryFunction.Ceil => Vector512.Ceiling(x),
        UnaryFunction.Round => Vector512.Round(x),
        UnaryFunction.Sign => VectorMath.EachLane(x, &SignOf),
        UnaryFunction.Erf => VectorMath.Erf(x),
        UnaryFunction.Sin => Vector512.Sin(x),
        UnaryFunction.Cos => Vector512.Cos(x),
        UnaryFunction.Tan => VectorMath.EachLane(x, &MathF.Tan),
        UnaryFunction.Asin => VectorMath.EachLane(x, &MathF.Asin),
        UnaryFunction.Acos => VectorMath.EachLane(x, &MathF.Acos),
        UnaryFunction.Atan => VectorMath.EachLane(x, &MathF.Atan),
        UnaryFunction.Sinh => VectorMath.EachLane(x, &MathF.Sinh),
        UnaryFunction.Cosh => VectorMath.EachLane(x, &MathF.Cosh),
        UnaryFunction.Asinh => VectorMath.EachLane(x, &MathF.Asinh),
        UnaryFunction.Acosh => VectorMath.EachLane(x, &MathF.Acosh),
        UnaryFunction.Atanh => VectorMath.EachLane(x, &MathF.Atanh),
        UnaryFunction.Not => VectorMath.OneWhere(Vector512.Equals(x, Vector512<float>.Zero)),
        UnaryFunction.IsNaN => VectorMath.OneWhere(~Vector512.Equals(x, x)),
        UnaryFunction.IsInfinity => VectorMath.OneWhere(Vector512.Equals(Vector512.Abs(x), Vector512.Create(float.PositiveInfinity))),
        _ => throw new InvalidOperationException($"Unary function {(int)_function} does not exist."),
    };

    private static float SignOf(float x) => float.IsNaN(x) ? x : MathF.Sign(x);
}
