using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class UnaryCases
{
    internal static readonly (UnaryLayer Layer, Func<double, double> Function, float Lowest, float Highest, double Tolerance)[] Functions =
    [
        (new Exp(), Math.Exp, -3, 3, 1e-6), (new Log(), Math.Log, 0.01f, 5, 1e-6), (new Sqrt(), Math.Sqrt, 0, 9, 1e-6), (new Square(), x => x * x, -3, 3, 1e-7),
        (new Abs(), Math.Abs, -3, 3, 0), (new Neg(), x => -x, -3, 3, 0), (new Reciprocal(), x => 1 / x, 0.5f, 3, 1e-6),
        (new Floor(), Math.Floor, -3, 3, 0), (new Ceil(), Math.Ceiling, -3, 3, 0), (new Round(), x => Math.Round(x, MidpointRounding.ToEven), -3, 3, 0),
        (new Sign(), x => double.IsNaN(x) ? x : Math.Sign(x), -3, 3, 0), (new Erf(), ActivationOracle.Erf, -4, 4, 1e-6),
        (new Sin(), Math.Sin, -4, 4, 5e-6), (new Cos(), Math.Cos, -4, 4, 5e-6), (new Tan(), Math.Tan, -1.4f, 1.4f, 5e-6),
        (new Asin(), Math.Asin, -1, 1, 5e-6), (new Acos(), Math.Acos, -1, 1, 5e-6), (new Atan(), Math.Atan, -5, 5, 5e-6),
        (new Sinh(), Math.Sinh, -3, 3, 1e-6), (new Cosh(), Math.Cosh, -3, 3, 1e-6),
        (new Asinh(), Math.Asinh, -5, 5, 2e-6), (new Acosh(), Math.Acosh, 1, 5, 2e-6), (new Atanh(), Math.Atanh, -0.99f, 0.99f, 2e-6),
        (new LogicalNot(), x => x == 0 ? 1 : 0, -1, 1, 0), (new IsNaN(), x => double.IsNaN(x) ? 1 : 0, -1, 1, 0), (new IsInfinity(), x => double.IsInfinity(x) ? 1 : 0, -1, 1, 0),
    ];

    public static IEnumerable<LayerCase> All => Functions.SelectMany(f => new[]
    {
        Case(f, "a vector", new Shape(37)),
        Case(f, "a picture", new Shape(2, 17, 3, 5)),
    }).Append(Case(Functions[0], "a scalar", new Shape()));

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("exp", new Exp()),
        new("log", new Log()),
        new("sqrt", new Sqrt()),
        new("square", new Square()),
        new("abs", new Abs()),
        new("neg", new Neg()),
        new("reciprocal", new Reciprocal()),
        new("floor", new Floor()),
        new("ceil", new Ceil()),
        new("round", new Round()),
        new("sign", new Sign()),
        new("erf", new Erf()),
        new("sin", new Sin()),
        new("cos", new Cos()),
        new("tan", new Tan()),
        new("asin", new Asin()),
        new("acos", new Acos()),
        new("atan", new Atan()),
        new("sinh", new Sinh()),
        new("cosh", new Cosh()),
        new("asinh", new Asinh()),
        new("acosh", new Acosh()),
        new("atanh", new Atanh()),
    ];

    public static IEnumerable<VastCase> Vast =>
    [
        new(new Exp(), MathF.Exp(3)),
        new(new Neg(), -3) { IsRow = true },
    ];

    private static LayerCase Case((UnaryLayer Layer, Func<double, double> Function, float Lowest, float Highest, double Tolerance) f, string name, Shape shape) =>
        new(name, f.Layer, (x, _) => DoubleTensor.Map(x[0], f.Function), f.Tolerance, shape) 
        {
            Lowest = f.Lowest, Highest = f.Highest,
            // GLSL says nothing about the precision of trigonometry: an absolute 2^-11, which Vulkan demands, at numbers around 1.
            DriverTolerance = f.Layer is Sin or Cos or Tan or Asin or Acos or Atan ? 1e-3 : 0,
        };
}
