using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary><c>dx[i] = dy[i]·f′(x[i])</c> over row-major memory, for the functions of one number that have slopes.</summary>
internal static unsafe class UnaryGradientKernel
{
    private const int VectorsPerItem = 256;

    public static CpuDispatch Plan(UnaryLayer layer, LayerCall call)
    {
        int vectors = (int)(call.Output.Elements(Lanes.Count) / Lanes.Count);
        return CpuDispatch.Create(&Backward, new Constants(layer.Function, vectors), (vectors + VectorsPerItem - 1) / VectorsPerItem);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Backward(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        int end = Math.Min(to * VectorsPerItem, c.Vectors);
        for (int i = from * VectorsPerItem; i < end; i++)
        {
            long at = i * (long)Lanes.Count;
            (Vector512.Load(arguments->Inputs[0] + at) * Slope(c.Function, Vector512.Load(arguments->Inputs[1] + at))).Store(arguments->Output + at);
        }
    }

    private static Vector512<float> Slope(UnaryFunction function, Vector512<float> x)
    {
        var one = Vector512<float>.One;
        return function switch
        {
            UnaryFunction.Exp => VectorMath.Exp(x),
            UnaryFunction.Log => one / x,
            UnaryFunction.Reciprocal => -one / (x * x),
            UnaryFunction.Sqrt => Vector512.Create(0.5f) / Vector512.Sqrt(x),
            UnaryFunction.Square => x + x,
            UnaryFunction.Abs => VectorMath.EachLane(x, &SignOf),
            UnaryFunction.Neg => -one,
            UnaryFunction.Erf => VectorMath.Exp(-x * x) * 1.12837917f,
            UnaryFunction.Sin => Vector512.Cos(x),
            UnaryFunction.Cos => -Vector512.Sin(x),
            UnaryFunction.Tan => one + (VectorMath.EachLane(x, &MathF.Tan) * VectorMath.EachLane(x, &MathF.Tan)),
            UnaryFunction.Asin => one / Vector512.Sqrt((one - x) * (one + x)),
            UnaryFunction.Acos => -one / Vector512.Sqrt((one - x) * (one + x)),
            UnaryFunction.Atan => one / (one + (x * x)),
            UnaryFunction.Sinh => VectorMath.EachLane(x, &MathF.Cosh),
            UnaryFunction.Cosh => VectorMath.EachLane(x, &MathF.Sinh),
            UnaryFunction.Asinh => one / Vector512.Sqrt((x * x) + one),
            UnaryFunction.Acosh => one / Vector512.Sqrt((x - one) * (x + one)),
            UnaryFunction.Atanh => one / ((one - x) * (one + x)),
            _ => throw new InvalidOperationException($"{function} has no slope."),
        };
    }

    /// <summary>0 at the kink of |x|, as in PyTorch.</summary>
    private static float SignOf(float x) => float.IsNaN(x) ? x : MathF.Sign(x);

    private readonly record struct Constants(UnaryFunction Function, int Vectors);
}
