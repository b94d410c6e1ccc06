using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>
/// <c>dx[i] = dy[i]·f′</c>, by the value y[i] where the slope follows from it, so that x need not be kept, and else by x[i]; at a kink it
/// is that of the left side, as in PyTorch. Over memory of either layout; tail channels stay zero, because those of dy are.
/// </summary>
internal static unsafe class ActivationGradientKernel
{
    private const int VectorsPerItem = 128;

    /// <summary>Whether the slope of a function follows from its value.</summary>
    public static bool Fits(Activation activation) => activation.Function switch
    {
        ActivationFunction.None or ActivationFunction.Relu or ActivationFunction.Clip or ActivationFunction.Sigmoid or ActivationFunction.Tanh => true,
        ActivationFunction.LeakyRelu => activation.Alpha > 0,
        _ => false,
    };

    /// <summary>The activation whose slope a backward call multiplies by, behind its own layer's gradient; none where it has one node.</summary>
    public static Activation Before(LayerCall call) => call.Nodes.Count > 1 ? ((ActivationLayer)call.Nodes[0].Layer).Activation : Activation.None;

    /// <summary>From the gradient and the value.</summary>
    public static CpuDispatch PlanByValue(ActivationLayer layer, LayerCall call) => Plan(&ByValue, layer, call);

    /// <summary>From the gradient and the input.</summary>
    public static CpuDispatch PlanByInput(ActivationLayer layer, LayerCall call) => Plan(&ByInput, layer, call);

    private static CpuDispatch Plan(delegate*<CpuArguments*, int, int, void> kernel, ActivationLayer layer, LayerCall call)
    {
        int vectors = (int)(call.Output.Elements(Lanes.Count) / Lanes.Count);
        return CpuDispatch.Create(kernel, new Constants(layer.Activation, vectors), (vectors + VectorsPerItem - 1) / VectorsPerItem);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void ByValue(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* dy = arguments->Inputs[0], y = arguments->Inputs[1], dx = arguments->Output;
        int end = Math.Min(to * VectorsPerItem, c.Vectors);
        for (int i = from * VectorsPerItem; i < end; i++)
            Vector512.Store(Multiply(c.Activation, Vector512.Load(y + (i * (long)Lanes.Count)), Vector512.Load(dy + (i * (long)Lanes.Count))), dx + (i * (long)Lanes.Count));
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void ByInput(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        float* dy = arguments->Inputs[0], x = arguments->Inputs[1], dx = arguments->Output;
        int end = Math.Min(to * VectorsPerItem, c.Vectors);
        for (int i = from * VectorsPerItem; i < end; i++)
            Vector512.Store(ActivationSlopes.Of(c.Activation, Vector512.Load(x + (i * (long)Lanes.Count))) * Vector512.Load(dy + (i * (long)Lanes.Count)), dx + (i * (long)Lanes.Count));
    }

    /// <summary>A gradient times the slope that follows from a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Activation activation, Vector512<float> y, Vector512<float> dy)
    {
        Vector512<float> zero = Vector512<float>.Zero, one = Vector512<float>.One;
        return activation.Function switch
        {
            ActivationFunction.Relu => Vector512.AndNot(dy, Vector512.LessThanOrEqual(y, zero)),
            ActivationFunction.Clip => Vector512.AndNot(dy, Vector512.LessThanOrEqual(y, Vector512.Create(activation.Alpha)) | Vector512.GreaterThanOrEqual(y, Vector512.Create(activation.Beta))),
            ActivationFunction.LeakyRelu => Vector512.ConditionalSelect(Vector512.LessThanOrEqual(y, zero), dy * activation.Alpha, dy),
            ActivationFunction.Sigmoid => dy * y * (one - y),
            ActivationFunction.Tanh => dy * (one - (y * y)),
            _ => dy,
        };
    }

    private readonly record struct Constants(Activation Activation, int Vectors);
}
