using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>The CPU's form of every <see cref="ActivationFunction"/>: which function of a vector it is, and how kernels apply it. NaN stays NaN.</summary>
internal static unsafe partial class ActivationFunctions
{
    /// <summary>What is done with an activation's function of a vector: compiled for each function that a network has, and not before.</summary>
    private interface IUse<TResult>
    {
        TResult With<TFunction>(TFunction function)
            where TFunction : unmanaged, IElementwiseFunction;
    }

    /// <summary>The function of sixteen numbers; the cheap ones inline.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Apply(this in Activation activation, Vector512<float> x) => activation.Function switch
    {
        ActivationFunction.None => x,
        ActivationFunction.Relu => Vector512.MaxNative(Vector512<float>.Zero, x),
        ActivationFunction.Clip => Lanes.Clamp(x, Vector512.Create(activation.Alpha), Vector512.Create(activation.Beta)),
        _ => Use<Vector512<float>, OfVector>(in activation, new OfVector(x)),
    };

    /// <summary>The bounds that the function clamps to, infinite where it does not: kernels clamp what they store, and leave the rest to <see cref="ApplyCurve"/>.</summary>
    public static (float Lower, float Upper) Bounds(this in Activation activation) => activation.Function switch
    {
        ActivationFunction.Relu => (0, float.PositiveInfinity),
        ActivationFunction.Clip => (activation.Alpha, activation.Beta),
        _ => (float.NegativeInfinity, float.PositiveInfinity),
    };

    /// <summary>Whether the function is more than clamping.</summary>
    public static bool HasCurve(this in Activation activation) => activation.Function is not (ActivationFunction.None or ActivationFunction.Relu or ActivationFunction.Clip);

    /// <summary>Applies what is more than clamping to numbers where they lie.</summary>
    /// <param name="activation">The function.</param>
    /// <param name="y">As many blocks of 16 as <paramref name="count"/> says.</param>
    /// <param name="count">Blocks.</param>
    /// <param name="channels">Lanes that are channels: the others become 0.</param>
    public static void ApplyCurve(this in Activation activation, float* y, int count, int channels)
    {
        if (activation.HasCurve())
            Use<bool, OfRun>(in activation, new OfRun(y, count, channels));
    }

    /// <summary>An activation as a layer of its own.</summary>
    public static CpuDispatch Plan(ActivationLayer layer, LayerCall call) => Use<CpuDispatch, OfTensor>(layer.Activation, new OfTensor(call));

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static TResult Use<TResult, TUse>(in Activation activation, TUse use)
        where TUse : IUse<TResult>
    {
        float alpha = activation.Alpha, beta = activation.Beta;
        return activation.Function switch
        {
            ActivationFunction.None => use.With(default(Unchanged)),
            ActivationFunction.Relu => use.With(new Clamp(0, float.PositiveInfinity)),
            ActivationFunction.Clip => use.With(new Clamp(alpha, beta)),
            ActivationFunction.LeakyRelu => use.With(new LeakyRelu(alpha)),
            ActivationFunction.Elu => use.With(new Elu(alpha, 1)),
            ActivationFunction.Selu => use.With(new Elu(alpha, beta)),
            ActivationFunction.Celu => use.With(new Celu(alpha)),
            ActivationFunction.Sigmoid => use.With(default(Sigmoid)),
            ActivationFunction.Tanh => use.With(default(Tanh)),
            ActivationFunction.HardSigmoid => use.With(new HardSigmoid(alpha, beta)),
            ActivationFunction.HardSwish => use.With(default(HardSwish)),
            ActivationFunction.Silu => use.With(default(Silu)),
            ActivationFunction.Mish => use.With(default(Mish)),
            ActivationFunction.Gelu => use.With(default(Gelu)),
            ActivationFunction.GeluTanh => use.With(default(GeluTanh)),
            ActivationFunction.Softplus => use.With(default(Softplus)),
            ActivationFunction.Softsign => use.With(default(Softsign)),
            ActivationFunction.ThresholdedRelu => use.With(new ThresholdedRelu(alpha)),
            _ => throw new InvalidOperationException($"Activation function {(int)activation.Function} does not exist."),
        };
    }

    private readonly struct OfVector(Vector512<float> x) : IUse<Vector512<float>>
    {
        private readonly Vector512<float> _x = x;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public Vector512<float> With<TFunction>(TFunction function)
            where TFunction : unmanaged, IElementwiseFunction => function.Apply(_x);
    }

    private readonly struct OfRun(float* y, int count, int channels) : IUse<bool>
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public bool With<TFunction>(TFunction function)
            where TFunction : unmanaged, IElementwiseFunction
        {
            float* end = y + (count * (long)Lanes.Count);
            for (float* at = y; at < end; at += Lanes.Count)
                Lanes.KeepFirst(function.Apply(Vector512.LoadAligned(at)), channels).StoreAligned(at);
            return true;
        }
    }

    private readonly struct OfTensor(LayerCall call) : IUse<CpuDispatch>
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public CpuDispatch With<TFunction>(TFunction function)
            where TFunction : unmanaged, IElementwiseFunction => ElementwiseKernel.Plan(function, call);
    }
}
