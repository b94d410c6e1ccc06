using System.Runtime.CompilerServices;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>A loss of one element and its slope along the prediction, in double.</summary>
internal interface IElementLoss
{
    static abstract double Value(double x, double t, float a, float b);

    static abstract double Slope(double x, double t, float a, float b);
}

/// <summary>
/// The mean of a loss over all elements, forward and backward. Forward, an item is a fixed number of elements, whose sum goes to
/// scratch; then those are summed in order, so that the sum does not depend on the number of threads.
/// </summary>
internal static unsafe class ElementwiseLossKernel
{
    private const int PerItem = 4096;

    /// <param name="call">What to compute.</param>
    /// <param name="a">First number of the loss, where it has one.</param>
    /// <param name="b">Second number of the loss, where it has one.</param>
    public static CpuDispatch Plan<TLoss>(LayerCall call, float a = 0, float b = 0)
        where TLoss : struct, IElementLoss
    {
        var constants = new Constants(call.Input.Shape.Count, a, b);
        int items = constants.Items;
        return CpuDispatch.Create(&Sums<TLoss>, constants, items).WithScratch(2L * items).Then(CpuDispatch.Create(&Mean, constants, 1));
    }

    /// <inheritdoc cref="Plan{TLoss}"/>
    public static CpuDispatch PlanGradient<TLoss>(LayerCall call, float a = 0, float b = 0)
        where TLoss : struct, IElementLoss
    {
        var constants = new Constants(call.Output.Shape.Count, a, b);
        return CpuDispatch.Create(&Slopes<TLoss>, constants, constants.Items);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Sums<TLoss>(CpuArguments* arguments, int from, int to)
        where TLoss : struct, IElementLoss
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        for (int item = from; item < to; item++)
        {
            double sum = 0;
            int end = (int)Math.Min((item + 1L) * PerItem, c.Count);
            for (int i = item * PerItem; i < end; i++)
                sum += TLoss.Value(arguments->Inputs[0][i], arguments->Inputs[1][i], c.A, c.B);
            ((double*)arguments->Scratch[0])[item] = sum;
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Mean(CpuArguments* arguments, int from, int to)
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        double sum = 0;
        for (int item = 0; item < c.Items; item++)
            sum += ((double*)arguments->Scratch[0])[item];
        arguments->Output[0] = (float)(sum / c.Count);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Slopes<TLoss>(CpuArguments* arguments, int from, int to)
        where TLoss : struct, IElementLoss
    {
        ref readonly var c = ref *(Constants*)arguments->Constants;
        double scale = (double)arguments->Inputs[0][0] / c.Count;
        int end = (int)Math.Min((long)to * PerItem, c.Count);
        for (int i = from * PerItem; i < end; i++)
            arguments->Output[i] = (float)(scale * TLoss.Slope(arguments->Inputs[1][i], arguments->Inputs[2][i], c.A, c.B));
    }

    private readonly record struct Constants(int Count, float A, float B)
    {
        public int Items => (int)(((long)Count + PerItem - 1) / PerItem);
    }
}

/// <summary>The functions of the losses in <c>Layers/ElementwiseLosses.cs</c>.</summary>
internal static class ElementLosses
{
    public readonly struct Squared : IElementLoss
    {
        public static double Value(double x, double t, float a, float b) => (x - t) * (x - t);

        public static double Slope(double x, double t, float a, float b) => 2 * (x - t);
    }

    public readonly struct Absolute : IElementLoss
    {
        public static double Value(double x, double t, float a, float b) => Math.Abs(x - t);

        public static double Slope(double x, double t, float a, float b) => x > t ? 1 : x < t ? -1 : x - t;
    }

    public readonly struct Huber : IElementLoss
    {
        public static double Value(double x, double t, float delta, float b)
        {
            double distance = Math.Abs(x - t);
            return distance <= delta ? distance * distance / 2 : delta * (distance - ((double)delta / 2));
        }

        public static double Slope(double x, double t, float delta, float b) => Math.Clamp(x - t, -delta, delta);
    }

    public readonly struct BinaryCrossEntropy : IElementLoss
    {
        public static double Value(double x, double t, float a, float b) => Math.Max(x, 0) - (x * t) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

        public static double Slope(double x, double t, float a, float b) => Sigmoid(x) - t;
    }

    public readonly struct Focal : IElementLoss
    {
        public static double Value(double x, double t, float alpha, float gamma)
        {
            double wrong = 1 - Right(Sigmoid(x), t);
            return Weight(t, alpha) * Math.Pow(wrong, gamma) * BinaryCrossEntropy.Value(x, t, 0, 0);
        }

        public static double Slope(double x, double t, float alpha, float gamma)
        {
            double p = Sigmoid(x), wrong = 1 - Right(p, t);
            double along = gamma == 0 ? 0 : BinaryCrossEntropy.Value(x, t, 0, 0) * gamma * Math.Pow(wrong, gamma - 1) * ((2 * t) - 1) * p * (1 - p);
            return Weight(t, alpha) * ((Math.Pow(wrong, gamma) * (p - t)) - along);
        }

        private static double Right(double p, double t) => (p * t) + ((1 - p) * (1 - t));

        private static double Weight(double t, float alpha) => (alpha * t) + ((1 - (double)alpha) * (1 - t));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
